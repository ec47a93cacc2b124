import {
  type Context,
  longestContextText,
  mostContextDepth,
  mostContextValues,
  noContext,
} from '../model/context.js';
import { EntryKind } from './format.js';
import { NewRows } from './new-rows.js';
import { cutBetweenPairs } from './stored-text.js';

/**
 * Contexts and their texts whose ids are remembered, in 16 MB where each has 100 characters. Beyond it all are
 * forgotten, and defined anew as they are seen again: a program whose every request is another one has ever new
 * contexts.
 */
const mostKnownContexts = 100_000;
/** UTF-16 units of the texts that are remembered. */
const mostKnownUnits = 8 << 20;

/**
 * The contexts of a recording that is written, each defined once while it is remembered. Ids are counted up from 1 and
 * always mean the same.
 *
 *     row:  kind (string) | id less that of the outer one, 0: none | number of values | then of all rows: key, value
 *           (strings)
 */
export class ContextTable {
  readonly rows = new NewRows(EntryKind.contexts, 4);
  #count = 0;
  readonly #ids = new Map<string, number>();
  /** Texts of contexts, which are forgotten with them. */
  readonly #texts = new Map<string, number>();
  #units = 0;
  /** By id, a byte for each that was ever given: how many are on the way to the outermost one, itself included. */
  #depths = new Uint8Array(64);
  readonly #string: (text: string, known: Map<string, number>) => number;
  readonly #makeRoom: () => void;

  /** `string` gives a text an id and remembers it in the map; `makeRoom` is called before a row is added. */
  constructor(string: (text: string, known: Map<string, number>) => number, makeRoom: () => void) {
    this.#string = string;
    this.#makeRoom = makeRoom;
  }

  /** The id of the context; that of its outer one where it would be too deep, so that it stands for what is certain. */
  define({ kind, values, outer }: Context): number {
    const depth = 1 + (this.#depths[outer] ?? 0);
    if (depth > mostContextDepth) return outer;
    const entries = Object.entries(values)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .slice(0, mostContextValues)
      .map(([key, value]) => [cut(key), cut(value)] as const);
    const name = cut(kind);
    const key = JSON.stringify([name, outer, entries]);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    if (this.#ids.size >= mostKnownContexts || this.#units > mostKnownUnits) this.#forget();
    const texts = [name, ...entries.flat()].map((text) => this.#string(text, this.#texts));
    this.#makeRoom();
    const id = ++this.#count;
    this.#ids.set(key, id);
    this.#units += key.length;
    this.#noteDepth(id, depth);
    this.rows.add(id, texts[0]!, outer === noContext ? 0 : id - outer, entries.length);
    for (const text of texts.slice(1)) this.rows.columns[3]!.varint(text);
    return id;
  }

  #noteDepth(id: number, depth: number): void {
    if (id >= this.#depths.length) {
      const larger = new Uint8Array(id * 2);
      larger.set(this.#depths);
      this.#depths = larger;
    }
    this.#depths[id] = depth;
  }

  #forget(): void {
    this.#ids.clear();
    this.#texts.clear();
    this.#units = 0;
  }
}

function cut(text: string): string {
  return cutBetweenPairs(text, longestContextText);
}

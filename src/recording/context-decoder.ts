import {
  type Context,
  lostContextKind,
  mostContextDepth,
  mostContextValues,
  noContext,
} from '../model/context.js';
import type { DecodedSize } from './decoded-size.js';
import { IdRanges } from './id-ranges.js';
import { damaged, type PayloadCursor } from './payload-cursor.js';

/** The contexts of a recording that is read. Twin: context-table.ts. */
export class ContextDecoder {
  readonly #contexts: Context[];
  readonly #size: DecodedSize;
  readonly #string: (id: number) => string;
  readonly #ids = new IdRanges();
  /** By index: how many are on the way to the outermost one, itself included. */
  readonly #depths: number[] = [0];
  #lostIndex = -1;

  /** Adds to `contexts`. */
  constructor(contexts: Context[], size: DecodedSize, string: (id: number) => string) {
    this.#contexts = contexts;
    this.#size = size;
    this.#string = string;
  }

  /** Throws before any is added when they are not as they should be, or too many. */
  read(body: PayloadCursor): void {
    const first = body.varint();
    const count = body.count(3);
    this.#size.add('contexts', count);
    if (first === noContext) throw damaged('the empty context is defined');
    const [kinds, up, lengths] = [body.column(count), body.column(count), body.column(count)];
    const values = Array.from(lengths, (length) => {
      if (length > mostContextValues) throw damaged('a context has too many values');
      this.#size.add('strings', length);
      return this.#values(body, length);
    });
    const isLost = (id: number) => id < 0 || (id < first && this.#ids.find(id) < 0);
    const outerOf = (row: number) => first + row - up[row]!;
    // The stand-in is a row of the table too: it must not come between the rows of this entry.
    if (up.some((step, row) => step !== 0 && isLost(outerOf(row)))) this.#lost();
    this.#ids.add(first, count, this.#contexts.length);
    for (let row = 0; row < count; row++) {
      // Only what came before can be outer, so there are no cycles.
      const outer = up[row] === 0 ? noContext : this.index(outerOf(row));
      const depth = this.#depths[outer]! + 1;
      this.#add({ kind: this.#string(kinds[row]!), values: values[row]!, outer }, depth);
    }
  }

  /** The index of a context by its id; that of the stand-in when its definition is lost. */
  index(id: number): number {
    if (id === noContext) return noContext;
    const index = this.#ids.find(id);
    return index >= 0 ? index : this.#lost();
  }

  /** One that is too deep, which ours never are, is a copy of its outer one. */
  #add(context: Context, depth: number): void {
    const isTooDeep = depth > mostContextDepth;
    this.#contexts.push(isTooDeep ? this.#contexts[context.outer]! : context);
    this.#depths.push(isTooDeep ? depth - 1 : depth);
  }

  #values(body: PayloadCursor, count: number): Readonly<Record<string, string>> {
    const ids = body.column(body.within(2 * count));
    // Not by assignment: a key may be `__proto__`.
    return Object.fromEntries(
      Array.from({ length: count }, (_, at) => [this.#string(ids[2 * at]!), this.#string(ids[2 * at + 1]!)]),
    );
  }

  #lost(): number {
    if (this.#lostIndex < 0) {
      this.#lostIndex = this.#contexts.length;
      this.#add({ kind: lostContextKind, values: {}, outer: noContext }, 1);
    }
    return this.#lostIndex;
  }
}

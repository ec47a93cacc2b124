import type { Column } from '../model/column.js';
import {
  type Context,
  lostContextKind,
  mostContextDepth,
  mostContextValues,
  noContext,
  requestContext,
} from '../model/context.js';
import type { DecodedSize } from './decoded-size.js';
import { IdRanges } from './id-ranges.js';
import { damaged, type PayloadCursor } from './payload-cursor.js';

/**
 * Contexts of requests that are kept by one that forgets, in some 4 MB: a request that waits may be seen again, when
 * ten seconds of a thousand requests each have gone by.
 */
const mostPassing = 10_000;

/** A context that is of a request, or within one: there is another one for each request. */
interface Passing {
  readonly index: number;
  /** Ids of its values. */
  readonly texts: readonly number[];
  /** Ids of those within it. */
  readonly inner: number[];
}

/** The contexts of a recording that is read. Twin: context-table.ts. */
export class ContextDecoder {
  readonly #contexts: Context[];
  readonly #size: DecodedSize;
  readonly #string: (id: number) => string;
  readonly #ids = new IdRanges();
  /** By index: how many are on the way to the outermost one, itself included. */
  readonly #depths: number[] = [0];
  #lostIndex = -1;
  #forgets = false;
  /** By id, the oldest first. None before the first is to be forgotten. */
  readonly #passing = new Map<number, Passing>();
  readonly #passingIds = new Map<number, number>();
  readonly #free: number[] = [];
  /** How many passing contexts have a text, by its id; and those of contexts that stay. */
  readonly #passingTexts = new Map<number, number>();
  readonly #textsThatStay = new Set<number>();
  readonly #forgetString: (id: number) => void;

  /** Adds to `contexts`. */
  constructor(
    contexts: Context[],
    size: DecodedSize,
    strings: { readonly get: (id: number) => string; readonly forget: (id: number) => void },
  ) {
    this.#contexts = contexts;
    this.#size = size;
    this.#string = strings.get;
    this.#forgetString = strings.forget;
  }

  /**
   * Forgets contexts of requests but for the last ones and those `inUse`: from now on their rows are used again, so an
   * outer one may come after what is within it. Who needs one for longer looks at it before.
   */
  forget(...inUse: readonly Column<Int32Array>[]): void {
    this.#forgets = true;
    let left = this.#passing.size - mostPassing;
    if (left <= 0) return;
    const used = new Set<number>();
    for (const column of inUse) {
      for (let row = 0; row < column.length; row++) {
        let at = column.at(row);
        for (; at !== noContext && !used.has(at); at = this.#contexts[at]!.outer) used.add(at);
      }
    }
    for (const [id, { index }] of this.#passing) {
      if (left-- <= 0) return;
      if (!used.has(index)) this.#release(id);
    }
  }

  #release(id: number): void {
    const passing = this.#passing.get(id);
    if (!passing) return;
    const { index, texts, inner } = passing;
    this.#passing.delete(id);
    this.#passingIds.delete(index);
    for (const within of inner) this.#release(within);
    for (const text of texts) {
      const count = this.#passingTexts.get(text)! - 1;
      if (count > 0) this.#passingTexts.set(text, count);
      else {
        this.#passingTexts.delete(text);
        if (!this.#textsThatStay.has(text)) this.#forgetString(text);
      }
    }
    this.#contexts[index] = this.#contexts[noContext]!;
    this.#free.push(index);
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
      return body.column(body.within(2 * length));
    });
    const isLost = (id: number) => id < 0 || (id < first && this.#find(id) < 0);
    const outerOf = (row: number) => first + row - up[row]!;
    // The stand-in is a row of the table too: it must not come between the rows of this entry.
    if (up.some((step, row) => step !== 0 && isLost(outerOf(row)))) this.#lost();
    if (!this.#forgets) this.#ids.add(first, count, this.#contexts.length);
    for (let row = 0; row < count; row++) {
      // Only what came before can be outer, so there are no cycles.
      const outer = up[row] === 0 ? noContext : this.index(outerOf(row));
      const kind = this.#string(kinds[row]!);
      const context = { kind, values: this.#valuesOf(values[row]!), outer };
      if (this.#forgets) this.#place(first + row, context, kinds[row]!, values[row]!);
      else this.#add(context);
    }
  }

  /** In a table with rows that are used again. */
  #place(id: number, context: Context, kind: number, keysAndValues: ArrayLike<number>): void {
    const all = Array.from(keysAndValues);
    const texts = all.filter((_, at) => at % 2 === 1);
    for (const text of [kind, ...all.filter((_, at) => at % 2 === 0)]) this.#textsThatStay.add(text);
    const outer = this.#passingIds.get(context.outer);
    if (context.kind !== requestContext && outer === undefined) {
      for (const text of texts) this.#textsThatStay.add(text);
      this.#ids.add(id, 1, this.#contexts.length);
      this.#add(context);
      return;
    }
    if (this.#find(id) >= 0) throw damaged(`context ${id} is defined twice`);
    if (outer !== undefined) this.#passing.get(outer)!.inner.push(id);
    for (const text of texts) this.#passingTexts.set(text, (this.#passingTexts.get(text) ?? 0) + 1);
    const index = this.#free.pop() ?? this.#contexts.length;
    this.#passing.set(id, { index, texts, inner: [] });
    this.#passingIds.set(index, id);
    this.#add(context, index);
  }

  #find(id: number): number {
    return this.#passing.get(id)?.index ?? this.#ids.find(id);
  }

  /** The index of a context by its id; that of the stand-in when its definition is lost. */
  index(id: number): number {
    if (id === noContext) return noContext;
    const index = this.#find(id);
    return index >= 0 ? index : this.#lost();
  }

  /** One that is too deep, which ours never are, is a copy of its outer one. */
  #add(context: Context, index = this.#contexts.length): void {
    const depth = this.#depths[context.outer]! + 1;
    const isTooDeep = depth > mostContextDepth;
    this.#contexts[index] = isTooDeep ? this.#contexts[context.outer]! : context;
    this.#depths[index] = isTooDeep ? depth - 1 : depth;
  }

  /** `ids`: of a key and its value, and so on. */
  #valuesOf(ids: ArrayLike<number>): Readonly<Record<string, string>> {
    // Not by assignment: a key may be `__proto__`.
    return Object.fromEntries(
      Array.from({ length: ids.length / 2 }, (_, at) => [
        this.#string(ids[2 * at]!),
        this.#string(ids[2 * at + 1]!),
      ]),
    );
  }

  #lost(): number {
    if (this.#lostIndex < 0) {
      this.#lostIndex = this.#contexts.length;
      this.#add({ kind: lostContextKind, values: {}, outer: noContext });
    }
    return this.#lostIndex;
  }
}

import { ByteSink } from '../bytes/byte-sink.js';

/**
 * Rows that were added to one table since the last block, column by column:
 *
 *     body:  | first id varint | count varint | column 1 | column 2 | …
 *
 * Ids are counted up, so a reader that missed a block still knows which rows these are.
 */
export class NewRows {
  readonly columns: readonly ByteSink[];
  #first = 0;
  #count = 0;
  readonly #head = new ByteSink(16);
  readonly #kind: number;

  constructor(kind: number, columns: number) {
    this.#kind = kind;
    this.columns = Array.from({ length: columns }, () => new ByteSink());
  }

  get count(): number {
    return this.#count;
  }

  /** Bytes of the rows so far. */
  get size(): number {
    let size = 0;
    for (let index = 0; index < this.columns.length; index++) size += this.columns[index]!.length;
    return size;
  }

  /** Adds row `id` with the values of the first columns; what columns beyond them hold, the caller writes. */
  add(id: number, ...values: readonly number[]): void {
    if (this.#count === 0) this.#first = id;
    this.#count++;
    for (const [index, value] of values.entries()) this.columns[index]!.varint(value);
  }

  /** Writes the entry, if there is anything to write, and empties the table. */
  moveTo(out: ByteSink): void {
    if (this.#count === 0) return;
    this.#head.clear();
    this.#head.varint(this.#first);
    this.#head.varint(this.#count);
    out.varint(this.#kind);
    out.varint(this.columns.reduce((sum, column) => sum + column.length, this.#head.length));
    out.append(this.#head.written);
    for (const column of this.columns) {
      out.append(column.written);
      column.clear();
    }
    this.#count = 0;
  }
}

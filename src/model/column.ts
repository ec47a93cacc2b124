/** A growable column of numbers over one typed array: what tables of samples are made of. */
export class Column<T extends Int32Array | Float64Array> {
  length = 0;
  #values: T;
  readonly #make: (size: number) => T;

  constructor(make: (size: number) => T, capacity = 64) {
    this.#make = make;
    this.#values = make(capacity);
  }

  static int32(): Column<Int32Array> {
    return new Column((size) => new Int32Array(size));
  }

  static float64(): Column<Float64Array> {
    return new Column((size) => new Float64Array(size));
  }

  /** A column of these values, which are not copied. */
  static of<T extends Int32Array | Float64Array>(values: T): Column<T> {
    const make = values instanceof Int32Array ? (size: number) => new Int32Array(size) : floats;
    const column = new Column(make as (size: number) => T, 1);
    column.#values = values;
    column.length = values.length;
    return column;
  }

  /** The numbers themselves, for loops over all rows: `length` of them count, and only until the column grows. */
  get values(): T {
    return this.#values;
  }

  push(value: number): void {
    if (this.length === this.#values.length) {
      const larger = this.#make(Math.max(1, this.length * 2));
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.length++] = value;
  }

  /** The value at `index`; reading outside the column is a mistake of the caller and throws. */
  at(index: number): number {
    if (index < 0 || index >= this.length) throw new RangeError(`column index ${index} of ${this.length}`);
    return this.#values[index] as number;
  }

  set(index: number, value: number): void {
    if (index < 0 || index >= this.length) throw new RangeError(`column index ${index} of ${this.length}`);
    this.#values[index] = value;
  }
}

function floats(size: number): Float64Array {
  return new Float64Array(size);
}

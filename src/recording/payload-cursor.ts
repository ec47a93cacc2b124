import { PyglassError } from '../model/error.js';
import { maxInteger } from './format.js';

/** Why an entry or a block cannot be read; caught where blocks are counted as damaged. */
export function damaged(what: string): PyglassError {
  return new PyglassError('recording-damaged', `the recording is damaged: ${what}`);
}

/**
 * Reads varints from a stretch of bytes that may hold anything; throws `recording-damaged` rather than read past its
 * end.
 */
export class PayloadCursor {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  /** 0 to 2^53 - 1. */
  varint(): number {
    let value = 0;
    for (let scale = 1; scale <= 2 ** 49; scale *= 128) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw damaged('an entry ends inside a number');
      value += (byte & 0x7f) * scale;
      if (byte < 128) {
        if (value > Number.MAX_SAFE_INTEGER) break;
        return value;
      }
    }
    throw damaged('a number is too large');
  }

  /** A number that a column of 32-bit integers can hold. */
  int31(): number {
    const value = this.varint();
    if (value > maxInteger) throw damaged('a number is too large');
    return value;
  }

  /** How many items follow, each of at least `size` bytes: never more than there is room for. */
  count(size: number): number {
    const count = this.varint();
    if (count * size > this.left) throw damaged(`${count} items in ${this.left} bytes`);
    return count;
  }

  /** `count` of items that were announced, which may not be more than there are bytes. */
  within(count: number): number {
    if (count > this.left) throw damaged(`${count} items in ${this.left} bytes`);
    return count;
  }

  /** A column of `count` numbers. */
  column(count: number): Int32Array {
    const values = new Int32Array(count);
    for (let index = 0; index < count; index++) values[index] = this.int31();
    return values;
  }

  /** So many columns, one after another. */
  columns(count: number, width: number): Int32Array[] {
    return Array.from({ length: width }, () => this.column(count));
  }

  /**
   * A column of numbers that something else gave, such as the kernel: 0, not known, for what is too large, as early
   * writers stored it.
   */
  ids(count: number): Int32Array {
    const values = new Int32Array(count);
    for (let index = 0; index < count; index++) {
      const value = this.varint();
      values[index] = value > maxInteger ? 0 : value;
    }
    return values;
  }

  bytes(length: number): Uint8Array {
    if (length > this.left) throw damaged(`${length} bytes wanted of ${this.left}`);
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

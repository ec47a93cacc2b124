import { PyglassError } from '../model/error.js';

const high = 0x1_0000_0000;

/**
 * Reads little-endian values from bytes that may hold anything. Every read is checked against the end:
 * reading past it throws `bytes-out-of-range`, never returns made-up data.
 */
export class ByteReader {
  readonly bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.bytes.length;
  }

  #check(offset: number, size: number): void {
    if (!(offset >= 0 && offset + size <= this.bytes.length)) {
      throw new PyglassError(
        'bytes-out-of-range',
        `${size} bytes at ${offset} reach past the end of ${this.bytes.length}`,
      );
    }
  }

  u8(offset: number): number {
    this.#check(offset, 1);
    return this.#view.getUint8(offset);
  }

  u16(offset: number): number {
    this.#check(offset, 2);
    return this.#view.getUint16(offset, true);
  }

  u32(offset: number): number {
    this.#check(offset, 4);
    return this.#view.getUint32(offset, true);
  }

  i32(offset: number): number {
    this.#check(offset, 4);
    return this.#view.getInt32(offset, true);
  }

  /** An unsigned 64-bit value that must be below 2^53 to be exact: sizes, offsets, addresses. Larger ones give NaN. */
  u64(offset: number): number {
    this.#check(offset, 8);
    const top = this.#view.getUint32(offset + 4, true);
    return top >= 0x20_0000 ? Number.NaN : top * high + this.#view.getUint32(offset, true);
  }

  /** A true 64-bit value. */
  bigU64(offset: number): bigint {
    this.#check(offset, 8);
    return this.#view.getBigUint64(offset, true);
  }

  slice(offset: number, size: number): Uint8Array {
    this.#check(offset, size);
    return this.bytes.subarray(offset, offset + size);
  }
}

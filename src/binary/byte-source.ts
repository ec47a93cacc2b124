/** Bytes that are read where they lie: a file, or a part of memory. */
export interface ByteSource {
  /** Exactly `length` bytes at `offset`, `undefined` when there are not so many. */
  read(offset: number, length: number): Uint8Array | undefined;
}

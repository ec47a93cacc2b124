/** Raw deflate, given from outside because nothing here knows the platform. */
export interface Compression {
  deflate(bytes: Uint8Array): Uint8Array;
  /** Throws when `bytes` are not a whole deflate stream or hold more than `maxBytes`. */
  inflate(bytes: Uint8Array, maxBytes: number): Uint8Array;
}

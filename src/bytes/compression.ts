/** Compression, given from outside because nothing here knows the platform. */
export interface Compression {
  /** Raw deflate (RFC 1951). */
  deflate(bytes: Uint8Array): Uint8Array;
  /** Throws when `bytes` are not a whole deflate stream or hold more than `maxBytes`. */
  inflate(bytes: Uint8Array, maxBytes: number): Uint8Array;
  /** A gzip file (RFC 1952) without a name and a time: the same bytes give the same file. */
  gzip(bytes: Uint8Array): Uint8Array;
}

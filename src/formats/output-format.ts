import type { ViewOptions } from '../analysis/view-options.js';
import type { Compression } from '../bytes/compression.js';
import type { Profile } from '../model/profile.js';

/** One way to show a recording. One file per format and one line in `formats.ts`. */
export interface OutputFormat {
  /** What `-f` takes. */
  readonly id: string;
  readonly title: string;
  /** Endings of file names that mean this format, most usual first, with the dot: `.svg`. */
  readonly extensions: readonly string[];
  /** Of what is stored. */
  readonly mediaType: string;
  /** One line for the help. */
  readonly description: string;
  /** `gzip`: what `write` gives is stored as one gzip file (RFC 1952). [stored as it is] */
  readonly compression?: 'gzip';
  /**
   * Pure: the same profile and options give the same bytes. They come in chunks, of text (UTF-8; no chunk ends within a
   * character) or of bytes. Not compressed: `storedChunks` does that, since nothing here knows a platform. A
   * format that compresses parts of what it writes does so by `compression`; without it they are as they are.
   */
  write(profile: Profile, options: ViewOptions, compression?: Compression): Iterable<string | Uint8Array>;
}

import type { ViewOptions } from '../analysis/view-options.js';
import type { Profile } from '../model/profile.js';

/** One way to show a recording. One file per format and one line in `formats.ts`. */
export interface OutputFormat {
  /** What `-f` takes. */
  readonly id: string;
  readonly title: string;
  /** Endings of file names that mean this format, most usual first, with the dot: `.svg`. */
  readonly extensions: readonly string[];
  readonly mediaType: string;
  /** One line for the help. */
  readonly description: string;
  /** Pure: the same profile and options give the same bytes. */
  write(profile: Profile, options: ViewOptions): Iterable<string | Uint8Array>;
}

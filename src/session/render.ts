import { defaultView, type ViewOptions } from '../analysis/view-options.js';
import { zlibCompression } from '../disk/zlib-compression.js';
import { formatById, formats } from '../formats/formats.js';
import type { OutputFormat } from '../formats/output-format.js';
import { storedChunks } from '../formats/stored-chunks.js';
import { PyglassError } from '../model/error.js';
import type { Profile } from '../model/profile.js';

/** A recording in a format, in the pieces of which its file is made. */
export function formatted(
  format: OutputFormat,
  profile: Profile,
  view: ViewOptions,
): Iterable<string | Uint8Array> {
  return storedChunks(format, profile, view, zlibCompression);
}

/**
 * A recording in the format of that id (`formats` lists them), in pieces: what `fs.writeFile` takes. The same profile
 * and view give the same bytes. Throws `unknown-format`.
 */
export function render(
  profile: Profile,
  format: string,
  view: Partial<ViewOptions> = {},
): Iterable<string | Uint8Array> {
  const known = formatById(format);
  if (!known)
    throw new PyglassError(
      'unknown-format',
      `there is no format ${JSON.stringify(format)}; there are ${formats.map(({ id }) => id).join(', ')}`,
      { format },
    );
  return formatted(known, profile, { ...defaultView, ...view });
}

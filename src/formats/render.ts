import { defaultView, type ViewOptions } from '../analysis/view-options.js';
import { PyglassError } from '../model/error.js';
import type { Profile } from '../model/profile.js';
import { formatById, formats } from './formats.js';

/**
 * A recording in the format of that id (`formats` lists them), in pieces: what `fs.writeFile` takes. The same profile and view give the same
 * bytes. Throws `unknown-format`.
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
  return known.write(profile, { ...defaultView, ...view });
}

import { plural } from '../analysis/human-units.js';
import { html } from '../formats/html/html.js';
import type { OutputFormat } from '../formats/output-format.js';
import { PyglassError } from '../model/error.js';
import type { Profile } from '../model/profile.js';
import type { SourceRoots } from '../process/source-roots.js';
import { type FoundSources, readSources } from '../session/read-sources.js';

export interface SourceFlags {
  readonly withSource?: boolean;
}

/** Before anything is recorded or read in vain. `format`: `undefined` for the recording itself. */
export function checkSourceFlag(
  { withSource }: SourceFlags,
  format: OutputFormat | undefined,
  command: string,
): void {
  if (!withSource || format === html) return;
  throw new PyglassError('bad-option', '--with-source needs a page: only HTML shows source', {
    remedy: ['Name a page:', `  pyglass ${command} --with-source -o profile.html`],
  });
}

/** Reads the source of a recording, and returns what came of it as a line for the terminal. */
export function addSource(profile: Profile, roots?: SourceRoots): string {
  const found = readSources(profile, roots);
  profile.sources = found.sources;
  return foundText(found);
}

function foundText({ sources, missing, newer }: FoundSources): string {
  const parts = [
    `Source: ${plural(sources.length, 'file')}`,
    ...(newer > 0 ? [`${newer} changed since, so lines may differ from those that ran`] : []),
    ...(missing > 0 ? [`${missing} not found or not the same`] : []),
  ];
  return `${parts.join('; ')}.`;
}

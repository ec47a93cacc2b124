import type { BlockedLoops } from '../../analysis/blocked-loops.js';
import { formatCount, formatDuration } from '../../analysis/human-units.js';
import { frameLocation, functionName } from '../../analysis/labels.js';
import { nameOf } from '../../analysis/summary.js';
import type { ViewOptions } from '../../analysis/view-options.js';
import { visibleText } from '../../analysis/visible-text.js';
import type { Profile } from '../../model/profile.js';

const longestName = 120;

/** What kept event loops from all else, and which function most; `undefined` when nothing did. */
export function blockedLoopSentence(
  profile: Profile,
  view: ViewOptions,
  { over, steps, time, longest, causes }: BlockedLoops,
): string | undefined {
  const [most] = causes;
  if (!most) return undefined;
  const times = steps === 1 ? 'once' : `${formatCount(steps)} times`;
  const all =
    steps === 1 ? formatDuration(time) : `${formatDuration(time)} in all, longest ${formatDuration(longest)}`;
  const info = profile.functions[most.function];
  const by = info ? `: ${causes.length > 1 ? 'mostly ' : ''}by ${nameAndPlace()}` : '';
  return `The event loop was blocked ${times} for over ${formatDuration(over)}, ${all}${by}.`;

  function nameAndPlace(): string {
    const location = frameLocation(info!, 0, { ...view, lines: 'function' });
    const place = location === '' ? '' : ` (${location})`;
    const inner =
      most!.in === most!.function ? '' : `, in ${visibleText(nameOf(profile, most!.in), longestName)}`;
    return `${visibleText(`${functionName(info!)}${place}`, longestName)}${inner}`;
  }
}

import { formatDuration } from '../analysis/human-units.js';
import { growthText, type ShownChange, signed, unchangedText } from '../formats/diff/change-text.js';

/** Nothing is a dash: it is not there. */
export function timeText(time: number): string {
  return time === 0 ? '–' : formatDuration(time);
}

/** By how much, how far that is known, and what part that is; or that it is within sampling error. */
export function ChangeText({ change }: { change: ShownChange }) {
  const { before, after, error, verdict } = change;
  if (verdict === 'same') return <span class="soft">{unchangedText(change)}</span>;
  return (
    <>
      <b>{signed(after - before)}</b> <span class="soft known">± {formatDuration(error)}</span>{' '}
      <b class="growth">{growthText(change)}</b>
    </>
  );
}

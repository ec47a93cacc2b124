import type { TimeRange } from '../analysis/part-of-profile.js';

/** The range as numbers, in seconds: exact, and without a pointer. */
export function RangeFields({
  range,
  duration,
  onRange,
}: {
  range: TimeRange | undefined;
  duration: number;
  onRange: (range: TimeRange | undefined) => void;
}) {
  const { from, to } = range ?? { from: 0, to: duration };
  const field = (title: string, value: number, set: (time: number) => TimeRange) => (
    <label>
      <span>{title}</span>
      <input
        type="number"
        min={0}
        max={inSeconds(duration)}
        step="any"
        value={inSeconds(value)}
        onChange={(event) => {
          const time = Math.round(Number(event.currentTarget.value) * 1e6);
          const next = set(Math.max(0, Math.min(duration, time)));
          if (Number.isFinite(time) && next.to > next.from) onRange(next);
          else event.currentTarget.value = String(inSeconds(value));
        }}
      />
    </label>
  );
  return (
    <div class="range">
      {field('from', from, (time) => ({ from: time, to }))}
      {field('to', to, (time) => ({ from, to: time }))}
      <span class="soft">s</span>
      {range && (
        <button type="button" class="plainly" onClick={() => onRange(undefined)}>
          All of it
        </button>
      )}
    </div>
  );
}

function inSeconds(time: number): number {
  return Math.round(time / 1e3) / 1e3;
}

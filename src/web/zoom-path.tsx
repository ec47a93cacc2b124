import { formatDuration } from '../analysis/human-units.js';

/** To which frame a flame graph is zoomed, and the way back; nothing where it is not. `time`: of that frame. */
export function ZoomPath({
  path,
  time,
  onAll,
}: {
  path: readonly string[];
  time: number;
  onAll: () => void;
}) {
  if (path.length === 0) return null;
  return (
    <nav class="crumbs" aria-label="Zoom">
      <button type="button" onClick={onAll}>
        all
      </button>
      {path.length > 1 && <span aria-hidden="true">… ›</span>}
      <b>{path.at(-1)}</b>
      <span class="soft">{formatDuration(time)}</span>
    </nav>
  );
}

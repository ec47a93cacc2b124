import { formatDuration } from '../analysis/human-units.js';
import { visibleText } from '../analysis/visible-text.js';
import type { LiveFeed } from './live-feed.js';
import type { LiveWindow } from './live-recording.js';

const windows: readonly (readonly [LiveWindow, string, string])[] = [
  ['10s', '10 s', 'Show the last 10 seconds'],
  ['1min', '1 min', 'Show the last minute'],
  ['all', 'All', 'Show everything since the recording began'],
];

/** How the recording goes, and what can be done about it. */
export function LiveBar({ feed }: { feed: LiveFeed }) {
  const { connection, state, window, isPaused, saveAddress } = feed;
  const isOpen = connection === 'open';
  const offered = isOpen && state?.status === 'ended' ? state.offered : undefined;
  const grows = isOpen && state?.status === 'sampling' && !isPaused && !feed.isHeld;
  return (
    <section class={`live${grows ? ' grows' : ''}`} aria-label="Live">
      <p role="status">{statusOf(feed)}</p>
      <fieldset class="segments" aria-label="Time shown">
        {windows.map(([id, title, hint]) => (
          <button
            key={id}
            type="button"
            title={hint}
            aria-pressed={id === window}
            onClick={() => feed.choose(id)}
          >
            {title}
          </button>
        ))}
      </fieldset>
      <div class="acts">
        {offered !== undefined && (
          <button type="button" class="offer" onClick={() => feed.follow(offered)}>
            Show the new process, {offered}
          </button>
        )}
        <button
          type="button"
          disabled={!isOpen}
          title="The page stands still; sampling goes on"
          onClick={() => feed.pause(!isPaused)}
        >
          {isPaused ? 'Resume' : 'Pause page'}
        </button>
        <button
          type="button"
          disabled={!isOpen || state?.status !== 'sampling'}
          title="Begin a new recording, for all who look at this page"
          onClick={() => feed.reset()}
        >
          Reset
        </button>
        {saveAddress === undefined ? (
          <button type="button" disabled>
            Save
          </button>
        ) : (
          <a href={saveAddress} download="" title="Download the recording, as far as it is shown">
            Save
          </a>
        )}
      </div>
    </section>
  );
}

function statusOf(feed: LiveFeed): string {
  const { connection, state, error } = feed;
  if (error !== undefined) return `The recording cannot be shown: ${visibleText(error)}. Reload the page.`;
  if (connection === 'waiting' || state === undefined) return 'Connecting …';
  if (connection === 'ended') return 'pyglass has ended. The page keeps what it has.';
  if (connection === 'lost') return 'The connection to pyglass is lost. Reload the page.';
  const parts = [progressOf(feed, state.status, state.pid)];
  if (feed.forgotten > 0)
    parts.push(
      `The first ${formatDuration(feed.forgotten)} are no longer in the page, but in what Save gives.`,
    );
  if (state.note !== undefined) parts.push(visibleText(state.note));
  return parts.join(' ');
}

function progressOf(feed: LiveFeed, status: string, pid: number): string {
  const until = formatDuration(feed.shownUntil);
  if (feed.isPaused) return `Paused at ${until}.${status === 'sampling' ? ' Sampling goes on.' : ''}`;
  if (status === 'ended') return `Process ${pid} has ended; this is what was sampled.`;
  if (status === 'restarting') return 'A new recording begins …';
  if (feed.isHeld) return `At ${until}, while a part of the time is chosen. Sampling goes on.`;
  return `Live: process ${pid}`;
}

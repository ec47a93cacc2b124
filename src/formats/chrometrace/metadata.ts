import { processLabel, threadLabel } from '../../analysis/labels.js';
import type { Track } from '../../analysis/unique-ids.js';
import type { Profile } from '../../model/profile.js';
import type { TraceEvent } from './trace-file.js';
import { traceJson } from './trace-json.js';

/** Events that name the rows of threads, and put them in the order of the recording. */
export function* metadataEvents(
  profile: Profile,
  tracks: readonly Track[],
  threads: readonly number[],
): Iterable<string> {
  const named = new Set<number>();
  for (const thread of threads) {
    const track = tracks[thread]!;
    const info = profile.threads[thread]!;
    const process = profile.processes[info.process];
    const event = (name: string, args: Record<string, unknown>) =>
      traceJson({ ph: 'M', ...track, ts: 0, name, args } satisfies TraceEvent);
    if (!named.has(track.pid)) {
      named.add(track.pid);
      yield event('process_name', { name: process ? processLabel(process) : '<unknown process>' });
      yield event('process_sort_index', { sort_index: info.process });
      if (process) yield event('process_labels', { labels: `Python ${process.pythonVersion}` });
    }
    yield event('thread_name', { name: threadLabel(info) });
    yield event('thread_sort_index', { sort_index: thread });
  }
}

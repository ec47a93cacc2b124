import type { Profile } from '../model/profile.js';
import type { IdRanges } from './id-ranges.js';
import type { PayloadCursor } from './payload-cursor.js';

/** The rows of an entry with steps of event loops, behind their number. */
export function readLongSteps(
  body: PayloadCursor,
  count: number,
  threadIds: IdRanges,
  { thread, start, duration }: Profile['longSteps'],
): void {
  const threads = body.column(count);
  const starts = Array.from({ length: count }, () => body.varint());
  for (let row = 0; row < count; row++) {
    const index = threadIds.find(threads[row]!);
    const micros = body.varint();
    if (index < 0) continue;
    thread.push(index);
    start.push(starts[row]!);
    duration.push(micros);
  }
}

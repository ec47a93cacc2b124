import type { UnrecordedChildren } from '../model/profile.js';
import { formatDuration, plural } from './human-units.js';

/** What of the children is not in a recording, a sentence each, without control characters taken out. */
export function childrenLines({ cpuSeconds, processes }: UnrecordedChildren): string[] {
  const lines: string[] = [];
  const [first] = processes;
  if (first) {
    const one = `process ${first.pid}: ${first.reason}`;
    lines.push(
      processes.length === 1
        ? `A child that is Python was not recorded (${one}).`
        : `${plural(processes.length, 'child', 'children')} that are Python were not recorded, such as ${one}.`,
    );
  }
  if (cpuSeconds > 0)
    lines.push(
      `Children that ended used ${formatDuration(cpuSeconds * 1e6)} of CPU time that is not in the recording: they were no Python, or ended too soon.`,
    );
  return lines;
}

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
        ? `One Python child was not recorded (${one}).`
        : `${plural(processes.length, 'Python child', 'Python children')} were not recorded, such as ${one}.`,
    );
  }
  if (cpuSeconds > 0)
    lines.push(
      `Ended children used ${formatDuration(cpuSeconds * 1e6)} of CPU time outside the recording: not Python, or too short-lived.`,
    );
  return lines;
}

import { formatShare } from '../../analysis/human-units.js';

/**
 * Whether a bar is drawn as waiting: most of its time was its own, and waited. Its callers keep the colour of whose
 * code they are, or a program that mostly waits would have no other colour.
 */
export function mostlyWaits(totalTime: number, selfWaiting: number): boolean {
  return selfWaiting > 0 && selfWaiting * 2 >= totalTime;
}

/** `98% waiting`; nothing when it is hardly worth a word. */
export function waitingText(totalTime: number, waiting: number): string {
  return waiting * 100 < totalTime || waiting <= 0 ? '' : `${formatShare(waiting, totalTime)} waiting`;
}

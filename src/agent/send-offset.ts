/** Milliseconds: profiles of long windows need not wait longer. */
const longest = 10_000;
/** The rest of the window is for what takes longer than usual. */
const part = 0.8;

/**
 * Milliseconds for which an agent waits after a window before it sends. Windows end at round times on all machines: of
 * 500 agents all 500 requests came within one second of each ten, with this 82 in the busiest (`fleet-outage.ts`).
 */
export function sendOffset(window: number, random: () => number): number {
  return random() * part * Math.min(window, longest);
}

import { userAnchor } from '../frameworks/request-anchors.js';
import { PyglassError } from '../model/error.js';

/** What can be wrong with what a program asks for. All throw `bad-option`, but for `throwIfAborted`. */

/** Samples a second. */
export const highestRate = 1_000_000;
/** So that a recording's description stays far below the size that readers accept. */
const mostLabels = 32;
const mostLabelUnits = 10_000;

export function badOption(message: string): PyglassError {
  return new PyglassError('bad-option', message);
}

export function checkPid(pid: number, name = 'pid'): void {
  if (!(Number.isInteger(pid) && pid > 0 && pid < 2 ** 31))
    throw badOption(`${name} must be a whole number above 0, not ${pid}`);
}

export function checkRate(rate: number): void {
  if (!(rate > 0 && rate <= highestRate))
    throw badOption(`rate must be above 0 and at most ${highestRate} samples a second, not ${rate}`);
}

export function checkDuration(seconds: number): void {
  if (!(seconds > 0)) throw badOption(`duration must be above 0 seconds, not ${seconds}`);
}

export function checkLabels(labels: Readonly<Record<string, string>>): void {
  const entries = Object.entries(labels);
  const units = entries.reduce((sum, [name, value]) => sum + name.length + String(value).length, 0);
  if (entries.some(([, value]) => typeof value !== 'string')) throw badOption('labels must be strings');
  if (entries.length > mostLabels || units > mostLabelUnits)
    throw badOption(`labels must be at most ${mostLabels}, of ${mostLabelUnits} characters in all`);
}

export function checkAnchors(anchors: readonly string[]): void {
  for (const anchor of anchors)
    if (!userAnchor(anchor))
      throw badOption(
        "a request anchor is file.py:function:variable, with .attributes, ['keys'] and [0] after it",
      );
}

/** Throws `aborted`, with the signal's reason as its cause. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new PyglassError('aborted', 'it was aborted', {}, signal.reason);
}

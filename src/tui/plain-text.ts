import stripAnsi from 'strip-ansi';
import { visibleText } from '../analysis/visible-text.js';

/** Text from the target as one line that cannot steer a terminal. */
export function plainText(text: string, limit = 200): string {
  // Cut first, so that a name of megabytes costs no more than a long one; what is stripped is rarely longer than what
  // is left.
  return visibleText(stripAnsi(text.slice(0, limit * 8)), limit);
}

import { frameLabel } from '../labels.js';
import type { FunctionChange } from './diff.js';

/** `View.get (flask/views.py)`: as functions are matched, so without a line. */
export function changeName(
  { info, state }: Pick<FunctionChange, 'info' | 'state'>,
  fullFileNames = false,
): string {
  return info === undefined ? state : frameLabel(info, 0, { lines: 'none', fullFileNames });
}

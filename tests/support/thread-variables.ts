import { readCode } from '../../src/cpython/code-reader.js';
import type { Layout } from '../../src/cpython/layout.js';
import { readVariableNames } from '../../src/cpython/locals.js';
import { readCurrentFrame } from '../../src/cpython/stack/frame-format.js';
import type { changingImage } from './changing-image.js';

type ChangingImage = ReturnType<typeof changingImage>;

/** Address of the frame of the function on that thread's stack; 0: it has none. */
export function frameOf(
  { memory, location: { layout } }: ChangingImage,
  threadState: number,
  name: string,
): number {
  let frame = readCurrentFrame(memory, layout, threadState);
  while (frame !== 0) {
    if (readCode(memory, layout, codeOf(memory, layout, frame))?.name === name) return frame;
    frame = memory.get(frame + layout.frame.previous);
  }
  return 0;
}

export function codeOf(memory: ChangingImage['memory'], layout: Layout, frame: number): number {
  const code = memory.get(frame + layout.frame.code);
  return code - (code % 8);
}

/** Address of what a variable of the function refers to, 0 where it is not on that thread's stack. */
export function variableOf(
  image: ChangingImage,
  threadState: number,
  name: string,
  variable: string,
): number {
  const { memory, location } = image;
  const { layout } = location;
  const frame = frameOf(image, threadState, name);
  if (frame === 0) return 0;
  const slot = readVariableNames(memory, layout, codeOf(memory, layout, frame)).names.indexOf(variable);
  const reference = memory.get(frame + layout.frame.localsPlus + slot * 8);
  return reference - (reference % 4);
}

import { cachedMemory } from '../memory/cached-memory.js';
import { isPointer } from '../memory/pointers.js';
import type { TargetMemory } from '../memory/target-memory.js';
import { mainInstruction } from './bytecode-copies.js';
import type { Layout } from './layout.js';
import { FrameFormat, readCurrentFrame } from './stack/frame-format.js';
import { deepestStack } from './stack/reading.js';

/**
 * The frames of one thread, read once and with their addresses: for a look at a single moment. (Sampling, which reads
 * the same stack again and again, is `stack/thread-stack.ts`.)
 */
export interface FoundFrame {
  readonly address: number;
  readonly code: number;
  /**
   * As the frame has it (`code-unit.ts`), of an address the low half; in a copy of the bytecode, the same of the code
   * object.
   */
  readonly instruction: number;
}

export interface FoundFrames {
  /** Innermost first. */
  readonly frames: readonly FoundFrame[];
  readonly truncated: boolean;
  /** Whether two readings, one after the other, found the same. */
  readonly stable: boolean;
  /** The copy in which the frames were found, for reading on in it. */
  readonly memory: TargetMemory;
}

/** Readings until two that follow each other agree. A thread that calls all the time needs a few. */
const mostReadings = 24;

/**
 * Frames that may still be read, for all threads of a process: what it makes of its memory must not decide how long
 * that takes.
 */
export class FrameBudget {
  left: number;

  constructor(frames: number) {
    this.left = frames;
  }
}

/**
 * Reads the stack of a thread that may be running, until two readings agree. Without frames, and not stable, when
 * they form a circle.
 */
export function readFrames(
  memory: TargetMemory,
  layout: Layout,
  threadState: number,
  budget: FrameBudget,
): FoundFrames {
  let before: FoundFrames | undefined;
  for (let reading = 0; reading < mostReadings && (budget.left > 0 || !before); reading++) {
    const found = readOnce(cachedMemory(memory), layout, threadState, budget);
    if (found.stable && before && sameFrames(before.frames, found.frames)) return found;
    before = found;
  }
  return { ...before!, stable: false };
}

/** Whether the thread still has these frames; the innermost may have gone on within its function. */
export function framesHold(
  memory: TargetMemory,
  layout: Layout,
  threadState: number,
  { frames }: FoundFrames,
  budget: FrameBudget,
): boolean {
  return sameFrames(frames, readOnce(cachedMemory(memory), layout, threadState, budget).frames);
}

function sameFrames(a: readonly FoundFrame[], b: readonly FoundFrame[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ address, code, instruction }, at) => {
      const other = b[at]!;
      return (
        address === other.address && code === other.code && (at === 0 || instruction === other.instruction)
      );
    })
  );
}

function readOnce(
  memory: TargetMemory,
  layout: Layout,
  threadState: number,
  budget: FrameBudget,
): FoundFrames {
  return readChain(memory, layout, readCurrentFrame(memory, layout, threadState), budget);
}

/** The frame at `first` and its callers, as they are in that copy; `stable`: the chain ended as it should. */
export function readChain(
  memory: TargetMemory,
  layout: Layout,
  first: number,
  budget: FrameBudget,
): FoundFrames {
  const format = new FrameFormat(layout);
  const frames: FoundFrame[] = [];
  let address = first;
  // A circle comes back to a frame that was marked; the marks are at 1, 2, 4, 8 … steps.
  let marked = 0;
  for (let steps = 0; address !== 0; steps++) {
    if (address === marked || budget.left-- <= 0)
      return { frames: [], truncated: true, stable: false, memory };
    if ((steps & (steps - 1)) === 0) marked = address;
    if (steps >= deepestStack) return { frames, truncated: true, stable: true, memory };
    const bytes = isPointer(address) ? memory.read(address, format.bytes) : undefined;
    if (!bytes) return { frames, truncated: false, stable: false, memory };
    // A copy of a page may begin anywhere, words must not.
    const words = new Uint32Array(bytes.slice().buffer);
    if (!format.isShim(words, 0)) {
      const code = format.code(words, 0);
      // Nothing but zeros, where a core file lacks what was there: the stack did not end here.
      if (!isPointer(code)) return { frames, truncated: false, stable: false, memory };
      const instruction = mainInstruction(memory, layout, code, format.instruction(words, 0));
      frames.push({ address, code, instruction });
    }
    address = format.link(words, 0);
  }
  return { frames, truncated: false, stable: true, memory };
}

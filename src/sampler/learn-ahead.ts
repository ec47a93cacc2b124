import type { Layout } from '../cpython/layout.js';
import { FrameFormat, readCurrentFrame } from '../cpython/stack/frame-format.js';
import { kindBits, offsetShift, orNextBit } from '../cpython/stack/reading.js';
import { isPointer } from '../memory/pointers.js';
import type { TargetMemory } from '../memory/target-memory.js';
import type { CodeTable } from './code-table.js';
import type { CallSites } from './evidence/call-sites.js';
import type { Callables } from './evidence/callables.js';
import type { Sites } from './stacks/sites.js';

/**
 * Frames of all threads: what starts has some 30 in one. Where there are more, the first sample must not wait for them
 * all. Links that are read while they change may also make a ring.
 */
const mostFrames = 60;

export interface LearnAheadParts {
  readonly memory: TargetMemory;
  readonly layout: Layout;
  readonly codes: CodeTable;
  readonly sites: Sites;
  readonly callSites: CallSites;
  readonly callables: Callables;
  /** Microseconds, as the times of ticks. */
  readonly clock: () => number;
}

/**
 * Learns what threads run, a piece at each step: a code object, what the frame's instruction calls, the callable there.
 * The first sample of a process needs all of that, which takes milliseconds, and all others would wait for it.
 *
 * No sample is made of it: by the next one the frames may be others. What is learnt is what a sample would learn, and
 * is compared with memory like that when it is used (`NameCheck`, `CallableCache`).
 */
export function* learnAhead(parts: LearnAheadParts, threadStates: Iterable<number>): Generator<void, void> {
  const { memory, layout, codes } = parts;
  const format = new FrameFormat(layout);
  let count = 0;
  for (const threadState of threadStates) {
    let frame = readCurrentFrame(memory, layout, threadState);
    for (; isPointer(frame) && count < mostFrames; count++) {
      const bytes = memory.read(frame, format.bytes);
      if (!bytes) break;
      const words = new Uint32Array(bytes.buffer);
      const code = format.code(words, 0);
      if (!format.isShim(words, 0) && isPointer(code)) {
        const isNew = codes.at(code) === undefined;
        for (const _ of learnFrame(parts, frame, code, format.instruction(words, 0))) if (isNew) yield;
      }
      frame = format.link(words, 0);
    }
  }
}

/** Each step takes 0.1 to 0.3 ms, where other programs share the processor 0.5. */
function* learnFrame(
  parts: LearnAheadParts,
  frame: number,
  code: number,
  instruction: number,
): Generator<void, void> {
  const { memory, codes, sites, callSites, callables } = parts;
  const site = sites.siteAt(code, instruction);
  if (codes.frame(code, sites.instructionOf(site)) < 0) return;
  yield;
  beginMoment(parts);
  const call = callSites.callAt(site);
  yield;
  if (call === 0) return;
  const bytes = memory.read(frame + (call >>> offsetShift), slotBytes);
  if (!bytes) return;
  const words = new Uint32Array(bytes.buffer);
  const isNext = (call & orNextBit) !== 0 && (words[0]! & ~7) === 0 && words[1] === 0;
  beginMoment(parts);
  callables.functionAt(call & kindBits, words, isNext ? 2 : 0);
  yield;
}

/** What is read next is of this moment: pages that were copied for the step before are older. */
function beginMoment({ callables: { moment }, clock }: LearnAheadParts): void {
  moment.now = clock();
  moment.blocked = moment.runs = false;
}

/** A callable, the slot after it, and what may lie beside that. */
const slotBytes = 32;

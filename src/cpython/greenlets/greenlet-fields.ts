import { isPointer, pointerAt } from '../../memory/pointers.js';

/**
 * Where the fields lie of a greenlet, as words of 8 bytes from the beginning of its struct: that of C++ to which
 * `pimpl` points (from greenlet 2.0), or the object itself (1.x). They differ from one version of greenlet and of
 * Python to the next, so they are found by what they hold, of all greenlets of a process:
 *
 *   stop     end of its C stack; all bits set for the main greenlet of a thread, 0 before it began
 *   stop-1   beginning of its C stack; 0 before it began, and when it is done
 *   stop+2   bytes of that stack that were moved to the heap
 *   frame    the frame object in which it was left; 0 while it runs
 *   main     the main greenlet of its thread
 *   parent   the greenlet that goes on when it is done
 */
export interface GreenletFields {
  readonly stop: number;
  /** -1: none has one. */
  readonly frame: number;
  /** -1: there is no such field, or it is not known; so the next. */
  readonly main: number;
  readonly parent: number;
}

/** The struct of a greenlet. */
export interface GreenletStruct {
  /** Of the greenlet. */
  readonly address: number;
  readonly words: readonly number[];
}

export interface PointsTo {
  readonly isFrame: (address: number) => boolean;
  readonly isGreenlet: (address: number) => boolean;
}

/** All bits set, as `pointerAt` gives it. */
export const endless = 0xffff_ffff * 0x1_0000_0000 + 0xffff_ffff;
/** Words from `stop` to the last of those about the C stack. */
const afterStop = 3;
/** Some greenlets change while they are copied, and fit nothing. */
const fewestFitting = 0.9;
/** Words between the main greenlet and the parent. */
const farthestParent = 3;
/** What is copied to the heap of a C stack. */
const largestStack = 2 ** 32;

export function wordsOf(bytes: Uint8Array): readonly number[] {
  const copy = new Uint32Array(bytes.slice(0, bytes.length & ~7).buffer);
  return Array.from({ length: copy.length / 2 }, (_, at) => pointerAt(copy, at * 8));
}

/** `undefined` when they cannot be determined: without a main greenlet there is none that began. */
export function findGreenletFields(
  greenlets: readonly GreenletStruct[],
  pointsTo: PointsTo,
): GreenletFields | undefined {
  const length = Math.max(0, ...greenlets.map(({ words }) => words.length));
  let stop = 0;
  for (let at = 2; at < length - afterStop && stop === 0; at++) {
    if (!greenlets.some(({ words }) => words[at] === endless)) continue;
    const fitting = greenlets.filter(({ words }) => isStack(words, at)).length;
    if (fitting >= fewestFitting * greenlets.length) stop = at;
  }
  if (stop === 0) return undefined;
  const active = greenlets.filter(({ words }) => isPointer(words[stop - 1]!));
  const fields = Array.from({ length: length - stop - afterStop - 1 }, (_, at) => at + stop + afterStop + 1);
  const counts = fields.map((at) => active.filter(({ words }) => pointsTo.isFrame(words[at] ?? 0)).length);
  const most = Math.max(0, ...counts);
  const frame = most === 0 ? -1 : fields[counts.indexOf(most)]!;
  const others = active.filter(({ words }) => words[stop] !== endless);
  const links =
    others.length === 0
      ? []
      : fields.filter((at) => {
          const isLink = ({ address, words }: GreenletStruct) =>
            words[at] !== address && pointsTo.isGreenlet(words[at] ?? 0);
          return at !== frame && others.filter(isLink).length >= fewestFitting * others.length;
        });
  const [first = -1, second = -1] = links;
  const isNear = second > 0 && second - first <= farthestParent;
  return { stop, frame, main: isNear ? first : -1, parent: isNear ? second : first };
}

function isStack(words: readonly number[], stop: number): boolean {
  const [start = Number.NaN, end = Number.NaN, copy = Number.NaN, saved = Number.NaN] = words.slice(stop - 1);
  const isRange = start < end && (start === 0 || start === 1 || isPointer(start));
  const isEnd = end === endless || isPointer(end);
  const hasCopy = copy === 0 || isPointer(copy);
  return hasCopy && saved < largestStack && ((isRange && isEnd) || (start === 0 && end === 0));
}

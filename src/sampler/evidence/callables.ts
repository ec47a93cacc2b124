import { CallKind } from '../../cpython/calls/call-sites.js';
import { readCallable } from '../../cpython/calls/callables.js';
import type { Layout } from '../../cpython/layout.js';
import { FrameFormat } from '../../cpython/stack/frame-format.js';
import { MomentMemory } from '../../memory/moment-memory.js';
import { highHalfLimit, readPointer } from '../../memory/pointers.js';
import type { ReadPlan } from '../../memory/read-plan.js';
import { RecordedMemory } from '../../memory/recorded-memory.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import { CallableCache, type CallableKey } from './callable-cache.js';
import { NumberedNames } from './numbered-names.js';
import { ObjectWatch } from './object-watch.js';
import { PythonFunctions } from './python-functions.js';

const highHalf = 0x1_0000_0000;
/** Bytes of a frame that are compared: up to 3.10 its variables begin after 360 of them. */
const mostOfFrame = 512;

/** The moment of a copy. */
export interface CopyMoment {
  /** The tick's copy; `undefined` when another one is looked at. */
  tickWords: Uint32Array | undefined;
  /** When the copy was made that is looked at, microseconds. */
  now: number;
  /** Whether its thread is blocked, and not by the GIL: then the innermost frame is within its call. */
  blocked: boolean;
  /** Whether its thread has the GIL and collects nothing: then the innermost frame is, but for nanoseconds. */
  runs: boolean;
}

/** Which function an object on a value stack is, looked up without allocation once it is known. */
export class Callables {
  readonly moment: CopyMoment = { tickWords: undefined, now: 0, blocked: false, runs: false };
  /** Those that were seen to be called. */
  readonly pythonFunctions: PythonFunctions;
  /** C functions, as `module.qualname`. */
  readonly names = new NumberedNames();
  /** Objects that are copied with every tick, and after them the frames that call such objects. */
  readonly #objectWatch: ObjectWatch;
  readonly #frameWatch: ObjectWatch;
  readonly #format: FrameFormat;
  /** Where a frame's variables begin, in words; its value stack follows. */
  readonly #variables: number;
  /** After `functionAt`: another object may have lain there when the copy was made. Then only its name can prove it. */
  isUncertain = false;
  /** The same: it is by what it was, not by where it is, that the object is known (`isStillCalled`). */
  isPassing = false;
  /** The same: that was copied with the frames. */
  #isOfCopy = false;
  /** The same: what was learnt of it is kept by its address. */
  #isLasting = false;
  /** What is read to learn what stands on a stack, as it was at the moment of the copy or a little later. */
  readonly learning: MomentMemory;
  readonly #memory: TargetMemory;
  readonly #layout: Layout;
  /** Of objects that last, by their addresses. */
  readonly #objects: CallableCache;
  /** Others are looked at each time: by their types and first fields. */
  readonly #contents: CallableCache;

  constructor(memory: TargetMemory, layout: Layout) {
    this.#memory = memory;
    this.#layout = layout;
    this.learning = new MomentMemory(memory, this.moment);
    this.pythonFunctions = new PythonFunctions(memory, layout);
    this.#objects = new CallableCache(memory);
    this.#contents = new CallableCache(memory);
    this.#format = new FrameFormat(layout);
    this.#objectWatch = new ObjectWatch(layout.object.size + 8);
    this.#frameWatch = new ObjectWatch(mostOfFrame, { least: this.#format.bytes });
    this.#variables = layout.frame.localsPlus >> 2;
  }

  /** Whether the plan of the next tick must be made again. */
  get changed(): boolean {
    return this.#objectWatch.changed || this.#frameWatch.changed;
  }

  /** Adds what is copied after the frames. */
  addTo(plan: ReadPlan): void {
    this.#objectWatch.addTo(plan);
    this.#frameWatch.addTo(plan);
  }

  /** As `StackReader.drop`. */
  drop(address: number, length: number): boolean {
    const isDropped = this.#objectWatch.drop(address, length);
    return this.#frameWatch.drop(address, length) || isDropped;
  }

  /** Gives up what was not used of late, and what was copied for moments that are over. */
  review(now: number): void {
    this.learning.forget();
    this.#objectWatch.review(now);
    this.#frameWatch.review(now);
  }

  /**
   * What the object at word `slot` of a copy calls when it is used as `kind` says (`CallKind`): the number of a C
   * function's name, a negative number for a function of Python (`PythonFunctions`), 0 for anything else.
   */
  functionAt(kind: number, words: Uint32Array, slot: number): number {
    // Bits at the end of a reference are marks.
    const low = (words[slot]! & ~7) >>> 0;
    const high = words[slot + 1]!;
    this.isUncertain = this.isPassing = false;
    this.#isLasting = false;
    if (high >= highHalfLimit || (high === 0 && low < 4096)) return 0;
    const known = this.#objects.get(low, high, kind, this.moment.now);
    this.isUncertain = known === 'changed';
    if (typeof known === 'number') return known;
    const other = words[slot + 3]! * highHalf + ((words[slot + 2]! & ~7) >>> 0);
    return this.#lookAt(kind, words, high * highHalf + low, other);
  }

  #lookAt(kind: number, words: Uint32Array, address: number, other: number): number {
    const { object } = this.#layout;
    const { now, tickWords } = this.moment;
    const [low, high] = [address % highHalf, Math.floor(address / highHalf)];
    const at = words === tickWords ? this.#objectWatch.offsetOf(low, high) : -1;
    const head = at >= 0 ? words : this.#headOf(address);
    if (!head) return 0;
    const first = Math.max(0, at);
    const content = {
      first: head[first + (object.type >> 2)]!,
      second: this.#fieldOf(kind, head, first, other),
      kind,
    };
    const alike = this.#contents.get(content.first, content.second, kind, now);
    const fn = typeof alike === 'number' ? alike : this.#learn(content, address, other);
    if (fn > 0 && !this.#isLasting) this.#objectWatch.use(low, high, now);
    this.isUncertain ||= alike === 'changed';
    this.isPassing = true;
    this.#isOfCopy = at >= 0 && typeof alike === 'number';
    return fn;
  }

  /**
   * After `functionAt`: whether the frame at `address`, which begins at word `frame` of the copy and has the object in
   * `slot`, was still at its call when the object was read. Objects are read after frames, and when a call is over the
   * next one's object may lie at the same address a microsecond later. That next call may be at the same instruction:
   * then variables tell, as a rule.
   */
  isStillCalled(words: Uint32Array, frame: number, slot: number, address: number): boolean {
    const [low, high] = [address % highHalf, Math.floor(address / highHalf)];
    const length = Math.min(this.#frameWatch.lengthAt(low) >> 2, slot + 2 - frame);
    if (this.#isOfCopy) {
      const at = this.#frameWatch.offsetOf(low, high);
      this.#frameWatch.use(low, high, this.moment.now);
      if (at >= 0) return this.#isAsBefore(words, frame, words, at, length);
    }
    const bytes = this.#memory.read(address, this.#frameWatch.lengthAt(low));
    return bytes !== undefined && this.#isAsBefore(words, frame, new Uint32Array(bytes.buffer), 0, length);
  }

  #isAsBefore(words: Uint32Array, frame: number, after: Uint32Array, at: number, length: number): boolean {
    const format = this.#format;
    for (let word = this.#variables; word < length; word++)
      if (words[frame + word] !== after[at + word]) return false;
    return (
      format.instruction(words, frame) === format.instruction(after, at) &&
      format.code(words, frame) === format.code(after, at)
    );
  }

  /** Reads which function an object calls; 0 also when it became another one meanwhile. */
  #learn(content: CallableKey, address: number, other: number): number {
    const { object } = this.#layout;
    const { now } = this.moment;
    const { kind } = content;
    const memory = new RecordedMemory(this.learning);
    const { name, lasting, byContent, pythonFunction } = readCallable(
      memory,
      this.#layout,
      address,
      kind as CallKind,
      other,
    );
    // What was read may be of the next object that came to lie there.
    const after = this.#headOf(address);
    if (!after || after[object.type >> 2] !== content.first) return 0;
    if (this.#fieldOf(kind, after, 0, other) !== content.second) return 0;
    // Or of one between, when the kernel gave our processor to somebody else twice. Counts of references change all the
    // time.
    if (!memory.agreesWith(address, new Uint8Array(after.buffer), object.type)) return 0;
    const fn = name === '' ? -this.pythonFunctions.numberOf(pythonFunction, now) : this.names.numberOf(name);
    // The same iterator is met at each of its steps: one that is none of interest is not looked at each time.
    this.#isLasting = lasting || (name === '' && kind === CallKind.next);
    const key = { first: address % highHalf, second: Math.floor(address / highHalf), kind };
    if (this.#isLasting) this.#objects.set(key, now, fn, memory.known());
    else if (byContent) this.#contents.set(content, now, fn, memory.known(address, other));
    return fn;
  }

  /**
   * What besides its type says which function it is: the first field, or the type of the other operand. Of other kinds
   * nothing does.
   */
  #fieldOf(kind: number, head: Uint32Array, first: number, other: number): number {
    const { object } = this.#layout;
    if (kind === CallKind.call) return head[first + (object.size >> 2)]!;
    if (kind !== CallKind.power && kind !== CallKind.matmul) return 0;
    return readPointer(this.#memory, other + object.type) % highHalf || 0;
  }

  /** The beginning of an object as it is now; `undefined` when it cannot be read. */
  #headOf(address: number): Uint32Array | undefined {
    const bytes = this.#memory.read(address, this.#layout.object.size + 8);
    return bytes && new Uint32Array(bytes.buffer);
  }

  /** Looks again from now on at objects that were nothing of interest, in case their addresses were reused. */
  recheck(): void {
    this.#objects.doubtOthers(this.moment.now);
    this.#contents.doubtOthers(this.moment.now);
  }

  clear(): void {
    this.pythonFunctions.clear();
    this.names.clear();
    this.#objects.clear();
    this.#contents.clear();
  }
}

import type { Reading, SiteReader } from '../../cpython/stack/reading.js';
import type { FollowOptions, ThreadStack } from '../../cpython/stack/thread-stack.js';
import { isPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { ReadingCount } from '../evidence/proven-calls.js';
import type { LastStack } from './last-stack.js';
import type { Sites } from './sites.js';

/** Frames of one stack that are read by themselves before all is read again. */
const mostLateFrames = 8;
/** Microseconds after which all frames are followed again: what outer ones call may be certain by now. */
const followAllEvery = 10_000;

/** A thread whose stack is looked for. */
export interface StackOwner {
  readonly stack: ThreadStack;
  readonly last: LastStack;
  readonly readings: ReadingCount;
  /** When all its frames were followed, also those that had not changed; microseconds. */
  followedAt: number;
}

export interface ReadingTakerParts {
  readonly memory: TargetMemory;
  readonly sites: Sites;
  readonly siteReader: SiteReader;
  /** Address of the known code object that an instruction is part of, by the low half of its address; 0: of none. */
  readonly codeHolding: (instruction: number) => number;
  /** When the copy that is looked at was made, microseconds. */
  readonly now: () => number;
}

/** Makes readings of what was copied of a thread. */
export class ReadingTaker {
  readonly #memory: TargetMemory;
  readonly #sites: Sites;
  readonly #siteReader: SiteReader;
  readonly #codeHolding: (instruction: number) => number;
  readonly #now: () => number;
  readonly #options: FollowOptions = { inCall: true, reusable: 0 };

  constructor(parts: ReadingTakerParts) {
    this.#memory = parts.memory;
    this.#sites = parts.sites;
    this.#siteReader = parts.siteReader;
    this.#codeHolding = parts.codeHolding;
    this.#now = parts.now;
  }

  /** The frames from `frame` outwards, as far as the copy has them. `inCall` false: the innermost call may be over. */
  take(owner: StackOwner, words: Uint32Array, frame: number, inCall: boolean, into: Reading): void {
    into.clear();
    this.#follow(owner, words, frame, inCall, into);
    this.#restoreCodes(into);
  }

  /**
   * The same. Frames that the copy does not have are read one by one: since callers wait for what they called, they are
   * most often the same still.
   */
  takeWithLateFrames(
    owner: StackOwner,
    words: Uint32Array,
    frame: number,
    inCall: boolean,
    into: Reading,
  ): void {
    into.clear();
    this.#followFarther(owner, words, frame, inCall, into);
    this.#restoreCodes(into);
  }

  /** Of `reading` the innermost frame, below the frames from `caller` outwards. */
  takeBelow(owner: StackOwner, words: Uint32Array, reading: Reading, caller: number, into: Reading): void {
    into.clear();
    into.add(reading.site[0]!, 0, reading.ways[0]!);
    this.#followFarther(owner, words, caller, true, into);
  }

  #followFarther(owner: StackOwner, words: Uint32Array, frame: number, inCall: boolean, into: Reading): void {
    const { stack } = owner;
    this.#follow(owner, words, frame, inCall, into);
    if (into.end !== 'missing') return;
    const { missing } = into;
    into.isAlone = into.count === 0;
    for (let reads = 0; into.end === 'missing' && reads < mostLateFrames; reads++) {
      const caller = stack.readFrame(this.#memory, into.missing, into, this.#siteReader);
      if (isPointer(caller)) this.#follow(owner, words, caller, true, into);
      else into.end = 'torn';
    }
    stack.cover(this.#memory, missing);
  }

  #follow(owner: StackOwner, words: Uint32Array, frame: number, inCall: boolean, into: Reading): void {
    const { stack, last } = owner;
    const now = this.#now();
    this.#options.inCall = inCall;
    this.#options.reusable = last.reusable(stack.known.version);
    if (now - owner.followedAt >= followAllEvery) {
      this.#options.reusable = 0;
      owner.followedAt = now;
    }
    stack.follow(words, frame, into, this.#siteReader, this.#options);
  }

  /**
   * From 3.14 a frame that is left no longer says which code it ran, but still the instruction. It was on the stack
   * when the pointer was read, and that is the moment which the sample is of.
   */
  #restoreCodes(into: Reading): void {
    const { site, count } = into;
    const sites = this.#sites;
    let at = 0;
    for (; at < count && sites.isWithoutCode(site[at]!); at++) {
      const instruction = sites.instructionOf(site[at]!);
      site[at] = sites.siteAt(this.#codeHolding(instruction), instruction);
    }
    into.left = at;
  }
}

import type { Layout } from '../../cpython/layout.js';
import { Reading } from '../../cpython/stack/reading.js';
import { isPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { NodeId } from '../../model/ids.js';
import type { ProvenCalls } from '../evidence/proven-calls.js';
import type { Judge, Judgement } from './judge.js';
import type { Sites } from './sites.js';
import { emptyNode, noNode, type StackTree } from './stack-tree.js';
import type { ReadingTaker, StackOwner } from './take-reading.js';
import { noVerdict, type Rule, type Verdict } from './verdicts.js';

/**
 * Frames that are left during a reading at most: when more than these are uncertain, their calls were never seen, as at
 * the first sample, and what is certain is another function's than the one that ran.
 */
const mostLeft = 4;

export interface StackFinderParts {
  readonly memory: TargetMemory;
  readonly layout: Layout;
  readonly sites: Sites;
  readonly tree: StackTree;
  readonly proven: ProvenCalls;
  readonly judge: Judge;
  readonly taker: ReadingTaker;
}

/** A reading, and what it is of. One object is used for all. */
interface Look {
  owner: StackOwner;
  words: Uint32Array;
  /** The current frame, as the pointer before the frames says. */
  current: number;
  readonly reading: Reading;
  /** It has all frames, as many as the thread counts. */
  isWhole: boolean;
  isStable: boolean;
}

/** A stack that a reading can mean: its node, `noNode` when it does not mean that. None of them changes the reading. */
interface Candidate {
  readonly rule: Rule;
  readonly find: (look: Readonly<Look>) => NodeId;
}

/** Finds a thread's stack in what one read of all threads brought, though the thread ran meanwhile. */
export class StackFinder {
  /** The reading that the last call of `inCopy` made. */
  readonly reading = new Reading();
  readonly #memory: TargetMemory;
  readonly #layout: Layout;
  readonly #sites: Sites;
  readonly #tree: StackTree;
  readonly #proven: ProvenCalls;
  readonly #judge: Judge;
  readonly #taker: ReadingTaker;
  readonly #candidates: readonly Candidate[] = [
    { rule: 'as copied', find: (look) => (look.reading.isAlone ? noNode : this.#asRead(look)) },
    { rule: 'frame read alone', find: (look) => (look.reading.isAlone ? this.#asRead(look) : noNode) },
    { rule: 'callers seen last', find: (look) => this.#belowCallersSeenLast(look) },
    { rule: 'callers of a left frame', find: (look) => this.#belowCallersOfLeftFrame(look) },
  ];
  #look: Look | undefined;
  readonly #verdict = noVerdict('no Python');
  /** The innermost frame of the reading, with other callers. */
  readonly #other = new Reading();

  constructor(parts: StackFinderParts) {
    this.#memory = parts.memory;
    this.#layout = parts.layout;
    this.#sites = parts.sites;
    this.#tree = parts.tree;
    this.#proven = parts.proven;
    this.#judge = parts.judge;
    this.#taker = parts.taker;
  }

  /**
   * The thread's stack by what the tick's one read brought; without a node when that is not certain. `frame`: as
   * `ThreadStack.currentFrame` gives it; `inCall` false when the innermost frame's call may be over. The verdict is
   * overwritten by the next call.
   */
  inCopy(owner: StackOwner, words: Uint32Array, frame: number, inCall: boolean): Verdict {
    const { stack } = owner;
    const { reading } = this;
    const verdict = this.#verdict;
    verdict.node = verdict.callers = noNode;
    verdict.repair = undefined;
    verdict.rule = 'no Python';
    verdict.isTruncated = false;
    reading.clear();
    if (frame === 0) verdict.node = emptyNode;
    // A frame of C that is not known yet says which is the current frame; those that it has below it are in the copy as
    // a rule.
    const current = frame < 0 ? stack.readCurrentFrame(this.#memory) : frame;
    if (frame === 0 || !isPointer(current)) return verdict;
    this.#proven.nextReading(owner.readings);
    this.#taker.takeWithLateFrames(owner, words, current, inCall, reading);
    const look = this.#lookOf(owner, words, current);
    for (const { rule, find } of this.#candidates) {
      verdict.node = find(look);
      verdict.rule = rule;
      if (verdict.node >= 0) break;
    }
    return verdict;
  }

  #lookOf(owner: StackOwner, words: Uint32Array, current: number): Look {
    const { reading } = this;
    const { stack } = owner;
    this.#look ??= { owner, words, current, reading, isWhole: false, isStable: false };
    const look = this.#look;
    look.owner = owner;
    look.words = words;
    look.current = current;
    const { end, isAlone, left } = reading;
    const isStill =
      end === 'whole' && !isAlone && left === 0 && current === stack.currentFrame(words, 'after');
    look.isWhole = end === 'whole' && (isAlone || stack.checkDepth(words, reading, isStill));
    look.isStable = look.isWhole && isStill;
    return look;
  }

  /** Each frame called the next as they lie there. */
  #asRead({ owner, reading, isWhole, isStable }: Look): NodeId {
    if (!isWhole || (reading.isAlone && reading.count < 2)) return noNode;
    const { node, repair } = this.#judged(reading, owner, isStable);
    this.#verdict.repair = repair;
    // A frame that stands in for the innermost one was not seen with these callers.
    const { last } = owner;
    if (node >= 0 && this.#layout.minor <= 10 && last.length === reading.count && reading.count > 1) {
      const innermost = last.nodes[reading.count - 1]!;
      const code = this.#sites.codeOf(reading.site[0]!);
      last.callers.note(code, this.#tree.parentOf(innermost), this.#tree.version);
    }
    return node;
  }

  /**
   * Up to 3.10 frames are objects that deep recursion takes up in another order each time, and so many cannot be copied
   * before they change. The current one was copied soon after the pointer to it: that its function ran is certain.
   */
  #belowCallersSeenLast({ owner, reading, isStable }: Look): NodeId {
    if (reading.count === 0 || reading.isAlone || isStable) return noNode;
    const site = reading.site[0]!;
    const callers = owner.last.callers.of(this.#sites.codeOf(site), this.#tree.version);
    // Whether their code is still there is asked of all stacks that are found (`NameCheck`).
    return callers === undefined ? noNode : this.#tree.below(callers, site);
  }

  /**
   * The current frame was left while it was read, which cuts its link (up to 3.10, and of a generator). Reading all
   * again would find it left, and so prefer functions that stay long: when the call is not certain, its caller is what
   * counts.
   */
  #belowCallersOfLeftFrame(look: Look): NodeId {
    const { reading, owner, words, current } = look;
    if (reading.end !== 'torn' || reading.count !== 1) return noNode;
    const { stack } = owner;
    // A generator is most often resumed by the same frame. Else the caller may be the frame that became the current
    // one.
    const usual = stack.regions.lastCallerOf(current);
    const node = this.#below(look, usual)?.node ?? noNode;
    if (node >= 0) return node;
    // It was only a guess who the callers are.
    this.#verdict.callers = noNode;
    const after = stack.currentFrame(words, 'after');
    const next = after < 0 || after === current ? stack.readCurrentFrame(this.#memory) : after;
    const judgement = next === usual ? undefined : this.#below(look, next);
    if (!judgement || judgement.node >= 0) return judgement?.node ?? noNode;
    return hasCertainCallers(judgement) ? judgement.certain : noNode;
  }

  /** The innermost frame below `caller`; `undefined` when that is no stack. */
  #below({ owner, words, reading, current }: Look, caller: number): Judgement | undefined {
    if (!isPointer(caller) || caller === current) return undefined;
    const other = this.#other;
    this.#taker.takeBelow(owner, words, reading, caller, other);
    return other.end === 'whole' && other.count > 1 ? this.#judged(other, owner, false) : undefined;
  }

  #judged(reading: Reading, { last }: StackOwner, isStable: boolean): Judgement {
    const judgement = this.#judge.judge(reading, last, isStable);
    if (judgement.node < 0 && judgement.lacking === 1 && judgement.certain !== emptyNode)
      this.#verdict.callers = judgement.certain;
    this.#verdict.isTruncated = reading.truncated;
    return judgement;
  }
}

/**
 * Whether what is certain are the callers of a few frames that were left meanwhile, not just where a deep stack begins.
 */
export function hasCertainCallers({ certain, lacking }: Judgement): boolean {
  return certain > emptyNode && lacking <= mostLeft;
}

/** Whether so many frames are uncertain that they cannot all have been left meanwhile. */
export function isHardlyCertain({ lacking }: Judgement): boolean {
  return lacking > mostLeft;
}

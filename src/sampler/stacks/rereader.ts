import { Reading } from '../../cpython/stack/reading.js';
import type { ThreadStack } from '../../cpython/stack/thread-stack.js';
import { isPointer } from '../../memory/pointers.js';
import { SharedCopy } from '../../memory/shared-copy.js';
import { processEnded, type TargetMemory } from '../../memory/target-memory.js';
import type { NodeId } from '../../model/ids.js';
import type { Losses } from '../../model/profile.js';
import type { CopyMoment } from '../evidence/callables.js';
import type { ProvenCalls } from '../evidence/proven-calls.js';
import type { Judge, Judgement } from './judge.js';
import { hasCertainCallers, isHardlyCertain } from './stack-finder.js';
import { emptyNode, noNode, type StackTree } from './stack-tree.js';
import type { ReadingTaker, StackOwner } from './take-reading.js';
import { noVerdict, type Rule, type Verdict } from './verdicts.js';

/** Readings of one thread that did not hold together before the sampler settles for what is certain. */
const attempts = 5;
/** The same while not even the outermost frame is certain, as at the first sample. */
const attemptsForRoot = 16;
/**
 * Readings beyond those that only showed where more of a stack lies. One look finds all of a stack that stands still,
 * whatever its depth; so many more are only needed while it moves.
 */
const mostVain = 16;

export interface RereaderParts {
  readonly memory: TargetMemory;
  readonly tree: StackTree;
  readonly proven: ProvenCalls;
  readonly judge: Judge;
  readonly taker: ReadingTaker;
  readonly moment: CopyMoment;
  readonly losses: Losses;
  /** Microseconds, as the times of ticks. */
  readonly clock: () => number;
  /** Whether the sample in hand has taken all the time that it may; absent: it may take any. */
  readonly isTimeUp?: (() => boolean) | undefined;
}

/** Of the thread that is read again. */
const reread = new SharedCopy();

/** Reads one thread again, at once, until its stack is certain; else takes the part of it that is. */
export class Rereader {
  readonly #memory: TargetMemory;
  readonly #tree: StackTree;
  readonly #proven: ProvenCalls;
  readonly #judge: Judge;
  readonly #taker: ReadingTaker;
  readonly #moment: CopyMoment;
  readonly #losses: Losses;
  readonly #clock: () => number;
  readonly #isTimeUp: () => boolean;
  readonly #reading = new Reading();
  readonly #verdict = noVerdict('part');
  /** The innermost node that is certain, by the last reading that reached the outermost frame. */
  #certain: NodeId = emptyNode;
  /** Of the same, whether more frames are uncertain than can all have been left meanwhile. */
  #isHardlyCertain = false;
  /** The current frame was another one after the frames were copied. */
  #hasMoved = false;
  /** Node of a stack that has another depth than its thread counts. */
  #otherDepth: NodeId = noNode;

  constructor(parts: RereaderParts) {
    this.#memory = parts.memory;
    this.#tree = parts.tree;
    this.#proven = parts.proven;
    this.#judge = parts.judge;
    this.#taker = parts.taker;
    this.#moment = parts.moment;
    this.#losses = parts.losses;
    this.#clock = parts.clock;
    this.#isTimeUp = parts.isTimeUp ?? (() => false);
  }

  /**
   * `callers`: of a reading that only lacked a proof of its innermost call. A later one may prove that, but not take
   * its place: what short functions lose by that would go to those that stay long. Then the callers are what the sample
   * shows. The verdict always has a node, and is overwritten by the next call.
   */
  read(owner: StackOwner, inCall: boolean, callers: NodeId): Verdict {
    const verdict = this.#verdict;
    verdict.repair = undefined;
    verdict.isTruncated = false;
    verdict.node = this.#readUntilCertain(owner, inCall);
    if (callers >= 0 && (verdict.node === callers || !this.#tree.goesOnFrom(verdict.node, callers))) {
      verdict.node = callers;
      verdict.rule = 'callers alone';
    } else if (verdict.rule === 'part') {
      // That the thread was within the part that is certain does not make it the self time of its innermost frame.
      verdict.node = this.#tree.unreadBelow(verdict.node);
    }
    return verdict;
  }

  #readUntilCertain(owner: StackOwner, inCall: boolean): NodeId {
    const { stack } = owner;
    this.#certain = emptyNode;
    this.#otherDepth = noNode;
    let vain = 0;
    for (let attempt = 0; attempt < this.#mostAttempts; attempt++) {
      if (attempt + vain > 0 && this.#isTimeUp()) break;
      this.#losses.retried++;
      const node = this.#readOnce(owner, inCall);
      if (node >= 0) return node;
      if (this.#isVain(stack) && vain++ < mostVain) attempt--;
    }
    // It was found again and again: C functions do call deep down.
    if (this.#otherDepth >= 0) return this.#found(this.#otherDepth, 'depth differs');
    this.#losses.torn++;
    return this.#found(this.#certain, 'part');
  }

  /**
   * One reading of which no sample is made, but what it shows is evidence and what it meets is learnt. The node that
   * it proved; `noNode` when another reading may prove more.
   */
  readAhead(owner: StackOwner): NodeId {
    this.#certain = emptyNode;
    this.#otherDepth = noNode;
    const node = this.#readOnce(owner, false);
    if (node < 0) this.#isVain(owner.stack);
    return node;
  }

  #readOnce(owner: StackOwner, inCall: boolean): NodeId {
    const { stack } = owner;
    this.#reading.clear();
    this.#isHardlyCertain = false;
    const copied = this.#copy(stack);
    if (copied === processEnded) return this.#found(this.#certain, 'process ended');
    if (copied < reread.plan.requiredBytes) {
      const lost = reread.plan.regionAt(copied);
      stack.drop(reread.plan.addressOf(lost), reread.plan.lengthOf(lost));
      return noNode;
    }
    const before = stack.currentFrame(reread.words, 'before');
    if (before === 0) return this.#found(emptyNode, 'no Python');
    if (before < 0) return noNode;
    return this.#nodeOf(owner, before, inCall);
  }

  get #mostAttempts(): number {
    return this.#certain === emptyNode && this.#otherDepth < 0 ? attemptsForRoot : attempts;
  }

  #found(node: NodeId, rule: Rule): NodeId {
    this.#verdict.rule = rule;
    return node;
  }

  /** Copies what belongs to one thread. Returns what `TargetMemory.readMany` does. */
  #copy(stack: ThreadStack): number {
    reread.plan.clear();
    stack.addTo(reread.plan, true);
    stack.addRest(reread.plan);
    // The tick's plan must be made again: the regions now say where they are in this copy.
    stack.changed = true;
    this.#moment.now = this.#clock();
    const copied = reread.read(this.#memory);
    stack.regions.copied = copied;
    return copied;
  }

  /** What one copy can mean, from either of the two pointers to the current frame; `noNode` when it is not certain. */
  #nodeOf(owner: StackOwner, before: number, inCall: boolean): NodeId {
    const { stack, last } = owner;
    const reading = this.#reading;
    this.#proven.nextReading(owner.readings);
    const after = stack.currentFrame(reread.words, 'after');
    this.#hasMoved = before !== after;
    this.#taker.take(owner, reread.words, before, inCall, reading);
    const isWhole = reading.end === 'whole';
    const isStable = reading.left === 0 && before === after;
    if (isWhole && !stack.checkDepth(reread.words, reading, isStable)) {
      // C functions that call deep down are counted as well.
      this.#otherDepth = this.#judged(this.#judge.judge(reading, last, false));
    } else if (isWhole) {
      const judgement = this.#judge.judge(reading, last, isStable);
      if (judgement.node >= 0) return this.#found(this.#judged(judgement), 'read again');
      // The innermost frames were left while the copy was made, and what they left behind does not follow from their
      // callers any more. The callers then are the stack of that very moment: reading again would only prefer
      // functions that stay long.
      if (before !== after && hasCertainCallers(judgement))
        return this.#found(judgement.certain, 'callers of a later copy');
      this.#judged(judgement);
    }
    if (after === before || !isPointer(after)) return noNode;
    this.#taker.take(owner, reread.words, after, inCall, reading);
    if (reading.end !== 'whole' || !stack.hasDepthOf(reread.words, 'after', reading)) return noNode;
    return this.#found(this.#judged(this.#judge.judge(reading, last, false)), 'below the second pointer');
  }

  /** Notes what is certain of a whole reading. */
  #judged(judgement: Judgement): NodeId {
    this.#isHardlyCertain = judgement.node < 0 && isHardlyCertain(judgement);
    if (judgement.node < 0) this.#certain = judgement.certain;
    this.#verdict.repair = judgement.repair;
    this.#verdict.isTruncated = judgement.node >= 0 && this.#reading.truncated;
    return judgement.node;
  }

  /**
   * A reading that only showed where more frames lie was not torn: the stack may stand still. And one of a deep stack
   * that did not hold still for the milliseconds that its copy takes is no evidence of its many calls.
   */
  #isVain(stack: ThreadStack): boolean {
    if (this.#reading.end === 'missing') return stack.cover(this.#memory, this.#reading.missing);
    return this.#hasMoved && this.#isHardlyCertain;
  }
}

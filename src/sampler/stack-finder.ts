import type { Layout } from '../cpython/layout.js';
import type { ThreadStack } from '../cpython/stack/thread-stack.js';
import { Walk, type WalkEnd } from '../cpython/stack/walk.js';
import { isPointer } from '../memory/pointers.js';
import { ReadPlan } from '../memory/read-plan.js';
import { processEnded, type TargetMemory } from '../memory/target-memory.js';
import type { Losses } from '../model/profile.js';
import type { CCalls } from './c-calls.js';
import type { CallEdges, ReadingCount } from './call-edges.js';
import type { CodeTable } from './code-table.js';
import type { LastStack } from './last-stack.js';
import { emptyNode, type StackNodes } from './stack-nodes.js';
import type { Rule } from './verdicts.js';

/** Readings of one thread that did not hold together before the sampler settles for what is certain. */
const attempts = 5;
/** The same while not even the outermost frame is certain, as at the first sample. */
const attemptsForRoot = 16;
/**
 * Readings beyond those that only showed where more of a stack lies. One look finds all of a stack that stands still, whatever its depth; so
 * many more are only needed while it moves.
 */
const mostLearnt = 16;
/**
 * Frames that are left during a reading at most: when more than these are uncertain, their calls were never seen, as at the first sample, and
 * what is certain is another function's than the one that ran.
 */
const mostLeft = 4;
/** Frames of one stack that are read by themselves before all is read again. */
const mostLateFrames = 8;
/** Microseconds after which a walk follows all frames again: what outer ones call may be certain by now. */
const followAllEvery = 10_000;

/** A thread whose stack is looked for. */
export interface ThreadInHand {
  readonly stack: ThreadStack;
  readonly last: LastStack;
  readonly readings: ReadingCount;
  /** When all its frames were followed, also those that had not changed; microseconds. */
  followedAt: number;
}

export interface StackFinderParts {
  readonly memory: TargetMemory;
  readonly layout: Layout;
  readonly nodes: StackNodes;
  readonly edges: CallEdges;
  readonly calls: CCalls;
  readonly codes: CodeTable;
  readonly losses: Losses;
  /** Microseconds, as the times of ticks. */
  readonly clock: () => number;
}

/** Makes a thread's stack, as a node of `StackNodes`, of what was copied of it while it ran; reads again when that is not certain. */
export class StackFinder {
  readonly #memory: TargetMemory;
  readonly #layout: Layout;
  readonly #nodes: StackNodes;
  readonly #edges: CallEdges;
  readonly #calls: CCalls;
  readonly #codes: CodeTable;
  readonly #losses: Losses;
  readonly #clock: () => number;
  /** By which rule the last stack was found. */
  rule: Rule = 'no Python';
  /** When the copy began that the last call of `readAgain` made its stack of. */
  copiedAt = 0;
  readonly #walk = new Walk();
  readonly #plan = new ReadPlan();
  #buffer = new Uint8Array(1 << 16);
  #words = new Uint32Array(this.#buffer.buffer);
  /** Node of a stack that has another depth than its thread counts; -1: none. */
  #doubtful = -1;
  /** Node of the callers of an innermost frame whose call is not believed yet, by the tick's read; -1: it lacked more, or nothing. */
  #callers = -1;

  /** Whether the last call of `readAgain` found no more than a part that is certain. */
  #isCut = false;

  constructor({ memory, layout, nodes, edges, calls, codes, losses, clock }: StackFinderParts) {
    this.#memory = memory;
    this.#layout = layout;
    this.#nodes = nodes;
    this.#edges = edges;
    this.#calls = calls;
    this.#codes = codes;
    this.#losses = losses;
    this.#clock = clock;
  }

  /**
   * The thread's node by what the tick's one read brought; -1 when that does not make a stack that is certain. `anchor` as
   * `ThreadStack.anchor` tells it; `inCall` false when the innermost frame's call may be over.
   */
  inCopy(thread: ThreadInHand, words: Uint32Array, anchor: number, inCall: boolean): number {
    this.rule = 'no Python';
    if (anchor === 0) return emptyNode;
    const { stack, last } = thread;
    const walk = this.#walk;
    walk.given = 0;
    this.#callers = -1;
    // A frame of C that is not known yet says which is the current frame; those that it has below it are in the copy as a rule.
    const before = anchor < 0 ? stack.readAnchor(this.#memory) : anchor;
    if (!isPointer(before)) {
      walk.end = 'whole';
      return -1;
    }
    this.#edges.nextReading(thread.readings);
    this.#follow(thread, words, before, inCall);
    const left = this.#restoreCodes();
    // It was left while it was read, which cuts its link; or it is not among the frames that were copied.
    if (walk.end === 'torn' && walk.count === 1) {
      const node = this.#belowLastCallers();
      return node >= 0 ? node : this.#belowCallers(thread, words, before, 0);
    }
    if (walk.end === 'missing' && walk.count === 0) {
      const caller = stack.readFrame(this.#memory, before, walk);
      const node = walk.given === 1 ? this.#belowCallers(thread, words, before, caller) : -1;
      stack.cover(this.#memory, before);
      return node;
    }
    if (walk.end !== 'whole') return this.#belowLastCallers();
    const steady = left === 0 && before === stack.anchor(words, 'after');
    if (!stack.hasDepthOf(words, 'before', walk)) return this.#belowLastCallers();
    const node = this.#nodes.find(walk, last, steady);
    if (node < 0) {
      this.#noteCallers();
      return steady ? -1 : this.#belowLastCallers();
    }
    if (this.#layout.minor <= 10) this.#nodes.noteCallers(walk, last);
    return this.#found(node, 'as copied');
  }

  #walkFrom(thread: ThreadInHand, words: Uint32Array, from: number, inCall: boolean): void {
    const { stack, last } = thread;
    const { now } = this.#calls;
    let reusable = last.reusable(stack.known.version);
    if (now - thread.followedAt >= followAllEvery) {
      reusable = 0;
      thread.followedAt = now;
    }
    stack.walk(words, from, this.#walk, this.#calls, inCall, reusable);
  }

  /**
   * Walks in the tick's copy. Callers that it does not have are read one by one: since they wait for what they called, they are most often
   * the same still.
   */
  #follow(thread: ThreadInHand, words: Uint32Array, from: number, inCall: boolean): void {
    const walk = this.#walk;
    const { stack } = thread;
    this.#walkFrom(thread, words, from, inCall);
    if (walk.end !== 'missing' || walk.count === 0) return;
    const { missing } = walk;
    for (let reads = 0; walk.end === 'missing' && reads < mostLateFrames; reads++) {
      const caller = stack.readFrame(this.#memory, walk.missing, walk);
      if (isPointer(caller)) this.#walkFrom(thread, words, caller, true);
      else walk.end = 'torn';
    }
    walk.given = 0;
    stack.cover(this.#memory, missing);
  }

  /**
   * Up to 3.10 frames are objects that deep recursion takes up in another order each time, and so many cannot be copied before they change.
   * The current one was copied soon after the anchor.
   */
  #belowLastCallers(): number {
    if (this.#layout.minor > 10 || this.#walk.count === 0) return -1;
    this.rule = 'callers seen last';
    return this.#nodes.belowLastCallers(this.#walk);
  }

  /**
   * From 3.14 a frame that is left no longer says which code it ran, but still the instruction. It was on the stack when the anchor was
   * read, and that is the moment which the sample is of. Returns how many such frames there are.
   */
  #restoreCodes(): number {
    const { codeLow, codeHigh, instruction, count } = this.#walk;
    let at = 0;
    for (; at < count && codeLow[at] === 0 && codeHigh[at] === 0; at++) {
      const code = this.#codes.codeHolding(instruction[at]!);
      codeLow[at] = code % 0x1_0000_0000;
      codeHigh[at] = code / 0x1_0000_0000;
    }
    return at;
  }

  /**
   * The node of the frame that the walk has, below the callers in the copy; `caller` 0: its link to them was cut when it was left. Reading
   * all again would find the frame left, and so prefer functions that stay long: when the call is not certain, its caller is what counts.
   */
  #belowCallers(thread: ThreadInHand, words: Uint32Array, frame: number, caller: number): number {
    const { stack } = thread;
    // A generator is most often resumed by the same frame. Else the caller may be the frame that became the current one.
    const usual = caller || stack.regions.lastCallerOf(frame);
    this.rule = caller === 0 ? 'callers of a left frame' : 'frame read alone';
    const node = this.#below(thread, words, frame, usual);
    if (node >= 0 || caller !== 0) return node;
    // It was only a guess who the callers are.
    this.#callers = -1;
    const after = stack.anchor(words, 'after');
    const outer = after < 0 || after === frame ? stack.readAnchor(this.#memory) : after;
    const other = outer === usual ? -1 : this.#below(thread, words, frame, outer);
    if (other >= 0) return other;
    return this.#walk.end === 'whole' && this.#areCallersCertain ? this.#counted(this.#nodes.certain) : -1;
  }

  /** The node of the frame that the walk has, below `caller`; -1 when that does not make a stack, or one that is not certain. */
  #below(thread: ThreadInHand, words: Uint32Array, frame: number, caller: number): number {
    const walk = this.#walk;
    if (!isPointer(caller) || caller === frame) return -1;
    walk.given = 1;
    this.#follow(thread, words, caller, true);
    if (walk.end !== 'whole' || walk.count < 2) return -1;
    const node = this.#nodes.find(walk, thread.last, false);
    if (node < 0) this.#noteCallers();
    return node < 0 ? -1 : this.#counted(node);
  }

  /** Whether what is certain of a walk are the callers of a few frames that were left meanwhile, not just where a deep stack begins. */
  get #areCallersCertain(): boolean {
    return this.#nodes.certain > emptyNode && this.#nodes.lacking <= mostLeft;
  }

  #noteCallers(): void {
    if (this.#nodes.lacksInnermost) this.#callers = this.#nodes.certain;
  }

  #found(node: number, rule: Rule): number {
    this.rule = rule;
    return this.#counted(node);
  }

  #counted(node: number): number {
    if (this.#walk.truncated) this.#losses.truncated++;
    return node;
  }

  /** Forgets what `inCopy` found of the callers: their code is not what it was taken for. */
  forgetCallers(): void {
    this.#callers = -1;
  }

  /**
   * Reads one thread again, at once, until its stack is certain; else takes the part of it that is. Follows a call of `inCopy`.
   *
   * When that lacked only a proof of the innermost call, a later reading may prove it, but not take its place: what short functions lose by
   * that would go to those that stay long. Then their callers are what the sample tells.
   */
  readAgain(thread: ThreadInHand, inCall: boolean): number {
    this.#isCut = false;
    const node = this.#readUntilCertain(thread, inCall);
    const callers = this.#callers;
    if (callers >= 0 && (node === callers || !this.#nodes.goesOnFrom(node, callers))) {
      this.rule = 'callers alone';
      return callers;
    }
    // That the thread was within the part that is certain does not make it the self time of its innermost frame.
    return this.#isCut ? this.#nodes.unreadBelow(node) : node;
  }

  #readUntilCertain(thread: ThreadInHand, inCall: boolean): number {
    const { stack } = thread;
    const walk = this.#walk;
    let certain: number = emptyNode;
    let learnt = 0;
    this.#doubtful = -1;
    if (walk.end === 'missing') stack.cover(this.#memory, walk.missing);
    for (
      let attempt = 0;
      attempt < (certain === emptyNode && this.#doubtful < 0 ? attemptsForRoot : attempts);
      attempt++
    ) {
      this.#losses.retried++;
      walk.end = 'whole';
      const count = this.#read(stack);
      if (count < this.#plan.requiredBytes) {
        if (count === processEnded) return certain;
        const lost = this.#plan.regionAt(count);
        stack.drop(this.#plan.addressOf(lost), this.#plan.lengthOf(lost));
        continue;
      }
      const before = stack.anchor(this.#words, 'before');
      if (before === 0) {
        this.rule = 'no Python';
        return emptyNode;
      }
      if (before < 0) continue;
      const after = stack.anchor(this.#words, 'after');
      this.#edges.nextReading(thread.readings);
      const node = this.#nodeFrom(thread, before, after, inCall);
      if (node >= 0) return node;
      const end = walk.end as WalkEnd;
      if (end === 'whole') certain = this.#nodes.certain;
      // A reading that only showed where more frames lie was not torn: the stack may stand still. And one of a deep stack that did not hold
      // still for the milliseconds that its copy takes is no evidence of its many calls.
      const isVain =
        end === 'missing'
          ? stack.cover(this.#memory, walk.missing)
          : before !== after && this.#nodes.lacking > mostLeft;
      if (isVain && learnt++ < mostLearnt) attempt--;
    }
    // It was found again and again: C functions do call deep down.
    if (this.#doubtful >= 0) return this.#found(this.#doubtful, 'depth differs');
    this.#losses.torn++;
    this.#isCut = true;
    this.rule = 'part';
    return certain;
  }

  /** Copies what belongs to one thread. Returns what `TargetMemory.readMany` does. */
  #read(stack: ThreadStack): number {
    this.#plan.clear();
    stack.addTo(this.#plan, true);
    stack.addRest(this.#plan);
    // The tick's plan must be made again: the regions now say where they are in this copy.
    stack.changed = true;
    if (this.#plan.bytes > this.#buffer.length) {
      this.#buffer = new Uint8Array(this.#plan.bytes * 2);
      this.#words = new Uint32Array(this.#buffer.buffer);
    }
    this.copiedAt = this.#calls.now = this.#clock();
    const count = this.#memory.readMany(this.#plan, this.#buffer);
    stack.regions.copied = count;
    return count;
  }

  #nodeFrom(thread: ThreadInHand, before: number, after: number, inCall: boolean): number {
    const { stack, last } = thread;
    const walk = this.#walk;
    const words = this.#words;
    // A frame that was read by itself and led nowhere is not part of this reading.
    walk.given = 0;
    this.#walkFrom(thread, words, before, inCall);
    const left = this.#restoreCodes();
    const isWhole = walk.end === 'whole';
    if (isWhole && !stack.hasDepthOf(words, 'before', walk)) {
      this.#doubtful = this.#nodes.find(walk, last, false);
    } else if (isWhole) {
      const node = this.#nodes.find(walk, last, left === 0 && before === after);
      if (node >= 0) return this.#found(node, 'read again');
      // The innermost frames were left while the copy was made, and what they left behind does not follow from their
      // callers any more. The callers then are the stack of that very moment: reading again would only prefer
      // functions that stay long.
      if (before !== after && this.#areCallersCertain)
        return this.#found(this.#nodes.certain, 'callers of a later copy');
    }
    if (after === before || !isPointer(after)) return -1;
    this.#walkFrom(thread, words, after, inCall);
    if (walk.end !== 'whole' || !stack.hasDepthOf(words, 'after', walk)) return -1;
    const node = this.#nodes.find(walk, last, false);
    return node < 0 ? -1 : this.#found(node, 'below the second pointer');
  }
}

import { type InterpreterInfo, readInterpreters, readThreadStates } from '../cpython/interpreters.js';
import type { Layout } from '../cpython/layout.js';
import type { RuntimeLocation } from '../cpython/locate/locate.js';
import { findThreadIdOffset, readThreadId } from '../cpython/native-thread-ids.js';
import { readThreadNames } from '../cpython/thread-names.js';
import { ThreadStack, Walk } from '../cpython/thread-stack.js';
import { isPointer, readPointer } from '../memory/pointers.js';
import { ReadPlan } from '../memory/read-plan.js';
import { processEnded, type TargetMemory } from '../memory/target-memory.js';
import { type Losses, RunFlag } from '../model/profile.js';
import { ThreadClock } from '../process/thread-clock.js';
import type { RecordingEncoder } from '../recording/recording-encoder.js';
import { CCalls } from './c-calls.js';
import { CallEdges } from './call-edges.js';
import { CodeTable, hiddenFrame } from './code-table.js';
import { cFunctionMark, emptyNode, LastStack, StackNodes } from './stack-nodes.js';
import { ThreadActivity } from './thread-activity.js';

export interface ProcessSamplerOptions {
  readonly memory: TargetMemory;
  readonly location: RuntimeLocation;
  readonly encoder: RecordingEncoder;
  /** The recording's number of this process. */
  readonly process: number;
  /** The process's id in its own pid namespace, and from ids there to ours. */
  readonly innerPid: number;
  readonly outerThreadId: (innerId: number) => number;
  readonly shortFileName: (fileName: string) => string;
  readonly losses: Losses;
  readonly pid: number;
  /** Whether stacks tell of C functions. */
  readonly cFunctions: boolean;
}

/** An interpreter, and where in the copy of a tick its lock and its collector are; -1: not there. */
interface SampledInterpreter extends InterpreterInfo {
  /** The first thread state at the last look: when it changed, threads came or went. */
  head: number;
  headAt: number;
  lockStart: number;
  lockEnd: number;
  holderAt: number;
  lockedAt: number;
  collectingAt: number;
  /** In the tick's copy: the thread state that holds the GIL, 0 when none does, and whether the collector runs. */
  holder: number;
  collecting: boolean;
}

interface SampledThread {
  readonly stack: ThreadStack;
  readonly last: LastStack;
  /** The recording's number of the thread. */
  readonly id: number;
  readonly ident: number;
  readonly nativeId: number;
  readonly threadId: number;
  /** How often it was looked for in the list of threads until all that can be known of it was. */
  looks: number;
  settled: boolean;
  interpreter: SampledInterpreter;
  readonly activity: ThreadActivity;
  name: string;
  /** Node of the last sample; -1 while not known. */
  node: number;
  /** Address of the current frame at the last sample. */
  anchor: number;
}

/** Readings of one thread that did not hold together before the sampler settles for what is certain. */
const attempts = 5;
/** The same while not even the outermost frame is certain, as at the first sample. */
const attemptsForRoot = 16;
/** Threads of a process whose state and CPU time are told: each keeps two files open. */
const mostClocks = 400;
/** Looks at a new thread, a millisecond apart, until it is taken for one without a name. */
const looksAtNewThread = 20;
/** Frames of one stack that are read by themselves before all is read again. */
const mostLateFrames = 8;
/** Regions that vanished under one read before the rest of the tick is given up. */
const lostRegions = 8;
/** Stacks remembered before all are forgotten, so that memory is bounded. */
const mostNodes = 2_000_000;

/** Samples one process: one scatter read per tick for all its threads, then a walk in the copy. */
export class ProcessSampler {
  readonly #memory: TargetMemory;
  readonly #layout: Layout;
  readonly #runtime: number;
  readonly #encoder: RecordingEncoder;
  readonly #process: number;
  readonly #losses: Losses;
  readonly #options: ProcessSamplerOptions;
  readonly #plan = new ReadPlan();
  readonly #single = new ReadPlan();
  readonly #walk = new Walk();
  readonly #edges = new CallEdges();
  readonly #nodes: StackNodes;
  readonly codes: CodeTable;
  #threads: SampledThread[] = [];
  #interpreters: SampledInterpreter[] = [];
  readonly #calls: CCalls;
  #lastTick = 0;
  #headsMoved = false;
  /** The last look found a thread that does not run yet; how many looks in a row did. */
  #unborn = false;
  #unbornLooks = 0;
  #planned = false;
  #buffer = new Uint8Array(1 << 16);
  #words = new Uint32Array(this.#buffer.buffer);
  #singleBuffer = new Uint8Array(1 << 16);
  #singleWords = new Uint32Array(this.#singleBuffer.buffer);
  #threadIdOffset = -2;
  /** Node of a stack that has another depth than its thread counts; -1: none. */
  #doubtful = -1;

  constructor(options: ProcessSamplerOptions) {
    this.#options = options;
    this.#memory = options.memory;
    this.#layout = options.location.layout;
    this.#runtime = options.location.runtime;
    this.#encoder = options.encoder;
    this.#process = options.process;
    this.#losses = options.losses;
    this.codes = new CodeTable(options.memory, this.#layout, options.encoder, options.shortFileName);
    this.#calls = new CCalls(options.memory, this.#layout, options.cFunctions);
    const truncatedStack = options.encoder.defineStack(0, this.#frameWithoutFile('synthetic', '<truncated>'));
    this.#nodes = new StackNodes(
      this.#edges,
      this.#calls,
      (parent, codeLow, codeHigh, instruction) => {
        if (codeHigh === cFunctionMark)
          return this.#encoder.defineStack(parent, this.#frameWithoutFile('c', this.#calls.names[codeLow]!));
        const frame = this.codes.frame(codeLow, codeHigh, instruction);
        if (frame === hiddenFrame) return parent;
        return frame < 0 ? -1 : this.#encoder.defineStack(parent, frame);
      },
      truncatedStack,
    );
  }

  #frameWithoutFile(kind: 'c' | 'synthetic', qualifiedName: string): number {
    const name = qualifiedName.slice(qualifiedName.lastIndexOf('.') + 1);
    const fn = { kind, name, qualifiedName, file: '', shortFile: '', firstLine: 0 };
    return this.#encoder.defineFrame(this.#encoder.defineFunction(fn), 0);
  }

  get threadCount(): number {
    return this.#threads.length;
  }

  /** The stack (as the recording numbers it) that each thread was last seen with. */
  *stacks(): Generator<number> {
    for (const { node } of this.#threads) if (node > emptyNode) yield this.#nodes.stackOf(node);
  }

  /** Looks for threads that came or went, and for new names. Not on every tick: it reads lists one by one. */
  refreshThreads(timeMicros: number): void {
    if (this.#threads.length === 0) this.#lastTick = timeMicros;
    this.#headsMoved = false;
    this.#unborn = false;
    this.#interpreters = readInterpreters(this.#memory, this.#layout, this.#runtime).map((info) => ({
      ...info,
      ...{ head: 0, lockStart: 0, lockEnd: 0, holder: 0, collecting: false },
      ...{ headAt: -1, holderAt: -1, lockedAt: -1, collectingAt: -1 },
    }));
    const known = new Map(this.#threads.map((thread) => [thread.stack.threadState, thread]));
    const threads: SampledThread[] = [];
    const nativeIds = this.#layout.threadState.nativeThreadId >= 0;
    for (const interpreter of this.#interpreters) {
      interpreter.head = this.#headOf(interpreter);
      const names = readThreadNames(this.#memory, this.#layout, interpreter.address);
      const states = readThreadStates(this.#memory, this.#layout, interpreter.address);
      // The state of a thread that has not begun is made by its parent: without ids from 3.11 on, with those of the parent before.
      const oldest = new Map(states.map(({ ident }, place) => [ident, place]));
      for (const [place, { address, ident, nativeId }] of states.entries()) {
        if (nativeIds ? ident === 0 || nativeId === 0 : oldest.get(ident) !== place) {
          this.#unborn = true;
          continue;
        }
        const candidate = known.get(address);
        const old =
          candidate?.ident === ident &&
          candidate.nativeId === nativeId &&
          candidate.interpreter.id === interpreter.id
            ? candidate
            : undefined;
        const name = names.get(ident) ?? old?.name ?? '';
        const threadId = old?.settled
          ? old.threadId
          : this.#options.outerThreadId(
              nativeId || this.#derivedThreadId(ident, states.at(-1)?.ident ?? ident),
            );
        // A thread that is just starting has no id and no name yet: it is looked at again, a few times.
        const looks = (old?.looks ?? 0) + 1;
        const settled = (threadId > 0 && name !== '') || looks >= looksAtNewThread;
        if (old && old.threadId === threadId) {
          known.delete(address);
          if (name !== old.name) this.#encoder.renameThread(old.id, name);
          threads.push(Object.assign(old, { interpreter, name, looks, settled }));
          continue;
        }
        const id = this.#encoder.defineThread({
          process: this.#process,
          threadId,
          name,
          interpreter: interpreter.id,
        });
        const stack = new ThreadStack(this.#layout, address);
        threads.push({
          stack,
          last: new LastStack(),
          id,
          ident,
          nativeId,
          interpreter,
          threadId,
          looks,
          settled,
          activity: new ThreadActivity(
            threads.length < mostClocks ? ThreadClock.open(this.#options.pid, threadId) : undefined,
          ),
          name,
          node: -1,
          anchor: -1,
        });
      }
    }
    for (const gone of known.values()) {
      this.#encoder.threadEnded(gone.id, timeMicros);
      gone.activity.close();
    }
    this.#threads = threads;
    this.#unbornLooks = this.#unborn ? this.#unbornLooks + 1 : 0;
    this.#planned = false;
  }

  #derivedThreadId(ident: number, mainIdent: number): number {
    if (this.#threadIdOffset === -2)
      this.#threadIdOffset = findThreadIdOffset(this.#memory, mainIdent, this.#options.innerPid);
    return readThreadId(this.#memory, ident, this.#threadIdOffset);
  }

  /** Whether a thread was started or ended since the last look, as far as the heads of the lists told at the last tick. */
  threadsChanged(): boolean {
    return (
      this.#headsMoved ||
      (this.#unborn && this.#unbornLooks < looksAtNewThread) ||
      this.#threads.some(({ settled }) => !settled)
    );
  }

  #headOf({ address }: InterpreterInfo): number {
    return readPointer(this.#memory, address + this.#layout.interpreter.threadsHead);
  }

  /** Housekeeping that need not happen on every tick. */
  checkCode(): void {
    if (this.codes.checkSome() || this.#nodes.count > mostNodes) this.#forgetStacks();
  }

  /** Housekeeping for now and then: objects that were called may have gone, and others be in their place. */
  checkCalls(): void {
    this.#calls.recheck();
  }

  close(): void {
    for (const { activity } of this.#threads) activity.close();
  }

  #forgetStacks(): void {
    this.#nodes.clear();
    this.#edges.clear();
    this.#calls.forgetCode();
    for (const thread of this.#threads) thread.last.length = 0;
  }

  /** Takes one sample of every thread. False when the process is gone. */
  tick(timeMicros: number): boolean {
    if (!this.#readAll(timeMicros)) return false;
    this.#encoder.beginTick(this.#process, timeMicros);
    const passed = timeMicros - this.#lastTick;
    this.#lastTick = timeMicros;
    for (const interpreter of this.#interpreters) this.#readLock(interpreter);
    for (const thread of this.#threads) {
      const before = thread.stack.anchor(this.#words, 'before');
      const flags = this.#flags(thread, timeMicros, passed, before !== thread.anchor);
      thread.anchor = before;
      this.#calls.now = timeMicros;
      this.#calls.blocked = (flags & (RunFlag.waiting | RunFlag.waitsForGil)) === RunFlag.waiting;
      const node = this.#nodeInCopy(thread, before);
      const found = node >= 0 ? node : this.#settle(thread);
      if (found !== thread.node) thread.activity.movedOn();
      thread.node = found;
      this.#encoder.sample(thread.id, this.#nodes.stackOf(found), flags);
      if (thread.stack.changed) this.#planned = false;
    }
    this.#encoder.endTick();
    return true;
  }

  #flags(
    { stack, activity, interpreter }: SampledThread,
    time: number,
    passed: number,
    moved: boolean,
  ): number {
    const { holder, collecting, lockStart, lockEnd } = interpreter;
    const holdsGil = stack.threadState === holder;
    const flags = activity.flags(time, passed, moved, holdsGil, lockStart, lockEnd);
    if (!holdsGil) return flags;
    return flags | RunFlag.holdsGil | (collecting ? RunFlag.collecting : 0);
  }

  #readAll(time: number): boolean {
    for (let lost = 0; ; lost++) {
      if (!this.#planned) this.#makePlan();
      const count = this.#memory.readMany(this.#plan, this.#buffer);
      if (count === processEnded) return false;
      if (count >= this.#plan.bytes) return true;
      // Something that was mapped is no longer: leave it out and read again.
      const address = this.#plan.addressOf(this.#plan.regionAt(count));
      let threadGone = true;
      for (const { stack } of this.#threads) {
        if (address === stack.threadState + this.#layout.threadState.frame) continue;
        const before = stack.regionCount;
        stack.drop(address);
        if (stack.regionCount !== before) threadGone = false;
      }
      this.#planned = false;
      if (lost < lostRegions) continue;
      if (threadGone) this.refreshThreads(time);
      if (lost > lostRegions * 4)
        return (
          this.#threads.length > 0 && readInterpreters(this.#memory, this.#layout, this.#runtime).length > 0
        );
    }
  }

  #makePlan(): void {
    this.#plan.clear();
    // Nothing is read before the anchors. To read a cache line that the target writes takes it from the target for some 100 ns, so it would
    // be found waiting at its next call or return; the functions between would seem that much shorter.
    for (const { stack } of this.#threads) stack.addTo(this.#plan);
    for (const interpreter of this.#interpreters) this.#planLock(interpreter);
    // A read of nothing would succeed for ever, also when the process is gone.
    if (this.#plan.bytes === 0) this.#plan.add(this.#runtime + this.#layout.runtime.interpretersHead, 8);
    if (this.#plan.bytes > this.#buffer.length) {
      this.#buffer = new Uint8Array(this.#plan.bytes * 2);
      this.#words = new Uint32Array(this.#buffer.buffer);
    }
    this.#planned = true;
  }

  /** The words that say which thread is the newest of an interpreter, who holds its GIL, and whether its collector runs. */
  #planLock(interpreter: SampledInterpreter): void {
    interpreter.holderAt = interpreter.lockedAt = -1;
    interpreter.headAt = this.#plan.add(interpreter.address + this.#layout.interpreter.threadsHead, 8);
    const { runtime, gil, gc, interpreter: offsets } = this.#layout;
    const collector = runtime.gc >= 0 ? this.#runtime + runtime.gc : interpreter.address + offsets.gc;
    interpreter.collectingAt = this.#plan.add(collector + gc.collecting, 8);
    if (runtime.gilThreadState >= 0) {
      interpreter.holderAt = this.#plan.add(this.#runtime + runtime.gilThreadState, 8);
      interpreter.lockStart = this.#runtime + runtime.gil;
    } else {
      const lock = readPointer(this.#memory, interpreter.address + offsets.gil);
      if (!isPointer(lock)) return;
      interpreter.holderAt = this.#plan.add(lock + gil.lastHolder, 8);
      interpreter.lockedAt = this.#plan.add(lock + gil.locked, 8);
      interpreter.lockStart = lock;
    }
    interpreter.lockEnd = interpreter.lockStart + gil.size;
  }

  #readLock(interpreter: SampledInterpreter): void {
    const { headAt, holderAt, lockedAt, collectingAt } = interpreter;
    const words = this.#words;
    const head = words[(headAt >> 2) + 1]! * 0x1_0000_0000 + words[headAt >> 2]!;
    if (head !== interpreter.head) this.#headsMoved = true;
    interpreter.collecting = collectingAt >= 0 && words[collectingAt >> 2] !== 0;
    const locked = holderAt >= 0 && (lockedAt < 0 || words[lockedAt >> 2] === 1);
    const word = holderAt >> 2;
    interpreter.holder = locked ? words[word + 1]! * 0x1_0000_0000 + words[word]! : 0;
  }

  /** The thread's node by what the tick's one read brought; -1 when that does not make a stack that is certain. */
  #nodeInCopy({ stack, last, activity }: SampledThread, anchor: number): number {
    if (anchor === 0) return emptyNode;
    // A frame of C that is not known yet says which is the current frame; those that it has below it are in the copy as a rule.
    const before = anchor < 0 ? stack.readAnchor(this.#memory) : anchor;
    if (!isPointer(before)) {
      this.#walk.end = 'whole';
      return -1;
    }
    this.#edges.nextReading();
    this.#follow(stack, before, !activity.maybeBetweenCalls);
    const left = this.#restoreCodes();
    // It was left while it was read, which cuts its link; or it is not among the frames that were copied.
    if (this.#walk.end === 'torn' && this.#walk.count === 1)
      return this.#nodeBelowCallers(stack, last, before, 0);
    if (this.#walk.end === 'missing' && this.#walk.count === 0) {
      const caller = stack.readFrame(this.#memory, before, this.#walk);
      const node = this.#walk.given === 1 ? this.#nodeBelowCallers(stack, last, before, caller) : -1;
      stack.cover(this.#memory, before);
      return node;
    }
    if (this.#walk.end !== 'whole') return this.#belowLastCallers();
    const steady = left === 0 && before === stack.anchor(this.#words, 'after');
    if (!stack.hasDepthOf(this.#words, 'before', this.#walk)) return this.#belowLastCallers();
    const node = this.#nodes.find(this.#walk, last, steady);
    if (node < 0) return steady ? -1 : this.#belowLastCallers();
    if (this.#layout.minor <= 10 && steady) this.#nodes.noteCallers(this.#walk, last);
    return this.#counted(node);
  }

  /**
   * Walks in the tick's copy. Callers that it does not have are read one by one: since they wait for what they called, they are most often
   * the same still.
   */
  #follow(stack: ThreadStack, from: number, inCall: boolean): void {
    const walk = this.#walk;
    stack.walk(this.#words, from, walk, this.#calls, inCall);
    if (walk.end !== 'missing' || walk.count === 0) return;
    const { missing } = walk;
    for (let reads = 0; walk.end === 'missing' && reads < mostLateFrames; reads++) {
      const caller = stack.readFrame(this.#memory, walk.missing, walk);
      if (isPointer(caller)) stack.walk(this.#words, caller, walk, this.#calls);
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
    return this.#layout.minor <= 10 && this.#walk.count > 0 ? this.#nodes.belowLastCallers(this.#walk) : -1;
  }

  /**
   * From 3.14 a frame that is left no longer says which code it ran, but still the instruction. It was on the stack when the anchor was
   * read, and that is the moment which the sample is of. Returns how many such frames there are.
   */
  #restoreCodes(): number {
    const { codeLow, codeHigh, instruction, count } = this.#walk;
    let at = 0;
    for (; at < count && codeLow[at] === 0 && codeHigh[at] === 0; at++) {
      const code = this.codes.codeHolding(instruction[at]!);
      codeLow[at] = code % 0x1_0000_0000;
      codeHigh[at] = code / 0x1_0000_0000;
    }
    return at;
  }

  /**
   * The node of the frame that the walk has, below the callers in the copy; `caller` 0: its link to them was cut when it was left. Reading
   * all again would find the frame left, and so prefer functions that stay long: when the call is not certain, its caller is what counts.
   */
  #nodeBelowCallers(stack: ThreadStack, last: LastStack, frame: number, caller: number): number {
    // A generator is most often resumed by the same frame. Else the caller may be the frame that became the current one.
    const usual = caller || stack.lastCallerOf(frame);
    const node = this.#nodeBelow(stack, last, frame, usual);
    if (node >= 0 || caller !== 0) return node;
    const after = stack.anchor(this.#words, 'after');
    const outer = after === frame ? stack.readAnchor(this.#memory) : after;
    const other = outer === usual ? -1 : this.#nodeBelow(stack, last, frame, outer);
    if (other >= 0) return other;
    return this.#walk.end === 'whole' && this.#nodes.certain > emptyNode
      ? this.#counted(this.#nodes.certain)
      : -1;
  }

  /** The node of the frame that the walk has, below `caller`; -1 when that does not make a stack, or one that is not certain. */
  #nodeBelow(stack: ThreadStack, last: LastStack, frame: number, caller: number): number {
    const walk = this.#walk;
    if (!isPointer(caller) || caller === frame) return -1;
    walk.given = 1;
    this.#follow(stack, caller, true);
    if (walk.end !== 'whole' || walk.count < 2) return -1;
    const node = this.#nodes.find(walk, last, false);
    return node < 0 ? -1 : this.#counted(node);
  }

  #nodeFrom(thread: SampledThread, words: Uint32Array, before: number, after: number): number {
    const { stack, last } = thread;
    const inCall = !thread.activity.maybeBetweenCalls;
    // A frame that was read by itself and led nowhere is not part of this reading.
    this.#walk.given = 0;
    stack.walk(words, before, this.#walk, this.#calls, inCall);
    const left = this.#restoreCodes();
    const isWhole = this.#walk.end === 'whole';
    if (isWhole && !stack.hasDepthOf(words, 'before', this.#walk)) {
      this.#doubtful = this.#nodes.find(this.#walk, last, false);
    } else if (isWhole) {
      const node = this.#nodes.find(this.#walk, last, left === 0 && before === after);
      if (node >= 0) return this.#counted(node);
      // The innermost frames were left while the copy was made, and what they left behind does not follow from their
      // callers any more. The callers then are the stack of that very moment: reading again would only prefer
      // functions that stay long.
      if (before !== after && this.#nodes.certain > emptyNode) return this.#counted(this.#nodes.certain);
    }
    if (after === before || !isPointer(after)) return -1;
    stack.walk(words, after, this.#walk, this.#calls, inCall);
    if (this.#walk.end !== 'whole' || !stack.hasDepthOf(words, 'after', this.#walk)) return -1;
    const node = this.#nodes.find(this.#walk, last, false);
    return node < 0 ? -1 : this.#counted(node);
  }

  #counted(node: number): number {
    if (this.#walk.truncated) this.#losses.truncated++;
    return node;
  }

  /** Reads one thread again, at once, until its stack is certain; else takes the part of it that is. */
  #settle(thread: SampledThread): number {
    const { stack } = thread;
    let certain: number = emptyNode;
    this.#doubtful = -1;
    for (
      let attempt = 0;
      attempt < (certain === emptyNode && this.#doubtful < 0 ? attemptsForRoot : attempts);
      attempt++
    ) {
      this.#losses.retried++;
      if (this.#walk.end === 'missing') stack.cover(this.#memory, this.#walk.missing);
      this.#walk.end = 'whole';
      this.#single.clear();
      stack.addTo(this.#single);
      stack.changed = true;
      if (this.#single.bytes > this.#singleBuffer.length) {
        this.#singleBuffer = new Uint8Array(this.#single.bytes * 2);
        this.#singleWords = new Uint32Array(this.#singleBuffer.buffer);
      }
      const count = this.#memory.readMany(this.#single, this.#singleBuffer);
      if (count < this.#single.bytes) {
        if (count === processEnded) break;
        stack.drop(this.#single.addressOf(this.#single.regionAt(count)));
        continue;
      }
      const before = stack.anchor(this.#singleWords, 'before');
      if (before === 0) return emptyNode;
      if (before < 0) continue;
      const after = stack.anchor(this.#singleWords, 'after');
      this.#edges.nextReading();
      const node = this.#nodeFrom(thread, this.#singleWords, before, after);
      if (node >= 0) return node;
      if (this.#walk.end === 'whole') certain = this.#nodes.certain;
    }
    // It was found again and again: C functions do call deep down.
    if (this.#doubtful >= 0) return this.#counted(this.#doubtful);
    this.#losses.torn++;
    return certain;
  }
}

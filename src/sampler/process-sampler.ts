import { readInterpreters, readThreadStates } from '../cpython/interpreters.js';
import type { Layout } from '../cpython/layout.js';
import type { RuntimeLocation } from '../cpython/locate/locate.js';
import { findThreadIdOffset, readThreadId } from '../cpython/native-thread-ids.js';
import { ThreadStack } from '../cpython/stack/thread-stack.js';
import { readThreadNames } from '../cpython/thread-names.js';
import { ReadPlan } from '../memory/read-plan.js';
import { processEnded, type TargetMemory } from '../memory/target-memory.js';
import { type Losses, RunFlag } from '../model/profile.js';
import { ThreadClock } from '../process/thread-clock.js';
import type { RecordingEncoder } from '../recording/recording-encoder.js';
import { CCalls } from './c-calls.js';
import { CallEdges } from './call-edges.js';
import { CodeTable, hiddenFrame } from './code-table.js';
import { InterpreterWords } from './interpreter-words.js';
import { StackFinder, type ThreadInHand } from './stack-finder.js';
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

interface SampledInterpreter {
  readonly id: number;
  readonly words: InterpreterWords;
}

interface SampledThread extends ThreadInHand {
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
  /** Ticks for which its anchor is still read twice, as evidence of new calls. */
  doubtfulTicks: number;
}

/**
 * Ticks without a call that was not known until the anchor of a thread is read only once. It costs a region a thread, but a function that
 * is seen once in a while can only be told from an accident by it.
 */
const ticksOfDoubt = 512;
/** Threads of a process whose state and CPU time are told: each keeps two files open. */
const mostClocks = 400;
/** Looks at a new thread, a millisecond apart, until it is taken for one without a name. */
const looksAtNewThread = 20;
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
  readonly #options: ProcessSamplerOptions;
  readonly #plan = new ReadPlan();
  readonly #edges = new CallEdges();
  readonly #nodes: StackNodes;
  readonly #finder: StackFinder;
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
  #threadIdOffset = -2;

  constructor(options: ProcessSamplerOptions) {
    this.#options = options;
    this.#memory = options.memory;
    this.#layout = options.location.layout;
    this.#runtime = options.location.runtime;
    this.#encoder = options.encoder;
    this.#process = options.process;
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
    this.#finder = new StackFinder({
      ...{ memory: options.memory, layout: this.#layout, losses: options.losses },
      ...{ nodes: this.#nodes, edges: this.#edges, calls: this.#calls, codes: this.codes },
    });
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
    const interpreters: SampledInterpreter[] = [];
    const known = new Map(this.#threads.map((thread) => [thread.stack.threadState, thread]));
    const threads: SampledThread[] = [];
    const nativeIds = this.#layout.threadState.nativeThreadId >= 0;
    for (const { id, address: at } of readInterpreters(this.#memory, this.#layout, this.#runtime)) {
      // Before the list is read, so that what changes in it meanwhile is noticed.
      const words = new InterpreterWords(this.#memory, this.#layout, this.#runtime, at);
      const interpreter = { id, words };
      interpreters.push(interpreter);
      const names = readThreadNames(this.#memory, this.#layout, at);
      const states = readThreadStates(this.#memory, this.#layout, at);
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
        threads.push({
          stack: new ThreadStack(this.#layout, address),
          last: new LastStack(),
          id: this.#encoder.defineThread({ process: this.#process, threadId, name, interpreter: id }),
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
          doubtfulTicks: ticksOfDoubt,
          followedAt: Number.NEGATIVE_INFINITY,
        });
      }
    }
    for (const gone of known.values()) {
      this.#encoder.threadEnded(gone.id, timeMicros);
      gone.activity.close();
    }
    this.#threads = threads;
    this.#interpreters = interpreters;
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
    for (const { words } of this.#interpreters) if (words.read(this.#words)) this.#headsMoved = true;
    for (const thread of this.#threads) {
      const before = thread.stack.anchor(this.#words, 'before');
      const flags = this.#flags(thread, timeMicros, passed, before !== thread.anchor);
      thread.anchor = before;
      this.#calls.now = timeMicros;
      this.#calls.blocked = (flags & (RunFlag.waiting | RunFlag.waitsForGil)) === RunFlag.waiting;
      const found = this.#find(thread, before);
      if (found !== thread.node) thread.activity.movedOn();
      thread.node = found;
      this.#encoder.sample(thread.id, this.#nodes.stackOf(found), flags);
      if (thread.stack.changed) this.#planned = false;
    }
    this.#encoder.endTick();
    return true;
  }

  #find(thread: SampledThread, anchor: number): number {
    const inCall = !thread.activity.maybeBetweenCalls;
    const node = this.#finder.inCopy(thread, this.#words, anchor, inCall);
    const { doubtfulTicks } = thread;
    thread.doubtfulTicks = node < 0 ? ticksOfDoubt : Math.max(0, doubtfulTicks - 1);
    if ((thread.doubtfulTicks === 0) !== (doubtfulTicks === 0)) this.#planned = false;
    return node >= 0 ? node : this.#finder.readAgain(thread, inCall);
  }

  #flags(
    { stack, activity, interpreter }: SampledThread,
    time: number,
    passed: number,
    moved: boolean,
  ): number {
    const { holder, collecting, lockStart, lockEnd } = interpreter.words;
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
        const before = stack.regions.count;
        stack.drop(address);
        if (stack.regions.count !== before) threadGone = false;
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
    // Up to 3.10 a stack that was seen to hold still is what others are compared with.
    const always = this.#layout.minor <= 10;
    for (const { stack, doubtfulTicks } of this.#threads)
      stack.addTo(this.#plan, always || doubtfulTicks > 0);
    for (const { words } of this.#interpreters) words.addTo(this.#plan);
    // A read of nothing would succeed for ever, also when the process is gone.
    if (this.#plan.bytes === 0) this.#plan.add(this.#runtime + this.#layout.runtime.interpretersHead, 8);
    if (this.#plan.bytes > this.#buffer.length) {
      this.#buffer = new Uint8Array(this.#plan.bytes * 2);
      this.#words = new Uint32Array(this.#buffer.buffer);
    }
    this.#planned = true;
  }
}

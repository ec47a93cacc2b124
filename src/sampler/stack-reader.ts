import { BytecodeCopies, hasBytecodeCopies } from '../cpython/bytecode-copies.js';
import type { Layout } from '../cpython/layout.js';
import { ThreadStack } from '../cpython/stack/thread-stack.js';
import type { ReadPlan } from '../memory/read-plan.js';
import type { TargetMemory } from '../memory/target-memory.js';
import type { NodeId } from '../model/ids.js';
import type { Losses } from '../model/profile.js';
import type { StackDefinitions } from '../recording/recording-encoder.js';
import { type CodeListener, CodeTable, hiddenFrame } from './code-table.js';
import { CFunctions } from './evidence/c-functions.js';
import { CallSites } from './evidence/call-sites.js';
import { Callables } from './evidence/callables.js';
import { ProvenCalls, ReadingCount } from './evidence/proven-calls.js';
import { InnerStacks } from './inner-stacks.js';
import { type LearnAheadParts, learnAhead } from './learn-ahead.js';
import { CheckedStack, mostLate, NameCheck, type NameVerdict } from './name-check.js';
import { Judge } from './stacks/judge.js';
import { LastStack } from './stacks/last-stack.js';
import { Rereader } from './stacks/rereader.js';
import { Sites } from './stacks/sites.js';
import { StackFinder } from './stacks/stack-finder.js';
import { type Below, emptyNode, noNode, StackTree } from './stacks/stack-tree.js';
import { ReadingTaker, type StackOwner } from './stacks/take-reading.js';
import type { Verdict, VerdictCounts } from './stacks/verdicts.js';

/** How much is remembered before all is forgotten, so that memory is bounded. */
export interface Remembered {
  /** Stacks. */
  readonly nodes: number;
  readonly sites: number;
  readonly codes: number;
  readonly functions: number;
}

const mostRemembered: Remembered = { nodes: 500_000, sites: 500_000, codes: 50_000, functions: 200_000 };
/**
 * Microseconds after which calls with weak evidence must be seen again: a program makes its calls more often, an
 * accident is rare.
 */
const doubtEvery = 10e6;
/**
 * Threads that are read ahead, and how often each at most: before the first sample, and before later ones while new
 * code is met. One that imports is another at each reading, so many of them would prove no more.
 */
const [threadsReadAhead, readingsAhead, readingsLater] = [4, 8, 2];
/** Readings of a thread whose stack has code that was reused meanwhile. */
const namingAttempts = 8;

export interface StackReaderOptions {
  readonly memory: TargetMemory;
  readonly layout: Layout;
  readonly encoder: StackDefinitions;
  readonly shortFileName: (fileName: string) => string;
  readonly losses: Losses;
  readonly verdicts: VerdictCounts;
  /** Microseconds, as the times of ticks. */
  readonly clock: () => number;
  /** Whether stacks show C functions. */
  readonly cFunctions: boolean;
  /** The threads whose stacks are read. */
  readonly threads: () => Iterable<ReadThread>;
  /** As `RereaderParts.isTimeUp`. */
  readonly isTimeUp?: () => boolean;
  /** Absent: enough for any program that does not make code as it runs. */
  readonly most?: Remembered;
}

export interface ReadThread extends StackOwner {
  readonly checked: CheckedStack;
}

/** One thread at the moment of a tick. One object is used for all: a sample makes no garbage. */
export interface ThreadMoment {
  /** The tick's copy, and when it began to be made; microseconds. */
  words: Uint32Array;
  copiedAt: number;
  /** How much longer than others of its size it took to make; microseconds. */
  copyDelay: number;
  /** Microseconds since the tick before. */
  passed: number;
  /** As `ThreadStack.currentFrame` gives it. */
  currentFrame: number;
  /** False when the call of the innermost frame may be over. */
  inCall: boolean;
  /** It waits, and not for the GIL. */
  blocked: boolean;
  /** It has the GIL, and does not collect. */
  runs: boolean;
}

export function newMoment(words: Uint32Array): ThreadMoment {
  return {
    words,
    copiedAt: 0,
    copyDelay: 0,
    passed: 0,
    currentFrame: 0,
    inCall: false,
    blocked: false,
    runs: false,
  };
}

/** Reads the stacks of a process's threads, with the names of the code that ran. */
export class StackReader implements CodeListener {
  readonly codes: CodeTable;
  readonly innerStacks: InnerStacks;
  /** Whether the last stack was not found in the tick's copy, so that its thread was read again. */
  readAgain = false;
  /** Whether it is only the most likely one: copies that show whether the thread held still may tell. */
  isGuess = false;
  readonly #memory: TargetMemory;
  readonly #layout: Layout;
  readonly #counts: VerdictCounts;
  readonly #encoder: StackDefinitions;
  readonly #threads: () => Iterable<ReadThread>;
  readonly #losses: Losses;
  readonly #most: Remembered;
  readonly #sites = new Sites();
  /** Of a build in which threads have their own bytecode. */
  readonly #bytecodeCopies: BytecodeCopies | undefined;
  readonly #proven = new ProvenCalls();
  readonly #callSites: CallSites;
  readonly #callables: Callables;
  readonly #cFunctions: CFunctions;
  readonly #tree: StackTree;
  readonly #finder: StackFinder;
  readonly #rereader: Rereader;
  readonly #names: NameCheck;
  readonly #ahead: LearnAheadParts;
  readonly #isTimeUp: () => boolean;
  /** Some thread was read ahead that runs Python. */
  #isReadAhead = false;
  #doubtedAt = 0;

  constructor(options: StackReaderOptions) {
    const { memory, layout, encoder, losses, clock } = options;
    this.#memory = memory;
    this.#layout = layout;
    this.#encoder = encoder;
    this.#losses = losses;
    this.#counts = options.verdicts;
    this.#threads = options.threads;
    this.#most = options.most ?? mostRemembered;
    this.codes = new CodeTable(memory, layout, encoder, options.shortFileName, clock);
    this.innerStacks = new InnerStacks(encoder);
    const copies = hasBytecodeCopies(layout) ? new BytecodeCopies(memory, layout) : undefined;
    this.#bytecodeCopies = copies;
    this.#sites.copies = copies;
    const sites = this.#sites;
    const proven = this.#proven;
    const { codes } = this;
    const callables = new Callables(memory, layout);
    const { moment } = callables;
    const callSites = new CallSites(callables.learning, layout, sites);
    this.#callSites = callSites;
    this.#callables = callables;
    const isShown = options.cFunctions;
    this.#cFunctions = new CFunctions({ memory, layout, sites, callSites, callables, isShown });
    this.#tree = new StackTree({
      sites,
      describe: (parent, below) => this.#describe(parent, below),
      truncatedStack: encoder.defineStack(0, this.frameWithoutFile('synthetic', '<truncated>')),
      codeAt: (address) => codes.at(address),
    });
    const tree = this.#tree;
    const judge = new Judge({ sites, callSites, callables, proven, tree });
    const taker = new ReadingTaker({
      memory,
      sites,
      siteReader: this.#cFunctions,
      codeHolding: (instruction) => codes.codeHolding(instruction) || (copies?.codeHolding(instruction) ?? 0),
      now: () => moment.now,
    });
    this.#finder = new StackFinder({ memory, layout, sites, tree, proven, judge, taker });
    this.#rereader = new Rereader({
      memory,
      tree,
      proven,
      judge,
      taker,
      moment,
      losses,
      clock,
      isTimeUp: options.isTimeUp,
    });
    this.#isTimeUp = options.isTimeUp ?? (() => false);
    this.#names = new NameCheck(memory, tree, codes);
    this.#ahead = { memory, layout, codes, sites, callSites, callables, clock };
    codes.listener = this;
  }

  /**
   * The recording's stack for what stands below another one; -1 when that is no frame, the other when it is not shown.
   */
  #describe(parent: number, below: Below): number {
    const cName = 'cFunction' in below ? this.#callables.names.nameOf(below.cFunction) : undefined;
    const frame = this.#frameOf(below, cName);
    if (frame === hiddenFrame) return parent;
    if (frame < 0) return -1;
    const stack = this.#encoder.defineStack(parent, frame);
    this.innerStacks.note(stack, parent, frame, cName);
    return stack;
  }

  /** The code object at an address is another one from now on. */
  codeForgotten(address: number): void {
    const code = this.#sites.codeAt(address);
    this.#callSites.forget(code);
    this.#callables.learning.forget();
    this.#tree.forgetCode(code);
    this.#sites.forget(address);
    this.#bytecodeCopies?.forget(address);
    for (const { last, checked } of this.#threads()) {
      last.length = 0;
      checked.node = emptyNode;
    }
  }

  /** The recording's frame for what stands below a stack; as `CodeTable.frame` gives it. */
  #frameOf(below: Below, cName: string | undefined): number {
    if (cName !== undefined) return this.frameWithoutFile('c', cName);
    if (!('site' in below)) return this.frameWithoutFile('synthetic', '<unread>');
    const { site } = below;
    return this.codes.frame(this.#sites.addressOf(this.#sites.codeOf(site)), this.#sites.instructionOf(site));
  }

  frameWithoutFile(kind: 'c' | 'synthetic', qualifiedName: string): number {
    const name = qualifiedName.slice(qualifiedName.lastIndexOf('.') + 1);
    const fn = { kind, name, qualifiedName, file: '', shortFile: '', firstLine: 0 };
    return this.#encoder.defineFrame(this.#encoder.defineFunction(fn), 0);
  }

  /** The recording's stack of a node. */
  stackOf(node: NodeId): number {
    return this.#tree.stackOf(node);
  }

  /** For what needs more of the nodes than their stacks. */
  get tree(): StackTree {
    return this.#tree;
  }

  /** Whether the plan of the next tick must be made again. */
  get changed(): boolean {
    return this.#names.changed || this.#callables.changed;
  }

  /** Adds what is copied with every tick beside the frames. */
  addTo(plan: ReadPlan): void {
    this.#names.addTo(plan);
    this.#callables.addTo(plan);
  }

  /** No longer copies what begins at `address`, which cannot be read any more. True when it was copied. */
  drop(address: number, length: number): boolean {
    return this.#names.drop(address, length) || this.#callables.drop(address, length);
  }

  /** Learns what threads run, a piece at each step: before their first sample, which else takes milliseconds. */
  *learnAhead(threadStates: readonly number[]): Generator<void, void> {
    yield* learnAhead(this.#ahead, threadStates);
    for (const threadState of threadStates.slice(0, threadsReadAhead)) yield* this.#readAhead(threadState);
  }

  /**
   * Reads a thread until its stack is proven with the names that it has, a reading at each step. Not by way of the
   * thread that is sampled, of which the tick's copy knows where it lies.
   */
  *#readAhead(threadState: number): Generator<void, void> {
    const thread: ReadThread = {
      stack: new ThreadStack(this.#layout, threadState),
      last: new LastStack(),
      checked: new CheckedStack(),
      readings: new ReadingCount(),
      followedAt: Number.NEGATIVE_INFINITY,
    };
    thread.stack.begin(this.#memory);
    const most = this.#isReadAhead ? readingsLater : readingsAhead;
    for (let reading = 0; reading < most; reading++) {
      yield;
      // What these knew may have been forgotten since.
      thread.last.length = 0;
      thread.checked.node = emptyNode;
      const node = this.#rereader.readAhead(thread);
      if (node === emptyNode) return;
      this.#isReadAhead = true;
      if (node > emptyNode && this.#verdictOnNames(thread, node, Infinity, undefined) === 'right') return;
    }
  }

  /** The node of a thread's stack; `emptyNode` when it runs no Python. */
  read(thread: ReadThread, moment: Readonly<ThreadMoment>): NodeId {
    const { words, copiedAt, passed, currentFrame, inCall } = moment;
    const copy = this.#callables.moment;
    copy.tickWords = words;
    copy.now = copiedAt;
    copy.blocked = moment.blocked;
    copy.runs = moment.runs;
    let verdict = this.#finder.inCopy(thread, words, currentFrame, inCall);
    let names = this.#verdictOnNames(thread, verdict.node, passed, words);
    // Names are copied after frames: they are of the same moment only when nothing held the copy up.
    if (names === 'renamed' && moment.copyDelay <= mostLate) {
      verdict = this.#finder.inCopy(thread, words, currentFrame, inCall);
      names = this.#verdictOnNames(thread, verdict.node, passed, words);
    }
    this.readAgain = verdict.node < 0 || names !== 'right';
    // Of callers whose code is another by now nothing is known.
    if (this.readAgain)
      verdict = this.#readAgain(thread, moment, names === 'right' ? verdict.callers : noNode);
    this.isGuess = verdict.rule === 'callers seen last';
    if (verdict.isTruncated) this.#losses.truncated++;
    this.#counts.count(verdict.rule, verdict.repair);
    return verdict.node;
  }

  /**
   * Whether the names of a stack are right; true of what is none. `copy`: the tick's, when the stack was found in that.
   */
  #verdictOnNames(
    thread: ReadThread,
    node: NodeId,
    passed: number,
    copy: Uint32Array | undefined,
  ): NameVerdict {
    if (node <= emptyNode) return 'right';
    return this.#names.verdict(thread.checked, node, this.#callables.moment.now, passed, copy);
  }

  #readAgain(thread: ReadThread, { inCall, passed }: Readonly<ThreadMoment>, callers: NodeId): Verdict {
    const { reading } = this.#finder;
    if (reading.end === 'missing') thread.stack.cover(this.#memory, reading.missing);
    let mayBeCallers = callers;
    for (let attempt = 1; ; attempt++) {
      const verdict = this.#rereader.read(thread, inCall, mayBeCallers);
      const names = this.#verdictOnNames(thread, verdict.node, passed, undefined);
      if (names === 'right') return verdict;
      mayBeCallers = noNode;
      if (attempt < namingAttempts && !this.#isTimeUp()) continue;
      this.#losses.torn++;
      const late = this.#names.outermostLate;
      const known = this.#tree.knownPart(late < 0 ? verdict.node : this.#tree.parentOf(late));
      verdict.node = this.#tree.unreadBelow(known);
      verdict.rule = 'names unknown';
      return verdict;
    }
  }

  /** Housekeeping that need not happen on every tick. True when all stacks were forgotten. */
  review(timeMicros: number): boolean {
    this.#names.review(timeMicros);
    this.#callables.review(timeMicros);
    const most = this.#most;
    const isTooMuch =
      this.codes.size > most.codes ||
      this.#callables.pythonFunctions.count > most.functions ||
      this.#sites.size > most.sites;
    if (isTooMuch) this.#forgetAll();
    let isForgotten = isTooMuch || this.#tree.size > most.nodes;
    if (timeMicros - this.#doubtedAt >= doubtEvery) {
      this.#doubtedAt = timeMicros;
      if (this.#proven.doubt()) isForgotten = true;
    }
    if (isForgotten) this.forgetStacks();
    return isForgotten;
  }

  #forgetAll(): void {
    this.codes.clear();
    this.#sites.clear();
    this.#bytecodeCopies?.clear();
    this.#proven.clear();
    this.#callSites.clear();
    this.#callables.clear();
    this.#cFunctions.clear();
  }

  /** Objects that were called may have gone, and others be in their place. */
  checkCalls(): void {
    this.#callSites.recheck();
    this.#callables.recheck();
  }

  forgetStacks(): void {
    this.#tree.clear();
    for (const { last } of this.#threads()) last.length = 0;
  }
}

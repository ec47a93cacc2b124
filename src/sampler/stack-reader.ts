import type { Layout } from '../cpython/layout.js';
import type { ReadPlan } from '../memory/read-plan.js';
import type { TargetMemory } from '../memory/target-memory.js';
import type { Losses } from '../model/profile.js';
import type { StackDefinitions } from '../recording/recording-encoder.js';
import { CCalls } from './c-calls.js';
import { CallEdges } from './call-edges.js';
import { CodeTable, hiddenFrame } from './code-table.js';
import { InnerStacks } from './inner-stacks.js';
import { type CheckedStack, NameCheck, type NameVerdict } from './name-check.js';
import { StackFinder, type ThreadInHand } from './stack-finder.js';
import { cFunctionMark, emptyNode, StackNodes, unreadMark } from './stack-nodes.js';
import type { Rule, VerdictCounts } from './verdicts.js';

/** Stacks, code objects and functions that are remembered before all are forgotten, so that memory is bounded. */
const mostNodes = 500_000;
const mostCodes = 50_000;
const mostFunctions = 200_000;
/** Microseconds after which calls with weak evidence must be seen again: a program makes its calls more often, an accident is rare. */
const doubtEvery = 10e6;
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
  /** Whether stacks tell of C functions. */
  readonly cFunctions: boolean;
  /** The threads whose stacks are read. */
  readonly threads: () => Iterable<ReadThread>;
}

export interface ReadThread extends ThreadInHand {
  readonly checked: CheckedStack;
}

/** One thread at the moment of a tick. One object is used for all: a sample makes no garbage. */
export interface ThreadMoment {
  /** The tick's copy, and when it began to be made; microseconds. */
  words: Uint32Array;
  copiedAt: number;
  /** Microseconds since the tick before. */
  passed: number;
  /** As `ThreadStack.anchor` tells it. */
  anchor: number;
  /** False when the call of the innermost frame may be over. */
  inCall: boolean;
  /** It waits, and not for the GIL. */
  blocked: boolean;
}

/** Reads the stacks of a process's threads, with the names of the code that ran. */
export class StackReader {
  readonly codes: CodeTable;
  readonly innerStacks: InnerStacks;
  /** Whether the last stack was not found in the tick's copy, so that its thread was read again. */
  readAgain = false;
  readonly #verdicts: VerdictCounts;
  #rule: Rule = 'no Python';
  readonly #encoder: StackDefinitions;
  readonly #threads: () => Iterable<ReadThread>;
  readonly #losses: Losses;
  readonly #edges = new CallEdges();
  readonly #calls: CCalls;
  readonly #nodes: StackNodes;
  readonly #finder: StackFinder;
  readonly #names: NameCheck;
  #doubtedAt = 0;

  constructor(options: StackReaderOptions) {
    const { memory, layout, encoder, losses, clock } = options;
    this.#encoder = encoder;
    this.#losses = losses;
    this.#verdicts = options.verdicts;
    this.#threads = options.threads;
    this.codes = new CodeTable(memory, layout, encoder, options.shortFileName, clock);
    this.#calls = new CCalls(memory, layout, options.cFunctions, clock);
    this.innerStacks = new InnerStacks(encoder);
    this.#nodes = new StackNodes(
      this.#edges,
      this.#calls,
      (parent, codeLow, codeHigh, instruction) => {
        const cName = codeHigh === cFunctionMark ? this.#calls.names[codeLow]! : undefined;
        const frame = this.#frameOf(codeLow, codeHigh, instruction, cName);
        if (frame === hiddenFrame) return parent;
        if (frame < 0) return -1;
        const stack = encoder.defineStack(parent, frame);
        this.innerStacks.note(stack, parent, frame, cName);
        return stack;
      },
      encoder.defineStack(0, this.frameWithoutFile('synthetic', '<truncated>')),
      (address) => this.codes.at(address),
    );
    const { codes } = this;
    const parts = { nodes: this.#nodes, edges: this.#edges, calls: this.#calls, codes };
    this.#finder = new StackFinder({ ...{ memory, layout, losses, clock }, ...parts });
    this.#names = new NameCheck(memory, this.#nodes, codes);
    codes.onForgotten = (address) => {
      this.#nodes.forgetCode(address);
      this.#calls.forgetCode(address);
      for (const { last, checked } of this.#threads()) {
        last.length = 0;
        checked.node = emptyNode;
      }
    };
  }

  /** The recording's frame for what a node of a stack stands for; as `CodeTable.frame` gives it. */
  #frameOf(codeLow: number, codeHigh: number, instruction: number, cName: string | undefined): number {
    if (cName !== undefined) return this.frameWithoutFile('c', cName);
    if (codeHigh === unreadMark) return this.frameWithoutFile('synthetic', '<unread>');
    return this.codes.frame(codeLow, codeHigh, instruction);
  }

  frameWithoutFile(kind: 'c' | 'synthetic', qualifiedName: string): number {
    const name = qualifiedName.slice(qualifiedName.lastIndexOf('.') + 1);
    const fn = { kind, name, qualifiedName, file: '', shortFile: '', firstLine: 0 };
    return this.#encoder.defineFrame(this.#encoder.defineFunction(fn), 0);
  }

  /** The recording's stack of a node. */
  stackOf(node: number): number {
    return this.#nodes.stackOf(node);
  }

  /** For what needs more of the nodes than their stacks. */
  get nodes(): StackNodes {
    return this.#nodes;
  }

  /** Whether the plan of the next tick must be made again. */
  get changed(): boolean {
    return this.#names.changed || this.#calls.watch.changed;
  }

  /** Adds what is copied with every tick beside the frames. */
  addTo(plan: ReadPlan): void {
    this.#names.addTo(plan);
    this.#calls.watch.addTo(plan);
  }

  /** No longer copies what begins at `address`, which cannot be read any more. True when it was copied. */
  drop(address: number, length: number): boolean {
    return this.#names.drop(address, length) || this.#calls.watch.drop(address, length);
  }

  /** The node of a thread's stack; `emptyNode` when it runs no Python. */
  read(thread: ReadThread, moment: Readonly<ThreadMoment>): number {
    const { words, copiedAt, passed, anchor, inCall } = moment;
    this.#nodes.repair = undefined;
    this.#calls.tickWords = words;
    this.#calls.now = copiedAt;
    this.#calls.blocked = moment.blocked;
    let found = this.#finder.inCopy(thread, words, anchor, inCall);
    let names = this.#verdict(thread, found, copiedAt, passed, words);
    if (names === 'renamed') {
      found = this.#finder.inCopy(thread, words, anchor, inCall);
      names = this.#verdict(thread, found, copiedAt, passed, words);
    }
    this.#rule = this.#finder.rule;
    if (names !== 'right') {
      found = -1;
      this.#finder.forgetCallers();
    }
    this.readAgain = found < 0;
    const node = found >= 0 ? found : this.#findAgain(thread, inCall, passed);
    this.#verdicts.count(this.#rule, this.#nodes.repair);
    return node;
  }

  /** Whether the names of a stack are right; true of what is none. `copy`: the tick's, when the stack was found in that. */
  #verdict(
    thread: ReadThread,
    node: number,
    copiedAt: number,
    passed: number,
    copy: Uint32Array | undefined,
  ): NameVerdict {
    return node > emptyNode ? this.#names.verdict(thread.checked, node, copiedAt, passed, copy) : 'right';
  }

  /** Finds the thread's stack by reading it again. */
  #findAgain(thread: ReadThread, inCall: boolean, passed: number): number {
    for (let attempt = 1; ; attempt++) {
      const node = this.#finder.readAgain(thread, inCall);
      this.#rule = this.#finder.rule;
      const names = this.#verdict(thread, node, this.#finder.copiedAt, passed, undefined);
      if (names === 'right') return node;
      this.#finder.forgetCallers();
      if (attempt < namingAttempts) continue;
      this.#losses.torn++;
      this.#rule = 'names unknown';
      const late = this.#names.outermostLate;
      return this.#nodes.unreadBelow(this.#nodes.knownPart(late < 0 ? node : this.#nodes.parentOf(late)));
    }
  }

  /** Housekeeping that need not happen on every tick. True when all stacks were forgotten. */
  review(timeMicros: number): boolean {
    this.#names.review(timeMicros);
    this.#calls.watch.review(timeMicros);
    let isForgotten = false;
    if (this.codes.size > mostCodes || this.#calls.pythonFunctions.count > mostFunctions) {
      this.codes.clear();
      this.#edges.clear();
      this.#calls.forgetAllCode();
      isForgotten = true;
    } else if (this.#nodes.count > mostNodes) isForgotten = true;
    if (timeMicros - this.#doubtedAt >= doubtEvery) {
      this.#doubtedAt = timeMicros;
      if (this.#edges.doubt()) isForgotten = true;
    }
    if (isForgotten) this.forgetStacks();
    return isForgotten;
  }

  /** Objects that were called may have gone, and others be in their place. */
  checkCalls(): void {
    this.#calls.recheck();
  }

  forgetStacks(): void {
    this.#nodes.clear();
    for (const { last } of this.#threads()) last.length = 0;
  }
}

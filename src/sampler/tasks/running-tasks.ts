import type { ReadTask, TaskReader } from '../../cpython/asyncio/task-reader.js';
import type { Layout } from '../../cpython/layout.js';
import { FrameSearch } from '../../cpython/stack/frame-search.js';
import type { ThreadStack } from '../../cpython/stack/thread-stack.js';
import { isPointer, pointerAt } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { NodeId } from '../../model/ids.js';
import type { CodeTable } from '../code-table.js';
import type { InnerStacks } from '../inner-stacks.js';
import type { StackTree } from '../stacks/stack-tree.js';
import { innermostCodes, type StackStep, StepsOfStacks } from './steps-of-stacks.js';
import type { TaskContexts } from './task-contexts.js';
import type { TaskGroups } from './task-group-name.js';
import type { TaskStacks } from './task-stacks.js';

/** Tasks whose stacks are remembered. */
const mostKnown = 10_000;
/**
 * To find out who waits for a task takes some 50 µs. The part of the time that it may take: a server that begins a task
 * for each request has a new one in every sample.
 */
const mostOfTime = 0.05;
/** Microseconds that may be used at once. */
const mostSaved = 20_000;
/** Bytes of a name that are compared. */
const comparedName = 64;

export interface RunningTasksParts {
  readonly memory: TargetMemory;
  readonly layout: Layout;
  readonly reader: TaskReader;
  readonly stacks: TaskStacks;
  readonly codes: CodeTable;
  readonly contexts: TaskContexts;
  readonly groups: TaskGroups;
  readonly tree: StackTree;
  readonly innerStacks: InnerStacks;
  /** Whether there were tasks at the last look: coroutines of another library are none. */
  readonly areThere: () => boolean;
  /** Microseconds of CPU time that this thread has used. */
  readonly cpu: () => number;
}

/** A thread whose stack was found. */
export interface TaskThread {
  readonly stack: ThreadStack;
  readonly node: NodeId;
  readonly currentFrame: number;
  readonly labels: number;
  context: number;
  /** What the thread's samples show in place of its own stack; 0: that. */
  taskStack: number;
  /** What the task is called whose step it runs; `undefined`: none that is known. */
  task: string | undefined;
}

interface RunningTask {
  readonly address: number;
  readonly group: string;
  /** What tells that it is the same task still. */
  readonly words: readonly number[];
  readonly nameBytes: Uint8Array;
  /** The recording's stack of the tasks that wait for it, and these. */
  readonly above: number;
  readonly chain: readonly ReadTask[];
}

/**
 * Which task a thread runs at each sample: the one whose own coroutine has the frame with which the step began. What
 * runs the loop is left out of the stack then, and the tasks that wait for this one stand there.
 */
export class RunningTasks {
  readonly #parts: RunningTasksParts;
  readonly #search: FrameSearch;
  readonly #steps: StepsOfStacks;
  /** By the address of a coroutine's frame. */
  readonly #known = new Map<number, RunningTask>();
  readonly #addresses = new Float64Array(1024);
  #saved = mostSaved;
  #savedAt = 0;
  /** The thread that was found last runs a step, and it is not known of which task. */
  isMissing = false;

  constructor(parts: RunningTasksParts) {
    this.#parts = parts;
    this.#search = new FrameSearch(parts.layout);
    this.#steps = new StepsOfStacks(parts.memory, parts.layout, parts.tree);
    parts.innerStacks.hasParts = true;
  }

  /** To be called when a thread's stack was found. `copy`: the one that it was found in, if it was. */
  find(thread: TaskThread, copy: Uint32Array | undefined, now: number): void {
    thread.taskStack = 0;
    thread.task = undefined;
    const steps = this.#steps.of(thread.node);
    this.isMissing = steps.length > 0;
    if (steps.length === 0 || !this.#parts.areThere()) return;
    for (const step of steps) {
      const frame = this.#frameOf(thread, step, copy);
      const task = frame === 0 ? undefined : this.#taskWith(frame, step, now);
      if (!task) continue;
      this.isMissing = false;
      thread.task = task.group;
      this.label(thread);
      const { tree, innerStacks } = this.#parts;
      thread.taskStack = innerStacks.below(task.above, tree.stackOf(thread.node), tree.stackOf(step.callers));
      return;
    }
  }

  /** Gives the thread the context of its task, within the one that it has. */
  label(thread: TaskThread): void {
    if (thread.task !== undefined) thread.context = this.#parts.contexts.of(thread.task, thread.context);
  }

  #frameOf(
    { stack, currentFrame, node }: TaskThread,
    { count }: StackStep,
    copy: Uint32Array | undefined,
  ): number {
    const { memory, tree } = this.#parts;
    if (count > this.#addresses.length) return 0;
    const codes = innermostCodes(tree, node, count);
    const into = this.#addresses;
    let found = copy ? this.#search.inCopy(stack.regions, copy, currentFrame, codes, into) : 0;
    // What was not copied, as it is now.
    if (found < codes.length) found = this.#search.inMemory(memory, stack.threadState, codes, into);
    return found === codes.length ? into[found - 1]! : 0;
  }

  #taskWith(frame: number, step: StackStep, now: number): RunningTask | undefined {
    const known = this.#known.get(frame);
    if (known && this.#isStill(known)) return known;
    this.#known.delete(frame);
    this.#saved = Math.min(mostSaved, this.#saved + (now - this.#savedAt) * mostOfTime);
    this.#savedAt = now;
    if (this.#saved <= 0) return undefined;
    const { cpu } = this.#parts;
    const began = cpu();
    const found = this.#learn(frame, step, now);
    this.#saved -= cpu() - began;
    if (!found) return undefined;
    if (this.#known.size >= mostKnown) this.#known.clear();
    this.#known.set(frame, found);
    return found;
  }

  #learn(frame: number, { code }: StackStep, now: number): RunningTask | undefined {
    const { reader, stacks, codes, groups } = this.#parts;
    const address = reader.runningWith(frame);
    const task = address === 0 ? undefined : reader.current(address);
    if (!task || task.outermostFrame !== frame) return undefined;
    const words = this.#wordsOf(address);
    const nameBytes = words && this.#nameBytes(words);
    if (!nameBytes) return undefined;
    const moment = stacks.at({ now, find: (at) => reader.current(at), hasTime: () => true });
    const chain = moment.chainOf(task);
    codes.lasting(new Set(chain.flatMap(({ frames }) => frames.map(({ code }) => code))));
    const above = moment.under(chain[0]);
    const group = groups.nameOf(task.name, stacks.frames.functionOf(code));
    const found = { address, group, words, nameBytes, above, chain };
    return this.#isStill(found) ? found : undefined;
  }

  /** Its type, name, coroutine, callbacks, and who awaits it: addresses. */
  #wordsOf(task: number): number[] | undefined {
    const { memory, layout, reader } = this.#parts;
    const { task: fields, future } = reader.asyncio!;
    const from = layout.object.type;
    const bytes = memory.read(task + from, fields.size - from);
    if (!bytes) return undefined;
    // It is done: up to 3.10 its coroutine's frame may be another one's by now.
    if (bytes[future.state - from] !== 0) return undefined;
    const words = new Uint32Array(bytes.slice().buffer);
    const offsets = [
      from,
      fields.name,
      fields.coroutine,
      future.callback,
      future.callbacks,
      future.awaitedBy,
    ];
    return offsets.flatMap((offset) => (offset < 0 ? [] : [pointerAt(words, offset - from)]));
  }

  /** Of the object that is its name: what tells it from another one at its address. */
  #nameBytes([, name = 0]: readonly number[]): Uint8Array | undefined {
    const { memory, layout } = this.#parts;
    return isPointer(name) ? memory.read(name + layout.object.type, comparedName)?.slice() : undefined;
  }

  #isStill({ address, words, nameBytes, chain }: RunningTask): boolean {
    const now = this.#wordsOf(address);
    if (!now?.every((word, at) => word === words[at])) return false;
    const name = this.#nameBytes(words);
    if (!name?.every((byte, at) => byte === nameBytes[at])) return false;
    if (chain.length === 0) return true;
    const same = this.#parts.reader.unchanged(chain);
    return chain.every((task) => same.has(task));
  }
}

import type { FrameVariables } from '../../cpython/frame-variables.js';
import type { Layout } from '../../cpython/layout.js';
import { FrameSearch } from '../../cpython/stack/frame-search.js';
import type { KnownTrioTasks } from '../../cpython/trio/known-trio-tasks.js';
import type { ReadTrioTask } from '../../cpython/trio/trio-reader.js';
import { type PlacedFrame, TrioWaits } from '../../cpython/trio/trio-waits.js';
import type { Steps } from '../../memory/steps.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { NodeId } from '../../model/ids.js';
import { waitForLoop, waitForWork } from '../../model/leaf-frames.js';
import type { Losses } from '../../model/profile.js';
import type { RecordingEncoder } from '../../recording/recording-encoder.js';
import { type CodeTable, hiddenFrame } from '../code-table.js';
import type { InnerStacks } from '../inner-stacks.js';
import type { LookRow } from '../look-records.js';
import { ByNode } from '../stacks/by-node.js';
import { emptyNode, type StackTree } from '../stacks/stack-tree.js';
import type { TaskThread } from './running-tasks.js';
import { innermostCodes } from './steps-of-stacks.js';
import type { OtherLook, OtherTasks } from './suspended-tasks.js';
import type { TaskContexts } from './task-contexts.js';
import type { TaskFrames } from './task-frames.js';
import type { TaskGroups } from './task-group-name.js';
import { type TaskRows, WaitingRows } from './task-rows.js';

export interface TrioTasksParts {
  readonly memory: TargetMemory;
  readonly layout: Layout;
  readonly known: KnownTrioTasks;
  readonly variables: FrameVariables;
  readonly tree: Pick<StackTree, 'version' | 'parentOf' | 'codeOf' | 'stackOf'>;
  readonly innerStacks: InnerStacks;
  readonly codes: Pick<CodeTable, 'at' | 'frame' | 'lasting'>;
  readonly encoder: RecordingEncoder;
  readonly frames: Pick<TaskFrames, 'synthetic' | 'functionOf'>;
  readonly contexts: TaskContexts;
  readonly groups: TaskGroups;
  readonly rows: TaskRows;
  readonly losses: Pick<Losses, 'unreadTasks'>;
  readonly shortFileName: (fileName: string) => string;
  /** What the tasks of the process are within. */
  readonly labels: () => number;
  /** Microseconds. */
  readonly clock: () => number;
}

/** Where trio's loop is in a stack. */
interface Loop {
  /** Its frame and those further in. */
  readonly count: number;
  readonly code: number;
  /** What calls the coroutine of a task: the loop, and what that calls it by; `emptyNode` while none runs. */
  readonly callers: NodeId;
}

/** The function of trio that runs the tasks, and the one that waits while nothing is ready: both have the runner. */
const [runsTasks, waitsForThem] = ['trio/_core/_run.py:unrolled_run', 'trio/_core/_run.py:run'];
/** Outermost functions of trio's own tasks, which wait for as long as the loop is there. */
const ofTrio = /^trio\/_core\/(?:_run\.py:init|_entry_queue\.py:task)$/;
const library = /^trio\//;
const none: Loop = { count: 0, code: 0, callers: emptyNode };

interface Named {
  readonly group: string;
  /** Of the recording; 0: others count in its place. */
  readonly stack: number;
}

/** The tasks of trio: those that wait, beside the ticks, and the one that a thread runs at a sample. */
export class TrioTasks implements OtherTasks {
  readonly #parts: TrioTasksParts;
  readonly #search: FrameSearch;
  /** By the thread state, the runner that its loop has. */
  readonly #runners = new Map<number, number>();
  readonly #named = new WeakMap<ReadTrioTask, Named>();
  readonly #rows: WaitingRows;
  /** By the frame of its coroutine. */
  #seen = new Map<number, ReadTrioTask>();
  readonly #addresses = new Float64Array(1024);
  readonly #loops: ByNode<Loop>;

  constructor(parts: TrioTasksParts) {
    this.#parts = parts;
    this.#rows = new WaitingRows(parts.rows, parts.contexts);
    this.#search = new FrameSearch(parts.layout);
    this.#loops = new ByNode(parts.tree, (node) => this.#lookAt(node));
  }

  /** A thread has a loop. */
  get mayBeThere(): boolean {
    return this.#runners.size > 0;
  }

  *look(): Steps<OtherLook> {
    const { known, clock, losses } = this.#parts;
    for (const [thread, runner] of this.#runners) if (!known.isRunner(runner)) this.#runners.delete(thread);
    if (this.#runners.size === 0) {
      this.#seen.clear();
      return { rows: this.#rowsOf([]), at: undefined };
    }
    let at = clock();
    const onCopied = () => {
      at = clock();
    };
    const { tasks, unread } = yield* known.look([...new Set(this.#runners.values())], this.#name, onCopied);
    losses.unreadTasks += unread;
    this.#seen = new Map(tasks.map((task) => [task.outermostFrame, task]));
    return { rows: this.#rowsOf(tasks), at: tasks.length > 0 ? at : undefined };
  }

  /**
   * To be called when a thread's stack was found, and no task of it. In place of the loop's frames nothing stands then.
   * `copy`: as `RunningTasks.find`.
   */
  find(thread: TaskThread, copy: Uint32Array | undefined): void {
    const loop = this.#loops.of(thread.node);
    if (loop.count === 0 || thread.task !== undefined || loop.count > this.#addresses.length) return;
    const { memory, tree, known, innerStacks, contexts } = this.#parts;
    const { stack, currentFrame, node } = thread;
    const codes = innermostCodes(tree, node, loop.count);
    const into = this.#addresses;
    let found = copy ? this.#search.inCopy(stack.regions, copy, currentFrame, codes, into) : 0;
    if (found < codes.length) found = this.#search.inMemory(memory, stack.threadState, codes, into);
    if (found < codes.length) return;
    this.#noteRunner(stack.threadState, into[loop.count - 1]!, loop.code);
    const task = loop.callers !== emptyNode ? this.#seen.get(into[loop.count - 2]!) : undefined;
    const named = task && this.#named.get(task);
    if (!named || !known.isStill(task!)) return;
    thread.task = named.group;
    thread.context = contexts.of(named.group, thread.context);
    thread.taskStack = innerStacks.below(0, tree.stackOf(node), tree.stackOf(loop.callers));
  }

  #noteRunner(threadState: number, frame: number, code: number): void {
    const { known, variables } = this.#parts;
    const last = this.#runners.get(threadState);
    const runner = variables.of({ frame, code }, 'runner');
    if (runner !== last && known.isRunner(runner)) this.#runners.set(threadState, runner);
  }

  #lookAt(node: NodeId): Loop {
    const { tree } = this.#parts;
    let count = 0;
    let callers = emptyNode;
    for (let at = node; at > emptyNode; at = tree.parentOf(at)) {
      const code = tree.codeOf(at);
      if (!code) continue;
      count++;
      const isRun = code.info.name === 'unrolled_run' || code.info.name === 'run';
      const place = isRun ? this.#place(code.address) : '';
      if (place === runsTasks) return { count, code: code.address, callers };
      if (place === waitsForThem) return { count, code: code.address, callers: emptyNode };
      callers = tree.parentOf(at);
    }
    return none;
  }

  readonly #name = (tasks: readonly ReadTrioTask[], copy: TargetMemory): void => {
    const { codes, layout } = this.#parts;
    codes.lasting(new Set(tasks.flatMap(({ frames }) => frames.map(({ code }) => code))));
    const waits = new TrioWaits(copy, layout);
    for (const task of tasks) this.#named.set(task, this.#nameOf(task, waits));
  };

  #nameOf(task: ReadTrioTask, waits: TrioWaits): Named {
    const { groups, frames: names } = this.#parts;
    const placed: PlacedFrame[] = task.frames.map((frame) => ({ frame, place: this.#place(frame.code) }));
    const outermost = placed.at(-1);
    const group = groups.nameOf(task.name, outermost ? names.functionOf(outermost.frame.code) : '');
    if (!outermost || ofTrio.test(outermost.place)) return { group, stack: 0 };
    if (task.state !== 'waiting') return { group, stack: this.#stack(task, waitForLoop) };
    const wait = waits.of(placed);
    if (wait?.kind === 'tasks') return { group, stack: 0 };
    return { group, stack: this.#stack(task, waitsForWork(placed) ? waitForWork : '') };
  }

  #stack({ frames, truncated }: ReadTrioTask, leaf: string): number {
    const { codes, encoder, frames: names } = this.#parts;
    const found: number[] = [];
    for (const { code, instruction } of frames.toReversed()) {
      const frame = codes.frame(code, instruction);
      if (frame === hiddenFrame) continue;
      found.push(frame < 0 ? names.synthetic('<unread>') : frame);
      if (frame < 0) break;
    }
    if (truncated) found.push(names.synthetic('<truncated>'));
    if (leaf !== '' && found.length > 0) found.push(names.synthetic(leaf));
    return found.reduce((stack, frame) => encoder.defineStack(stack, frame), 0);
  }

  #place(code: number): string {
    const info = this.#parts.codes.at(code)?.info;
    return info ? `${this.#parts.shortFileName(info.fileName)}:${info.name}` : '';
  }

  #rowsOf(tasks: readonly ReadTrioTask[]): LookRow[] {
    const named = tasks.map((task) => ({ ...this.#named.get(task)!, address: task.address }));
    return this.#rows.at(named, this.#parts.labels());
  }
}

/** A server that accepts connections, or a worker between two items, which its own coroutine receives. */
function waitsForWork(placed: readonly PlacedFrame[]): boolean {
  if (placed.some(({ place }) => place === 'trio/_highlevel_socket.py:accept')) return true;
  const own = placed.filter(({ place }) => !library.test(place)).length;
  return own === 1 && placed.some(({ place }) => place === 'trio/_channel.py:receive');
}

import type { ReadTask } from '../../cpython/asyncio/task-reader.js';
import { fileOfAsyncio, type TaskWaitKind, type TaskWaits } from '../../cpython/asyncio/waits.js';
import { waitForLoop, waitForWork } from '../../model/leaf-frames.js';
import type { RecordingEncoder } from '../../recording/recording-encoder.js';
import { type CodeTable, hiddenFrame } from '../code-table.js';

/** The frames of a suspended task, by the numbers of the recording. */
export interface NamedFrames {
  /** Outermost first. */
  readonly frames: readonly number[];
  /** How many of them are further out than what asyncio does for them. */
  readonly outer: number;
  /** Function of its coroutine; empty when it is not known. */
  readonly coroutine: string;
}

/** Without the names and numbers of what is waited for, of which there are many. */
const waitTexts: Readonly<Partial<Record<TaskWaitKind, string>>> = {
  task: 'waiting for a task',
  tasks: 'waiting for tasks',
  thread: 'waiting for a thread',
  future: 'waiting for a future',
};

/** Names the frames of tasks. What a reading of a task is made of does not change, so each is named once. */
export class TaskFrames {
  readonly #codes: Pick<CodeTable, 'at' | 'frame'>;
  readonly #encoder: RecordingEncoder;
  readonly #hasRequest: (task: ReadTask) => boolean;
  readonly #named = new WeakMap<ReadTask, NamedFrames>();
  readonly #leaves = new WeakMap<ReadTask, string>();
  readonly #forTasks = new WeakMap<ReadTask, boolean>();

  /** `hasRequest`: whether a task has a request in hand. */
  constructor(
    codes: Pick<CodeTable, 'at' | 'frame'>,
    encoder: RecordingEncoder,
    hasRequest: (task: ReadTask) => boolean,
  ) {
    this.#hasRequest = hasRequest;
    this.#codes = codes;
    this.#encoder = encoder;
  }

  isNamed(task: ReadTask): boolean {
    return this.#named.has(task);
  }

  /** It was not the same before and after its frames were named. */
  forget(task: ReadTask): void {
    this.#named.delete(task);
  }

  of(task: ReadTask): NamedFrames {
    const known = this.#named.get(task);
    if (known) return known;
    const frames: number[] = [];
    let outer = 0;
    for (const { code, instruction } of task.frames.toReversed()) {
      const frame = this.#codes.frame(code, instruction);
      if (frame === hiddenFrame) continue;
      if (frame < 0) {
        frames.push(this.synthetic('<unread>'));
        break;
      }
      frames.push(frame);
      if (!this.#isOfAsyncio(code)) outer = frames.length;
    }
    if (task.truncated) frames.push(this.synthetic('<truncated>'));
    const code = task.frames.at(-1)?.code;
    const coroutine = code === undefined ? '' : this.functionOf(code);
    const named = { frames, outer, coroutine };
    this.#named.set(task, named);
    return named;
  }

  functionOf(code: number): string {
    const info = this.#codes.at(code)?.info;
    return info ? info.qualifiedName || info.name : '';
  }

  /** The frame that says what a task waits for, where its own frames do not; else `noFrame`. */
  leaf(task: ReadTask): number {
    const text = this.#leaves.get(task) ?? this.#ownText(task);
    return text === '' ? noFrame : this.synthetic(text);
  }

  /** Reads what it waits for, where its frames do not say so. True when it was read: of another moment than these. */
  readLeaf(task: ReadTask, waits: () => TaskWaits): boolean {
    if (task.state !== 'waiting' || this.#ownText(task) !== '') return false;
    const innermost = task.frames[0];
    const file = innermost && this.#fileOf(innermost.code);
    const isOfAsyncio = file !== undefined && fileOfAsyncio.test(file);
    // Before 3.11, functions of all kinds of locks have the same names.
    if (isOfAsyncio && !file.endsWith('/locks.py')) return false;
    const wait = waits().of(task);
    if (!wait || wait.kind === 'unknown') return false;
    this.#leaves.set(task, `<${(isOfAsyncio ? undefined : waitTexts[wait.kind]) ?? wait.text}>`);
    return true;
  }

  /** Whether tasks with the same frames, in the same state, have the same leaf. */
  sayAll(task: ReadTask): boolean {
    if (task.state !== 'waiting') return true;
    const file = (task.frames[0] && this.#fileOf(task.frames[0].code)) ?? '';
    // What is waited for is read of locks, and of queues whether there is a request in hand.
    return fileOfAsyncio.test(file) && !/(?:locks|queues)\.py$/.test(file);
  }

  /** It was not the same before and after that was read. */
  forgetLeaf(task: ReadTask): void {
    this.#leaves.delete(task);
  }

  isWaitingForTasks(task: ReadTask, waits: () => TaskWaits): boolean {
    const known = this.#forTasks.get(task);
    if (known !== undefined) return known;
    const found = waits().isForTasks(task);
    this.#forTasks.set(task, found);
    return found;
  }

  /** What is known without reading anything. */
  #ownText(task: ReadTask): string {
    if (task.state !== 'waiting') return waitForLoop;
    return this.#waitsForWork(task) ? waitForWork : '';
  }

  /**
   * A worker between two items: what its own coroutine waits for is a queue, and it has no request in hand. A function
   * that is called within a task and waits for a queue may well wait for an answer.
   */
  #waitsForWork(task: ReadTask): boolean {
    const [innermost, ...outer] = task.frames;
    if (outer.length !== 1) return false;
    const info = this.#codes.at(innermost!.code)?.info;
    if (info?.name !== 'get' || !info.fileName.endsWith('asyncio/queues.py')) return false;
    return !this.#hasRequest(task);
  }

  #fileOf(code: number): string | undefined {
    return this.#codes.at(code)?.info.fileName;
  }

  #isOfAsyncio(code: number): boolean {
    const file = this.#fileOf(code);
    return file !== undefined && fileOfAsyncio.test(file);
  }

  /** A frame of our own. */
  synthetic(name: string): number {
    const fn = {
      kind: 'synthetic',
      name,
      qualifiedName: name,
      file: '',
      shortFile: '',
      firstLine: 0,
    } as const;
    return this.#encoder.defineFrame(this.#encoder.defineFunction(fn), 0);
  }
}

/** In place of a frame. */
export const noFrame = -1;

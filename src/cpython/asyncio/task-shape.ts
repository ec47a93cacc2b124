import { pointerAt } from '../../memory/pointers.js';
import { byteAt, type FrameFields } from './frame-fields.js';

/** A future that a task waits for, as far as its class says what it is; `type`: the full name of that. */
export interface WaiterClass {
  readonly kind: 'task' | 'gather' | 'future';
  readonly type: string;
}

/** The frame of an object, as it was found. */
export interface NodeFrame {
  readonly code: number;
  readonly instruction: number;
  /** As the frame has it: in a copy of the bytecode it is another one. */
  readonly own: number;
}

/** What a walk found of an object. */
export interface Found {
  /** Byte up to which it must stay as it is. */
  readonly end: number;
  /** Byte at which the pointer to the next object is; -1: there is none. */
  readonly next: number;
  readonly frame?: NodeFrame;
  readonly isCoroutine?: boolean;
}

/** An object on the way from a task to what it awaits in the end. */
export interface ShapeNode extends Found {
  readonly type: number;
  /** Of what has a frame: what it does. */
  readonly state: number;
  /** Bytes at which words are that decide what it means, each with that word after it. */
  readonly words: readonly number[];
  /** From 3.14, of a frame: how far behind the beginning of the object its value stack ends. */
  readonly stackEnd: number;
}

/** What a walk notes of a task on its way. */
export class ShapeDraft {
  readonly taskType: number;
  readonly nodes: ShapeNode[] = [];
  nameType = 0;
  waiterType = 0;
  waiter: WaiterClass | undefined;

  constructor(taskType: number) {
    this.taskType = taskType;
  }

  /** The next object, which is at byte `at` of a copy. */
  found(object: { address: number; at: number; words: Uint32Array }, fields: FrameFields, of: Found): void {
    const { words, at, address } = object;
    const offsets = of.frame ? fields.deciding : [];
    const end = of.frame && fields.stackEnd >= 0 ? pointerAt(words, at + fields.stackEnd) - address : 0;
    this.nodes.push({
      ...of,
      type: pointerAt(words, at + fields.type),
      // What lies beside it in its word is never set.
      state: of.frame ? byteAt(words, at + fields.state) : 0,
      words: offsets.flatMap((offset) => [offset, words[(at + offset) >> 2]!]),
      stackEnd: end,
    });
  }
}

/** What a walk found out of a task (`TaskTrace`). */
interface Walked {
  readonly draft: ShapeDraft | undefined;
  readonly isDone: boolean;
  readonly truncated: boolean;
  readonly state: 'running' | 'ready' | 'waiting' | 'new';
  readonly awaitedType: string;
}

/** Shapes that are remembered, and of tasks whose coroutines have one code. */
const [mostShapes, mostOfCode] = [2000, 16];

/**
 * How a task was found, without the addresses: tasks of one shape wait in the same lines of the same functions, for
 * objects of the same types. A program has few, so what a task that ran meanwhile awaits now is seldom to be found out
 * anew: its objects are looked up, and a few words of each compared.
 */
export class TaskShape {
  readonly key: string;
  readonly taskType: number;
  readonly nodes: readonly ShapeNode[];
  readonly nameType: number;
  readonly waiter: WaiterClass | undefined;
  readonly waiterType: number;
  readonly awaitedType: string;
  readonly state: 'waiting' | 'new';
  /** A task may be of it still: types and code are what they were. */
  holds = true;

  constructor(key: string, draft: ShapeDraft, { awaitedType, state }: Walked) {
    this.key = key;
    this.taskType = draft.taskType;
    this.nodes = draft.nodes;
    this.nameType = draft.nameType;
    this.waiter = draft.waiter;
    this.waiterType = draft.waiterType;
    this.awaitedType = awaitedType;
    this.state = state === 'new' ? 'new' : 'waiting';
  }
}

/** The shapes that were met, by the code of the task's own coroutine. */
export class TaskShapes {
  readonly #byKey = new Map<string, TaskShape>();
  readonly #byCode = new Map<number, TaskShape[]>();

  ofCode(code: number): readonly TaskShape[] {
    return this.#byCode.get(code) ?? none;
  }

  /** The shape of a task that was read twice alike; `undefined`: it has none. */
  of(trace: Walked): TaskShape | undefined {
    const { draft, isDone, truncated, state, awaitedType } = trace;
    const first = draft?.nodes[0]?.frame;
    if (!first || draft.nameType === 0 || isDone || truncated || state === 'running') return undefined;
    const { taskType, nameType, waiterType } = draft;
    const nodes = draft.nodes.map(({ type, state, words, stackEnd, frame, end, next }) =>
      [type, state, ...words, stackEnd, end, next, frame?.code].join(' '),
    );
    const key = [taskType, nameType, waiterType, state, awaitedType, ...nodes].join('|');
    const known = this.#byKey.get(key);
    if (known) return known;
    if (this.#byKey.size >= mostShapes) this.#clear();
    const shape = new TaskShape(key, draft, trace);
    this.#byKey.set(key, shape);
    const others = this.#byCode.get(first.code) ?? none;
    // What was met last is the likeliest.
    this.#byCode.set(first.code, [shape, ...others.slice(0, mostOfCode - 1)]);
    return shape;
  }

  /** Drops those that do not hold any more. */
  keepOnly(holds: (shape: TaskShape) => boolean): void {
    for (const [key, shape] of this.#byKey) {
      shape.holds = holds(shape);
      if (!shape.holds) this.#byKey.delete(key);
    }
    for (const [code, shapes] of this.#byCode) {
      const left = shapes.filter((shape) => shape.holds);
      if (left.length > 0) this.#byCode.set(code, left);
      else this.#byCode.delete(code);
    }
  }

  #clear(): void {
    this.keepOnly(() => false);
  }
}

const none: readonly TaskShape[] = [];

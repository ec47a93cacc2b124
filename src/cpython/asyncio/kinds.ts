import { isPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { Layout } from '../layout.js';
import { isInstance, TypeFlag } from '../objects/type-flags.js';
import { readType } from '../values/types.js';

/** What an object is to a task that awaits it. */
export type AwaitedKind =
  /** Of C: has the struct of a task, or of a future. */
  | 'task'
  | 'future'
  /** Written in Python. */
  | 'python-future'
  | 'coroutine'
  | 'generator'
  | 'async-generator'
  /** A step of an async generator. */
  | 'step'
  /** What `__await__` of a coroutine gives. */
  | 'wrapper'
  /** What `__await__` of a future gives. */
  | 'future-iterator'
  | 'other';

export interface ObjectKind {
  readonly kind: AwaitedKind;
  /** Full name of the class. */
  readonly name: string;
  /** Bytes of an instance of the class of asyncio, or of the language, that it is derived from. */
  readonly size: number;
}

const kinds: Readonly<Record<string, AwaitedKind>> = {
  '_asyncio.Task': 'task',
  '_asyncio.Future': 'future',
  'asyncio.futures.Future': 'python-future',
  'asyncio.tasks.Task': 'python-future',
  coroutine: 'coroutine',
  generator: 'generator',
  async_generator: 'async-generator',
  async_generator_asend: 'step',
  async_generator_athrow: 'step',
  coroutine_wrapper: 'wrapper',
  anext_awaitable: 'wrapper',
  '_asyncio.FutureIter': 'future-iterator',
};
const mostBases = 32;
const mostTypes = 4096;

/**
 * The kinds of objects by the addresses of their types. To be made anew from time to time: a class may be dropped, and
 * another come there.
 */
export class ObjectKinds {
  readonly #memory: TargetMemory;
  readonly #layout: Layout;
  readonly #known = new Map<number, ObjectKind | undefined>();

  constructor(memory: TargetMemory, layout: Layout) {
    this.#memory = memory;
    this.#layout = layout;
  }

  /** `undefined` when there is no type. */
  ofType(type: number): ObjectKind | undefined {
    if (this.#known.has(type)) return this.#known.get(type);
    if (this.#known.size >= mostTypes) this.#known.clear();
    const kind = this.#read(type);
    this.#known.set(type, kind);
    return kind;
  }

  #read(address: number): ObjectKind | undefined {
    // What was an object a moment ago may be anything by now.
    if (!isPointer(address) || !isInstance(this.#memory, this.#layout, address, TypeFlag.type))
      return undefined;
    const type = readType(this.#memory, this.#layout, address);
    if (!type) return undefined;
    let current: typeof type | undefined = type;
    for (let bases = 0; current && bases < mostBases; bases++) {
      const kind = kinds[current.fullName];
      if (kind) return { kind, name: type.fullName, size: current.basicSize };
      current = isPointer(current.base) ? readType(this.#memory, this.#layout, current.base) : undefined;
    }
    return { kind: 'other', name: type.fullName, size: type.basicSize };
  }
}

/** Of asyncio, written in C or in Python. */
export function isTask({ kind, name }: ObjectKind): boolean {
  return kind === 'task' || (kind === 'python-future' && name.endsWith('Task'));
}

/** Whether two readings of a type found the same; `undefined` when there was none. */
export function isSameKind(a: ObjectKind | undefined, b: ObjectKind | undefined): boolean {
  return a !== undefined && b !== undefined && a.kind === b.kind && a.name === b.name && a.size === b.size;
}

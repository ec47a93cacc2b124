import { isPointer, readPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { Layout } from '../layout.js';
import { attributeOf } from '../objects/instances.js';
import { readString } from '../objects/strings.js';
import { pointersAt, tupleItems } from '../objects/tuples.js';
import type { AsyncioLayout } from './asyncio-layout.js';
import { isTask, ObjectKinds } from './kinds.js';

/** What a future calls when it is done, as far as it says whom that wakes. */
export interface Callback {
  /** A task that it wakes; 0: none. */
  readonly task: number;
  /** Of a function: its name without the class; empty for what is none. */
  readonly name: string;
  /** Futures, and what else an attribute or a variable of it refers to that has to do with tasks. */
  readonly futures: readonly number[];
}

const mostCallbacks = 10_000;
const mostCells = 32;
const longestName = 100;
const nothing: Callback = { task: 0, name: '', futures: [] };

/** Reads the callbacks of futures: of asyncio, written in C or in Python, and of `concurrent.futures`. */
export class Callbacks {
  readonly #memory: TargetMemory;
  readonly #layout: Layout;
  readonly #asyncio: AsyncioLayout;
  readonly #kinds: ObjectKinds;
  /** By the address of the callable: those who gather many tasks give one to all of them. */
  readonly #known = new Map<number, Callback>();

  constructor(
    memory: TargetMemory,
    layout: Layout,
    asyncio: AsyncioLayout,
    kinds = new ObjectKinds(memory, layout),
  ) {
    this.#memory = memory;
    this.#layout = layout;
    this.#asyncio = asyncio;
    this.#kinds = kinds;
  }

  of(future: number): readonly Callback[] {
    return this.#callables(future).map((callable) => this.#callback(callable));
  }

  /** Whether a task or a future of asyncio lies there. */
  isFuture(address: number): boolean {
    const kind = this.#kindOf(address)?.kind;
    return kind === 'task' || kind === 'future' || kind === 'python-future';
  }

  isTask(address: number): boolean {
    const kind = this.#kindOf(address);
    return kind !== undefined && isTask(kind);
  }

  #kindOf(address: number) {
    return this.#kinds.ofType(readPointer(this.#memory, address + this.#layout.object.type));
  }

  #callables(future: number): number[] {
    const { callback, callbacks } = this.#asyncio.future;
    const kind = this.#kindOf(future);
    if (kind?.kind === 'task' || kind?.kind === 'future') {
      const first = readPointer(this.#memory, future + callback);
      const others = this.#list(readPointer(this.#memory, future + callbacks));
      return [...(isPointer(first) ? [first] : []), ...others.map((pair) => this.#firstOf(pair))];
    }
    if (kind?.kind === 'python-future')
      return this.#attributeList(future, '_callbacks').map((pair) => this.#firstOf(pair));
    if (kind?.name === 'concurrent.futures._base.Future')
      return this.#attributeList(future, '_done_callbacks');
    return [];
  }

  #attributeList(object: number, name: string): number[] {
    return this.#list(attributeOf(this.#memory, this.#layout, object, name));
  }

  #list(address: number): number[] {
    if (!isPointer(address) || this.#kindOf(address)?.name !== 'list') return [];
    const { list } = this.#layout;
    const size = readPointer(this.#memory, address + list.size);
    return pointersAt(this.#memory, readPointer(this.#memory, address + list.items), size, mostCallbacks);
  }

  /** Of a callback with its context. */
  #firstOf(pair: number): number {
    return tupleItems(this.#memory, this.#layout, pair, 1)[0] ?? 0;
  }

  #callback(callable: number): Callback {
    const known = this.#known.get(callable);
    if (known) return known;
    const found = this.#read(callable);
    this.#known.set(callable, found);
    return found;
  }

  #read(callable: number): Callback {
    const { cFunction, callable: fields, object } = this.#layout;
    switch (this.#kindOf(callable)?.name) {
      case 'TaskWakeupMethWrapper':
      case '_asyncio.TaskWakeupMethWrapper':
        return this.#wakes(readPointer(this.#memory, callable + this.#asyncio.task.wakeup));
      case 'builtin_function_or_method':
        return this.#wakes(readPointer(this.#memory, callable + cFunction.self));
      case 'method':
        return this.#boundTo(readPointer(this.#memory, callable + fields.boundSelf));
      case 'function':
        return { task: 0, name: this.#nameOf(callable), futures: this.#cells(callable) };
      case 'functools.partial': {
        // Modules/_functoolsmodule.c: fn, args, kw.
        const args = readPointer(this.#memory, callable + object.size + 8);
        const items = tupleItems(this.#memory, this.#layout, args, mostCells);
        return { ...nothing, futures: items.filter((item) => this.isFuture(item)) };
      }
      default:
        return nothing;
    }
  }

  #wakes(task: number): Callback {
    return this.isTask(task) ? { ...nothing, task } : nothing;
  }

  /** A method of a task written in Python, or of a TaskGroup, whose task waits for all of the group. */
  #boundTo(self: number): Callback {
    if (this.isTask(self)) return { ...nothing, task: self };
    if (this.#kindOf(self)?.name !== 'asyncio.taskgroups.TaskGroup') return nothing;
    return this.#wakes(attributeOf(this.#memory, this.#layout, self, '_parent_task'));
  }

  #nameOf(callable: number): string {
    const { pythonFunction, code } = this.#layout;
    const object = readPointer(this.#memory, callable + pythonFunction.code);
    const name = readPointer(this.#memory, object + code.name);
    return readString(this.#memory, this.#layout, name, longestName) ?? '';
  }

  /** What the function's variables of enclosing functions refer to, as far as these are futures. */
  #cells(callable: number): number[] {
    const closure = readPointer(this.#memory, callable + this.#asyncio.other.closure);
    return tupleItems(this.#memory, this.#layout, closure, mostCells)
      .map((cell) => readPointer(this.#memory, cell + this.#layout.cell.value))
      .filter((value) => isPointer(value) && (this.isFuture(value) || this.isConcurrent(value)));
  }

  /** Whether a future of a thread pool lies there. */
  isConcurrent(address: number): boolean {
    return this.#kindOf(address)?.name === 'concurrent.futures._base.Future';
  }
}

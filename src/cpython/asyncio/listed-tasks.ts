import { KnownBytes } from '../../memory/known-bytes.js';
import { isPointer, pointerAt, readPointer } from '../../memory/pointers.js';
import { ReadPlan } from '../../memory/read-plan.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { Layout } from '../layout.js';
import { setMembers } from '../objects/sets.js';
import type { AsyncioLayout } from './asyncio-layout.js';

/** Tasks of a set: of more, some come and go all the time. */
const mostTasks = 64;
const entrySize = 16;

interface ListedTasksSource {
  readonly memory: TargetMemory;
  readonly layout: Layout;
  readonly asyncio: AsyncioLayout;
}

/**
 * What shows, read at once, that no task was added to its list: each has a name of its own, where a new one often has
 * the address of one that is no more, and its entry in a set that of the other one.
 */
export class ListedTasks {
  readonly #source: ListedTasksSource;
  readonly #plan = new ReadPlan();
  #canBeKept = true;
  #known: KnownBytes | undefined;

  constructor(source: ListedTasksSource) {
    this.#source = source;
  }

  /** The tasks of a set, or weak references to them. */
  addSet(address: number, isWeak: boolean): void {
    const { memory, layout, asyncio } = this.#source;
    const { set } = layout;
    const [mask, table] = [set.mask, set.table].map((field) => readPointer(memory, address + field));
    const limits = { most: mostTasks + 1, largestTable: mostTasks * entrySize };
    const found = setMembers(memory, layout, address, limits);
    if (!found?.isWhole || found.members.length > mostTasks) {
      this.#canBeKept = false;
      return;
    }
    this.#plan.add(address + set.used, 8);
    this.#plan.add(address + set.table, 8);
    if (found.members.length === 0) return;
    this.#plan.add(table!, (mask! + 1) * entrySize);
    const { weakReference } = asyncio.other;
    this.#addTasks(isWeak ? this.#pointers(found.members.map((one) => one + weakReference)) : found.members);
  }

  /** A list has the newest task at its end. */
  addList(head: number, node: number): void {
    const [last] = this.#pointers([head + 8]);
    if (last !== undefined && last !== head) this.#addTasks([last - node]);
  }

  #addTasks(tasks: readonly number[]): void {
    const { layout, asyncio } = this.#source;
    // An int, or up to 3.11 a text: its length, its hash, and what it is.
    const length = layout.minor < 12 ? 48 : 16;
    for (const name of this.#pointers(tasks.map((task) => task + asyncio.task.name)))
      this.#plan.add(name + layout.object.size, length);
  }

  /** Pointers at these addresses, which are kept. */
  #pointers(addresses: readonly number[]): number[] {
    const plan = new ReadPlan();
    for (const address of addresses) {
      plan.add(address, 8);
      this.#plan.add(address, 8);
    }
    const bytes = new Uint8Array(plan.bytes);
    if (this.#source.memory.readMany(plan, bytes) !== plan.bytes) this.#canBeKept = false;
    const words = new Uint32Array(bytes.buffer);
    return addresses.map((_, at) => pointerAt(words, at * 8)).filter(isPointer);
  }

  /** To be called once all are added. False when it cannot be known. */
  keep(): boolean {
    if (this.#canBeKept) this.#known = KnownBytes.now(this.#source.memory, this.#plan);
    return this.#known !== undefined;
  }

  /** Whether no task was added since; true as well when some were removed, of those that are in lists. */
  isSame(): boolean {
    return this.#known?.areIn(this.#source.memory) ?? false;
  }
}

import type { TargetMemory } from '../../memory/target-memory.js';
import type { Layout } from '../layout.js';
import { attributeOf } from '../objects/instances.js';
import { setMembers } from '../objects/sets.js';
import { readString } from '../objects/strings.js';

/** Attributes of a task that is written in Python, in the order in which they are given. */
const taskAttributes = ['_coro', '_fut_waiter', '_name', '_loop', '_state', '_must_cancel'] as const;
/** Who may await one task. */
const mostAwaiting = { most: 10_000, largestTable: 1 << 16 };

/** What of tasks and futures is not in a struct of a known size. */
export class PythonFutures {
  readonly #memory: TargetMemory;
  readonly #layout: Layout;

  constructor(memory: TargetMemory, layout: Layout) {
    this.#memory = memory;
    this.#layout = layout;
  }

  /** Of a set of those who await a task. */
  membersOf(set: number): readonly number[] {
    return setMembers(this.#memory, this.#layout, set, mostAwaiting)?.members ?? [];
  }

  /** Of a task that is written in Python: addresses of what is named in `taskAttributes`. */
  attributesOf(address: number): number[] {
    return taskAttributes.map((name) => attributeOf(this.#memory, this.#layout, address, name));
  }

  /** Address of what a future that is written in Python says of its state; 0: only its class does. */
  stateOf(future: number): number {
    return attributeOf(this.#memory, this.#layout, future, '_state');
  }

  /** Of such a state; as long as a future is pending, only its class says so. */
  isDone(state: number): boolean {
    if (state === 0) return false;
    const text = readString(this.#memory, this.#layout, state, 20);
    return text !== undefined && text !== 'PENDING';
  }
}

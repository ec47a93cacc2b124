import type { FrameSnapshot, TaskSnapshot } from '../../model/snapshot.js';

/** A stack that no thread has: of a task, or of a greenlet, which is shown in the same way. */
export type ShownStack = TaskSnapshot;

/** Tasks that are shown as one: a single one, or several at the same place that wait for tasks at the same places. */
export interface TaskGroup {
  /** At least one. */
  readonly tasks: readonly ShownStack[];
  /** What they wait for, each once though several wait for it. */
  readonly awaited: readonly TaskGroup[];
}

/**
 * Tasks as a tree: those that nobody waits for, and below each what it waits for. A task that several wait for stands
 * below the first; in a circle of tasks that wait for each other one stands at the top. `grouped`: those at the same
 * place are put together.
 */
export function taskTree(tasks: readonly ShownStack[], grouped: boolean): readonly TaskGroup[] {
  const parents = parentsOf(tasks);
  const children = new Map<ShownStack | undefined, ShownStack[]>();
  for (const task of tasks) {
    const parent = parents.get(task);
    const others = children.get(parent);
    if (others) others.push(task);
    else children.set(parent, [task]);
  }
  const groups = new Map<ShownStack, readonly TaskGroup[]>();
  const places = new Places();
  // Those who wait come before what they wait for, so backwards the latter are done first.
  for (const task of topDown(children).reverse()) {
    const below = (children.get(task) ?? []).map((child) => ({
      tasks: [child],
      awaited: groups.get(child)!,
    }));
    const awaited = grouped ? places.joined(below) : below;
    groups.set(task, awaited);
    places.add(task, awaited);
  }
  const roots = (children.get(undefined) ?? []).map((root) => ({
    tasks: [root],
    awaited: groups.get(root)!,
  }));
  return grouped ? places.joined(roots) : roots;
}

/** For each task one that waits for it, so that there are no circles. */
function parentsOf(tasks: readonly ShownStack[]): Map<ShownStack, ShownStack> {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const parents = new Map<ShownStack, ShownStack>();
  /** On the way to the top of the tree in which a task is; shortened as it is gone. */
  const above = new Map<ShownStack, ShownStack>();
  const topOf = (task: ShownStack): ShownStack => {
    let current = task;
    for (let next = above.get(current); next; next = above.get(current)) {
      const further = above.get(next);
      if (further) above.set(current, further);
      current = next;
    }
    return current;
  };
  for (const task of tasks)
    for (const id of task.awaitedBy) {
      const parent = byId.get(id);
      if (!parent || topOf(parent) === task) continue;
      parents.set(task, parent);
      above.set(task, parent);
      break;
    }
  return parents;
}

function topDown(children: ReadonlyMap<ShownStack | undefined, readonly ShownStack[]>): ShownStack[] {
  const order = [...(children.get(undefined) ?? [])];
  // It grows while it is gone through.
  for (const task of order) for (const child of children.get(task) ?? []) order.push(child);
  return order;
}

/** Numbers of places: the same for tasks that do the same, with what they wait for. */
class Places {
  readonly #numbers = new Map<string, number>();
  readonly #of = new Map<ShownStack, number>();
  readonly #frames = new Map<FrameSnapshot, number>();

  add(task: ShownStack, awaited: readonly TaskGroup[]): void {
    const { state, isCancelling, waitKind, threadId, loop, frames } = task;
    const where = frames.map((frame) => this.#frameNumber(frame));
    const below = awaited.map((group) => [this.#of.get(group.tasks[0]!), group.tasks.length]);
    const text = JSON.stringify([state, isCancelling, waitKind, threadId, loop, where, below]);
    const number = this.#numbers.get(text) ?? this.#numbers.size;
    this.#numbers.set(text, number);
    this.#of.set(task, number);
  }

  /** The same for frames at the same place, of which many are one object. */
  #frameNumber(frame: FrameSnapshot): number {
    const known = this.#frames.get(frame);
    if (known !== undefined) return known;
    const text = JSON.stringify([frame.file, frame.line, frame.qualifiedName]);
    const number = this.#numbers.get(text) ?? this.#numbers.size;
    this.#numbers.set(text, number);
    this.#frames.set(frame, number);
    return number;
  }

  /** Those at the same place as one, in the order of the first of each. */
  joined(groups: readonly TaskGroup[]): TaskGroup[] {
    const byPlace = new Map<number, { tasks: ShownStack[]; awaited: readonly TaskGroup[] }>();
    for (const { tasks, awaited } of groups) {
      const place = this.#of.get(tasks[0]!)!;
      const known = byPlace.get(place);
      if (known) known.tasks.push(...tasks);
      else byPlace.set(place, { tasks: [...tasks], awaited });
    }
    return [...byPlace.values()];
  }
}

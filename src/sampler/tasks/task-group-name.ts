/** UTF-16 units. */
const longestName = 100;
/** Names of a process: where programs name tasks after hosts or users, the next ones are called by their coroutines. */
const mostNames = 1000;

/** What tasks of a process are called, of which there is a bounded number. */
export class TaskGroups {
  readonly #names = new Set<string>();

  nameOf(name: string, coroutine: string): string {
    const group = taskGroupName(name, coroutine);
    if (this.#names.has(group)) return group;
    if (this.#names.size >= mostNames) return coroutine;
    this.#names.add(group);
    return group;
  }
}

/**
 * What tasks of one kind are called: names that differ in their numbers alone are one, `handler-12` is `handler-#`. Of
 * a task that nobody named, that of its coroutine's function.
 */
export function taskGroupName(name: string, coroutine: string): string {
  if (name === '' || /^Task-\d+$/.test(name)) return coroutine;
  return name
    .slice(0, longestName)
    .replace(/(?<![\w])(?=[a-f-]*\d)[\da-f]{8,}(?:-[\da-f]{4,})*(?!\w)/gi, '#')
    .replace(/\d+/g, '#');
}

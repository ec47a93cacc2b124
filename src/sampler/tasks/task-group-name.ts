/** UTF-16 units. */
const longestName = 100;

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

import type { TasksSnapshot, ThreadSnapshot } from '../../model/snapshot.js';
import { type StackTextOptions, stackLines } from './stack-text.js';

const words = { noun: 'task', of: ' of trio', elsewhere: 'in a thread that is not known' };

/** The tasks of trio by thread, each below the one in whose nursery it is. */
export function trioLines(
  { tasks, unread, isComplete }: TasksSnapshot,
  threads: readonly ThreadSnapshot[],
  options: StackTextOptions,
): Generator<string> {
  return stackLines({ stacks: tasks, unread, isComplete }, words, threads, options);
}

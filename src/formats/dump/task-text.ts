import type { TasksSnapshot, ThreadSnapshot } from '../../model/snapshot.js';
import { type StackTextOptions, stackLines } from './stack-text.js';

const words = {
  noun: 'task',
  of: ' of asyncio',
  elsewhere: 'in a loop that does not run, or in a thread that is not known',
};

/** The tasks of asyncio by the thread in which their loop runs, as a tree of who waits for whom. */
export function taskLines(
  { tasks, unread, isComplete }: TasksSnapshot,
  threads: readonly ThreadSnapshot[],
  options: StackTextOptions,
): Generator<string> {
  return stackLines({ stacks: tasks, unread, isComplete }, words, threads, options);
}

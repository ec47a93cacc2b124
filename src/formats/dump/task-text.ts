import { formatCount } from '../../analysis/human-units.js';
import type { TaskSnapshot, TasksSnapshot, ThreadSnapshot } from '../../model/snapshot.js';
import { visibleText } from '../flamegraph/safe-text.js';
import { type FrameTextOptions, frameLines } from './frame-text.js';
import { type TaskGroup, taskTree } from './task-tree.js';

export interface TaskTextOptions extends FrameTextOptions {
  /** Tasks at the same place are not put together, however many there are. [false] */
  readonly allTasks?: boolean;
}

/** More are shown by the places that they are at. */
const mostSingle = 50;
/** Names of tasks at one place. */
const mostNames = 3;
/** Deeper ones stand no further to the right. */
const deepestIndent = 24;
const longestName = 200;

/** The tasks of asyncio by the thread in which their loop runs, as a tree of who waits for whom. */
export function* taskLines(
  { tasks, unread, isComplete }: TasksSnapshot,
  threads: readonly ThreadSnapshot[],
  options: TaskTextOptions,
): Generator<string> {
  const grouped = tasks.length > mostSingle && options.allTasks !== true;
  for (const ofLoop of byLoop(tasks)) {
    yield `\n${title(ofLoop, threads)}\n`;
    yield* treeLines(taskTree(ofLoop, grouped), options);
  }
  if (unread > 0)
    yield `\n(${formatCount(unread)} ${unread === 1 ? 'task' : 'tasks'} changed while being read, and cannot be shown)\n`;
  if (!isComplete) yield '\n(there may be more tasks: the list of tasks could not be read to its end)\n';
}

function byLoop(tasks: readonly TaskSnapshot[]): TaskSnapshot[][] {
  const loops = new Map<number, TaskSnapshot[]>();
  for (const task of tasks) {
    const others = loops.get(task.loop);
    if (others) others.push(task);
    else loops.set(task.loop, [task]);
  }
  return [...loops.values()];
}

function title(tasks: readonly TaskSnapshot[], threads: readonly ThreadSnapshot[]): string {
  const count = `${formatCount(tasks.length)} ${tasks.length === 1 ? 'task' : 'tasks'} of asyncio`;
  const threadId = tasks.find((task) => task.threadId !== 0)?.threadId;
  if (threadId === undefined)
    return `${count}, in a loop that does not run, or in a thread that is not known`;
  const name = threads.find((thread) => thread.threadId === threadId)?.name ?? '';
  return `${count} in thread ${threadId}${name === '' ? '' : ` "${visibleText(name)}"`}`;
}

function* treeLines(roots: readonly TaskGroup[], options: TaskTextOptions): Generator<string> {
  const left = roots.map((group) => ({ group, depth: 1 })).reverse();
  for (let next = left.pop(); next; next = left.pop()) {
    const { group, depth } = next;
    const indent = '  '.repeat(Math.min(depth, deepestIndent));
    const [task] = group.tasks as readonly [TaskSnapshot];
    yield `${indent}${heading(group.tasks)}\n`;
    for (const frame of task.frames) yield* frameLines(frame, options, `${indent}    `);
    if (task.truncated) yield `${indent}    (more frames were not read)\n`;
    for (const below of group.awaited.toReversed()) left.push({ group: below, depth: depth + 1 });
  }
}

function heading(tasks: readonly TaskSnapshot[]): string {
  const [first] = tasks as readonly [TaskSnapshot];
  const names = tasks
    .slice(0, mostNames)
    .map(({ name }) => visibleText(name, longestName) || 'without a name');
  const more = tasks.length > mostNames ? ', …' : '';
  if (tasks.length === 1) return `${names[0]!}: ${facts(first, first.waitingFor)}`;
  const isSame = tasks.every(({ waitingFor }) => waitingFor === first.waitingFor);
  const wait = isSame ? first.waitingFor : withoutDetail(first);
  return `${formatCount(tasks.length)} tasks (${names.join(', ')}${more}): ${facts(first, wait)}`;
}

function facts({ state, isCancelling }: TaskSnapshot, waitingFor: string): string {
  const states = { running: 'running', ready: 'ready to run', new: 'not started', waiting: 'waiting' };
  const known =
    state === 'waiting' && waitingFor !== '' ? visibleText(waitingFor, longestName) : states[state];
  return isCancelling ? `${known}, asked to cancel` : known;
}

/** What tasks with different waits of one kind have in common. */
function withoutDetail({ waitKind }: TaskSnapshot): string {
  const kinds: Readonly<Record<string, string>> = {
    sleep: 'sleeping',
    task: 'waiting for a task each',
    subprocess: 'waiting for child processes',
    tasks: 'waiting for several tasks each',
  };
  return kinds[waitKind] ?? 'waiting';
}

import { formatCount } from '../../analysis/human-units.js';
import type { ThreadSnapshot } from '../../model/snapshot.js';
import { visibleText } from '../flamegraph/safe-text.js';
import { type FrameTextOptions, frameLines } from './frame-text.js';
import { type ShownStack, type TaskGroup, taskTree } from './task-tree.js';

export interface StackTextOptions extends FrameTextOptions {
  /** Stacks at the same place are not put together, however many there are. [false] */
  readonly allTasks?: boolean;
}

/** What is shown, such as `task` of `asyncio`. */
export interface StackWords {
  readonly noun: string;
  /** Such as ` of asyncio`; may be empty. */
  readonly of: string;
  /** Where those are whose thread is not known. */
  readonly elsewhere: string;
}

/** More are shown by the places that they are at. */
const mostSingle = 50;
/** Names of stacks at one place. */
const mostNames = 3;
/** Deeper ones stand no further to the right. */
const deepestIndent = 24;
const longestName = 200;

/** Stacks that no thread has, those of each thread, or loop, as a tree. */
export function* stackLines(
  { stacks, unread, isComplete }: ShownStacks,
  words: StackWords,
  threads: readonly ThreadSnapshot[],
  options: StackTextOptions,
): Generator<string> {
  const grouped = stacks.length > mostSingle && options.allTasks !== true;
  for (const together of byLoop(stacks)) {
    yield `\n${title(together, words, threads)}\n`;
    yield* treeLines(taskTree(together, grouped), words, options);
  }
  const { noun } = words;
  if (unread > 0) yield `\n(${counted(unread, noun)} changed while being read, and cannot be shown)\n`;
  if (!isComplete) yield `\n(there may be more ${noun}s: they could not all be looked for)\n`;
}

export interface ShownStacks {
  readonly stacks: readonly ShownStack[];
  readonly unread: number;
  readonly isComplete: boolean;
}

export function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function byLoop(stacks: readonly ShownStack[]): ShownStack[][] {
  const loops = new Map<number, ShownStack[]>();
  for (const stack of stacks) {
    const others = loops.get(stack.loop);
    if (others) others.push(stack);
    else loops.set(stack.loop, [stack]);
  }
  return [...loops.values()];
}

function title(
  stacks: readonly ShownStack[],
  { noun, of, elsewhere }: StackWords,
  threads: readonly ThreadSnapshot[],
): string {
  const count = `${counted(stacks.length, noun)}${of}`;
  const threadId = stacks.find((stack) => stack.threadId !== 0)?.threadId;
  if (threadId === undefined) return `${count}, ${elsewhere}`;
  const name = threads.find((thread) => thread.threadId === threadId)?.name ?? '';
  return `${count} in thread ${threadId}${name === '' ? '' : ` "${visibleText(name)}"`}`;
}

function* treeLines(
  roots: readonly TaskGroup[],
  words: StackWords,
  options: StackTextOptions,
): Generator<string> {
  const left = roots.map((group) => ({ group, depth: 1 })).reverse();
  for (let next = left.pop(); next; next = left.pop()) {
    const { group, depth } = next;
    const indent = '  '.repeat(Math.min(depth, deepestIndent));
    const [stack] = group.tasks as readonly [ShownStack];
    yield `${indent}${heading(group.tasks, words)}\n`;
    for (const frame of stack.frames) yield* frameLines(frame, options, `${indent}    `);
    if (stack.truncated) yield `${indent}    (more frames were not read)\n`;
    for (const below of group.awaited.toReversed()) left.push({ group: below, depth: depth + 1 });
  }
}

function heading(stacks: readonly ShownStack[], { noun }: StackWords): string {
  const [first] = stacks as readonly [ShownStack];
  const names = stacks
    .slice(0, mostNames)
    .map(({ name }) => visibleText(name, longestName) || 'without a name');
  const more = stacks.length > mostNames ? ', …' : '';
  if (stacks.length === 1) return `${names[0]!}: ${facts(first, first.waitingFor)}`;
  const isSame = stacks.every(({ waitingFor }) => waitingFor === first.waitingFor);
  const wait = isSame ? first.waitingFor : withoutDetail(first);
  return `${counted(stacks.length, noun)} (${names.join(', ')}${more}): ${facts(first, wait)}`;
}

function facts({ state, isCancelling }: ShownStack, waitingFor: string): string {
  const states = { running: 'running', ready: 'ready to run', new: 'not started', waiting: 'waiting' };
  const known =
    state === 'waiting' && waitingFor !== '' ? visibleText(waitingFor, longestName) : states[state];
  return isCancelling ? `${known}, asked to cancel` : known;
}

/** What stacks with different waits of one kind have in common. */
function withoutDetail({ waitKind }: ShownStack): string {
  const kinds: Readonly<Record<string, string>> = {
    sleep: 'sleeping',
    task: 'waiting for a task each',
    subprocess: 'waiting for child processes',
    tasks: 'waiting for several tasks each',
  };
  return kinds[waitKind] ?? 'waiting';
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findHosts } from './find-hosts.js';
import type { SampledThread } from './sampled-thread.js';
import type { StackTree } from './stacks/stack-tree.js';

/** Stacks from here on end in the call that enters an interpreter. */
const entering = 100;

/** What is looked at of a thread. */
interface Thread {
  readonly name: string;
  readonly isShared: boolean;
  /** Also its stack. */
  node: number;
  /** 0: it runs no Python. */
  currentFrame: number;
  host: Thread | undefined;
  readonly inner: Thread[];
}

function thread(name: string, node: number, isShared = false): Thread {
  return { name, isShared, node, currentFrame: 1, host: undefined, inner: [] };
}

function find(...threads: readonly Thread[]): string[] {
  findHosts(threads as unknown as readonly SampledThread[], (stack) => stack >= entering, {
    stackOf: (node: number) => node,
  } as unknown as StackTree);
  for (const one of threads) for (const within of one.inner) assert.equal(within.host, one);
  return threads.flatMap(({ name, host }) => (host ? [`${name} in ${host.name}`] : []));
}

test('an inner interpreter is run by the one thread that enters one', () => {
  assert.deepEqual(find(thread('inner', 5, true), thread('a', 1), thread('b', entering)), ['inner in b']);
});

test('where two threads enter one, or none does, nobody is its host', () => {
  assert.deepEqual(find(thread('inner', 5, true), thread('a', entering), thread('b', entering)), []);
  assert.deepEqual(find(thread('inner', 5, true), thread('a', 1)), []);
});

test('a second inner interpreter is run by the thread whose is not known yet', () => {
  const [first, second] = [thread('first', 5, true), thread('second', 6, true)];
  const [a, b] = [thread('a', entering), thread('b', 1)];
  second.currentFrame = 0;
  find(first, second, a, b);
  second.currentFrame = 1;
  b.node = entering;
  assert.deepEqual(find(first, second, a, b), ['first in a', 'second in b']);
});

test('two that are met at once are left out', () => {
  const inner = [thread('first', 5, true), thread('second', 6, true)];
  assert.deepEqual(find(...inner, thread('a', entering), thread('b', entering)), []);
});

test('a host that enters no interpreter any more, or whose inner one runs nothing, is none', () => {
  const [inner, a, b] = [thread('inner', 5, true), thread('a', entering), thread('b', 1)];
  find(inner, a, b);
  a.node = 1;
  b.node = entering;
  assert.deepEqual(find(inner, a, b), ['inner in b']);
  assert.deepEqual(a.inner, []);
  inner.currentFrame = 0;
  assert.deepEqual(find(inner, a, b), []);
});

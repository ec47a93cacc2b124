import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Context } from '../model/context.js';
import { ThreadLabels } from './thread-labels.js';

function begin() {
  const contexts: (Context | undefined)[] = [undefined];
  const labels = new ThreadLabels({ defineContext: (context) => contexts.push(context) - 1 });
  /** Values of the thread's context, the outermost first. */
  const of = (pid: number, threadId: number): Readonly<Record<string, string>>[] => {
    const values = [];
    for (let at = labels.contextOf(pid, threadId); at !== 0; at = contexts[at]!.outer)
      values.unshift(contexts[at]!.values);
    return values;
  };
  return { labels, contexts, of };
}

test('labels of everything are around those of a process, and these around those of a thread', () => {
  const { labels, of } = begin();
  labels.apply({ kind: 'label', id: 1, values: { job: 'a' }, threadId: 71 });
  labels.apply({ kind: 'label', id: 2, values: { phase: 'x' } });
  labels.apply({ kind: 'label', id: 3, values: { shard: '7' }, pid: 7 });
  labels.apply({ kind: 'label', id: 4, values: { job: 'b' }, threadId: 71 });
  assert.deepEqual(of(7, 71), [{ phase: 'x' }, { shard: '7' }, { job: 'a' }, { job: 'b' }]);
  assert.deepEqual(of(7, 72), [{ phase: 'x' }, { shard: '7' }]);
  assert.deepEqual(of(8, 81), [{ phase: 'x' }]);
});

test('a label may end before those that were set within it, and only once', () => {
  const { labels, of } = begin();
  labels.apply({ kind: 'label', id: 1, values: { job: 'a' }, threadId: 71 });
  labels.apply({ kind: 'label', id: 2, values: { step: 's' }, threadId: 71 });
  const { changes } = labels.ofProcess(7);
  const { count } = changes;
  labels.apply({ kind: 'end-label', id: 1 });
  labels.apply({ kind: 'end-label', id: 1 });
  assert.ok(changes.count > count);
  assert.deepEqual(of(7, 71), [{ step: 's' }]);
  labels.apply({ kind: 'end-label', id: 2 });
  assert.equal(labels.contextOf(7, 71), 0);
});

test('a context is defined once, however often it is asked for', () => {
  const { labels, contexts } = begin();
  labels.apply({ kind: 'label', id: 1, values: { job: 'a' } });
  labels.apply({ kind: 'label', id: 2, values: { step: 's' }, threadId: 71 });
  for (let time = 0; time < 3; time++) for (const threadId of [71, 72]) labels.contextOf(7, threadId);
  assert.equal(contexts.length, 3);
});

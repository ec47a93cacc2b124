import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ThreadStack } from '../../cpython/stack/thread-stack.js';
import { emptyNode } from '../stacks/stack-tree.js';
import { AskAgain } from './ask-again.js';
import { newRequest, type RequestInHand } from './request-in-hand.js';
import { lastAt, type RequestThread, setAside } from './request-thread.js';

function threadOf(): RequestThread {
  const stack = {} as ThreadStack;
  return {
    ...{ stack, node: emptyNode, currentFrame: 0, activity: { hasStood: () => false } },
    ...{ request: undefined, pool: undefined, worksFor: undefined, before: new Map(), ask: new AskAgain() },
  };
}

function requestAt(frame: number, hasContent = true): RequestInHand {
  const request = newRequest(`${frame}`, frame, 0);
  if (hasContent) request.content = { words: new Uint32Array(1), compared: [0] };
  return request;
}

test('requests that take turns on a thread come back, each in its frame', () => {
  const thread = threadOf();
  const [first, second] = [requestAt(0x1000), requestAt(0x2000)];
  for (const request of [first, second, undefined, first]) setAside(thread, request);
  assert.equal(lastAt(thread, 0x1000), first);
  assert.equal(lastAt(thread, 0x2000), second);
  assert.equal(lastAt(thread, 0x3000), undefined);
});

test('what nothing tells from the next one does not come back', () => {
  const thread = threadOf();
  setAside(thread, requestAt(0x1000, false));
  setAside(thread, undefined);
  assert.equal(lastAt(thread, 0x1000), undefined);
});

test('a thread remembers so many, the last ones', () => {
  const thread = threadOf();
  for (let at = 1; at <= 1002; at++) setAside(thread, requestAt(at * 16));
  assert.equal(thread.before.size, 1000);
  assert.equal(lastAt(thread, 16), undefined);
  assert.ok(lastAt(thread, 32));
});

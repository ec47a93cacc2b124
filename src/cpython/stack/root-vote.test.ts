import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RootVote } from './root-vote.js';

test('a stack ends where it was seen to end, not where a frame that was left looks outermost', () => {
  const root = new RootVote();
  for (let reading = 0; reading < 20; reading++) assert.equal(root.accepts(0x1000), true);
  for (const left of [0x2000, 0x3000, 0x2000]) assert.equal(root.accepts(left), false);
  assert.equal(root.accepts(0x1000), true);
});

test('a stack that ends elsewhere from now on is believed after eight readings', () => {
  const root = new RootVote();
  for (let reading = 0; reading < 20; reading++) root.accepts(0x1000);
  const answers = Array.from({ length: 10 }, () => root.accepts(0x2000));
  assert.equal(answers.indexOf(true), 8);
  assert.deepEqual(answers.slice(8), [true, true]);
});

test('the first reading says where the stack ends', () => {
  assert.equal(new RootVote().accepts(0x1000), true);
});

test('a stack ends where a frame is known to be outermost, and then where it did before', () => {
  const root = new RootVote();
  for (let reading = 0; reading < 20; reading++) root.accepts(0x1000);
  root.known = new Set([0x2000, 0x3000]);
  for (const frame of [0x2000, 0x3000, 0x2000, 0x1000]) assert.equal(root.accepts(frame), true);
  for (let reading = 0; reading < 20; reading++) root.accepts(0x3000);
  assert.equal(root.accepts(0x4000), false);
  assert.equal(root.accepts(0x1000), true);
});

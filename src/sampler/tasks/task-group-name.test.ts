import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TaskGroups, taskGroupName } from './task-group-name.js';

test('names of tasks that differ in numbers alone are one', () => {
  assert.equal(taskGroupName('Task-12', 'Shop.serve'), 'Shop.serve', 'Python itself named it');
  assert.equal(taskGroupName('', 'serve'), 'serve');
  assert.equal(taskGroupName('handler-7', 'serve'), 'handler-#');
  assert.equal(taskGroupName('Task-12 of 3', 'serve'), 'Task-# of #');
  assert.equal(taskGroupName('job 0a1b2c3d4e5f', 'serve'), 'job #');
  assert.equal(taskGroupName('job 123e4567-e89b-12d3-a456-426614174000', 'serve'), 'job #');
  assert.equal(taskGroupName('facade', 'serve'), 'facade', 'a word is no number');
  assert.equal(taskGroupName('deadbeef', 'serve'), 'deadbeef');
  assert.equal(taskGroupName('x'.repeat(100_000), 'serve').length, 100);
});

test('names without end are called by their coroutine after a thousand', () => {
  const groups = new TaskGroups();
  const letters = (at: number) =>
    String.fromCharCode(97 + (at % 26), 97 + (Math.floor(at / 26) % 26), 97 + at / 676);
  for (let at = 0; at < 1000; at++)
    assert.equal(groups.nameOf(`of ${letters(at)}`, 'serve'), `of ${letters(at)}`);
  assert.equal(groups.nameOf('of another', 'serve'), 'serve');
  assert.equal(groups.nameOf(`of ${letters(3)}`, 'serve'), `of ${letters(3)}`);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ReadTask } from '../../cpython/asyncio/task-reader.js';
import { allOf } from '../../memory/steps.js';
import { CoroutineRequests } from './coroutine-requests.js';
import { newRequest } from './request-in-hand.js';

const task = (address: number, name: string) => ({ address, name }) as ReadTask;

test('a request is found by its frame and by its task until the next one is there', () => {
  const requests = new CoroutineRequests();
  const [first, second] = [newRequest('1', 0x1000, 0), newRequest('2', 0x1000, 0)];
  requests.add(first);
  requests.setTask(first, task(0x2000, 'Task-1'), true);
  assert.equal(requests.at(0x1000), first);
  assert.equal(requests.ofTask(0x2000), first);
  requests.add(second);
  assert.equal(requests.at(0x1000), second);
  assert.equal(requests.ofTask(0x2000), undefined);
  requests.setTask(second, task(0x2000, 'Task-2'), true);
  requests.delete(first);
  assert.equal(requests.ofTask(0x2000), second);
  assert.equal(requests.size, 1);
});

test('requests of tasks that are no more are let go, and those whose tasks are not known yet stay for a look', () => {
  const requests = new CoroutineRequests();
  const [ended, renamed, stays, unknown] = [1, 2, 3, 4].map((at) => newRequest(`${at}`, at * 0x1000, 5));
  for (const request of [ended!, renamed!, stays!, unknown!]) requests.add(request);
  requests.setTask(ended!, task(0x100, 'Task-1'), true);
  requests.setTask(renamed!, task(0x200, 'Task-2'), true);
  requests.setTask(stays!, task(0x300, 'Task-3'), true);
  const tasks = [task(0x200, 'Task-9'), task(0x300, 'Task-3')];
  allOf(requests.keepOnly(tasks, 5));
  assert.deepEqual(
    [1, 2, 3, 4].map((at) => requests.at(at * 0x1000)?.number),
    [undefined, undefined, '3', '4'],
  );
  // It was seen since then.
  allOf(requests.keepOnly(tasks.slice(0, 1), 4));
  assert.equal(requests.at(0x3000)?.number, '3');
  allOf(requests.keepOnly(tasks, 6));
  assert.equal(requests.at(0x4000), undefined);
  assert.equal(requests.size, 1);
});

test('of very many requests those are forgotten that were seen first', () => {
  const requests = new CoroutineRequests();
  for (let at = 1; at <= 10_001; at++) requests.add(newRequest(`${at}`, at * 16, 0));
  assert.equal(requests.size, 10_000);
  assert.equal(requests.at(16), undefined);
});

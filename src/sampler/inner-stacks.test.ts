import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entersInterpreter, InnerStacks } from './inner-stacks.js';

/** Stacks as a list of their frames, by number. */
function encoder() {
  const stacks: number[][] = [[]];
  return {
    stacks,
    defineFunction: () => 0,
    defineFrame: () => 0,
    defineStack(parent: number, frame: number): number {
      const stack = [...stacks[parent]!, frame];
      const known = stacks.findIndex((one) => one.join() === stack.join());
      return known >= 0 ? known : stacks.push(stack) - 1;
    },
  };
}

test('the functions that enter an interpreter have had several names', () => {
  for (const name of [
    '_interpreters.exec',
    '_interpreters.call',
    '_xxsubinterpreters.run_string',
    '_interpreters.run_func',
  ])
    assert.ok(entersInterpreter(name), name);
  for (const name of ['_interpreters.create', 'builtins.exec', 'x_interpreters.exec', '_interpreters.exec2'])
    assert.ok(!entersInterpreter(name), name);
});

test('an inner stack is put below the one that it runs within', () => {
  const made = encoder();
  const it = new InnerStacks(made);
  it.isOn = true;
  const note = (parent: number, frame: number, cName?: string) => {
    const stack = made.defineStack(parent, frame);
    it.note(stack, parent, frame, cName);
    return stack;
  };
  const outer = note(note(0, 1), 2, '_interpreters.exec');
  const inner = note(note(note(0, 7), 8), 9);
  assert.ok(it.isEntering(outer) && !it.isEntering(inner));
  const joined = it.below(outer, inner);
  assert.deepEqual(made.stacks[joined], [1, 2, 7, 8, 9]);
  const count = made.stacks.length;
  assert.equal(it.below(outer, inner), joined);
  assert.equal(made.stacks.length, count);
  assert.equal(it.below(outer, 0), outer);
  // Of the same stack once more and once less.
  const caller = made.defineStack(0, 7);
  assert.deepEqual(made.stacks[it.below(outer, inner, caller)], [1, 2, 8, 9]);
  assert.equal(it.below(outer, inner), joined);
});

test('nothing is noted while a process has one interpreter', () => {
  const it = new InnerStacks(encoder());
  it.note(5, 0, 1, '_interpreters.exec');
  assert.ok(!it.isEntering(5));
});

test('a process with one interpreter has no room for stacks', () => {
  const { arrayBuffers } = process.memoryUsage();
  const made = Array.from({ length: 1000 }, () => new InnerStacks(encoder()));
  assert.ok(process.memoryUsage().arrayBuffers - arrayBuffers < made.length * 1024);
});

test('what is known of many stacks fits, and what was joined is forgotten beyond a bound', () => {
  const made = encoder();
  let defined = 0;
  made.defineStack = () => ++defined;
  const it = new InnerStacks(made);
  it.isOn = true;
  it.note(5000, 0, 3);
  it.note(5001, 5000, 4);
  it.below(1, 5001);
  assert.equal(defined, 2);
  for (let outer = 2; outer < 100_010; outer++) it.below(outer, 5000);
  it.below(1, 5001);
  assert.equal(defined, 2 + 100_008 + 2);
});

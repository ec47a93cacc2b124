import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Context,
  lostContextKind,
  mostContextDepth,
  mostContextValues,
  requestContext,
  routeContext,
} from '../model/context.js';
import type { Profile } from '../model/profile.js';
import { RecordingDecoder } from './recording-decoder.js';
import { RecordingEncoder } from './recording-encoder.js';

const info = { writer: 't', startedAt: 0, rate: 20_000, title: 'x' };

function begin() {
  const encoder = new RecordingEncoder(info);
  const process = encoder.defineProcess({ pid: 7, parentPid: 1, commandLine: [], pythonVersion: '' });
  const threads = ['main', 'worker'].map((name, index) =>
    encoder.defineThread({ process, threadId: 7 + index, name, interpreter: 0 }),
  );
  let time = 0;
  /** A tick in which each thread has the context of its place. */
  const tick = (...contexts: readonly number[]) => {
    encoder.beginTick(process, time);
    time += 1000;
    for (const [index, context] of contexts.entries()) encoder.sample(threads[index]!, 0, 0, context);
    encoder.endTick();
  };
  return { encoder, tick };
}

function decode(payloads: readonly Uint8Array[]): Profile {
  const decoder = new RecordingDecoder();
  for (const payload of payloads) decoder.feed(payload);
  return decoder.snapshot();
}

const labels = (values: Record<string, string>, outer = 0): Context => ({ kind: 'labels', values, outer });

/** Thread, values of the context outermost first, and samples of each run. */
function runsOf({ runs, contexts }: Profile) {
  const chain = (context: number): Record<string, string>[] =>
    context === 0 ? [] : [...chain(contexts[context]!.outer), { ...contexts[context]!.values }];
  return Array.from({ length: runs.context.length }, (_, run) => [
    runs.thread.at(run),
    chain(runs.context.at(run)),
    runs.samples.at(run),
  ]);
}

test('what threads work for is read back, from one block to the next', () => {
  const { encoder, tick } = begin();
  const request = encoder.defineContext({
    ...{ kind: 'request', outer: 0 },
    values: { route: '/item/:id', method: 'GET' },
  });
  const task = encoder.defineContext({ kind: 'task', values: { name: 'fetch' }, outer: request });
  tick(0, request);
  tick(0, request);
  const first = encoder.takeBlock()!;
  tick(task, request);
  tick(task, 0);
  tick(0);
  const profile = decode([first, encoder.takeBlock()!]);
  assert.equal(profile.damagedBlocks, 0);
  assert.deepEqual(profile.contexts.slice(1), [
    { kind: 'request', values: { method: 'GET', route: '/item/:id' }, outer: 0 },
    { kind: 'task', values: { name: 'fetch' }, outer: 1 },
  ]);
  const route = { method: 'GET', route: '/item/:id' };
  assert.deepEqual(runsOf(profile), [
    [0, [], 2],
    [1, [route], 3],
    [0, [route, { name: 'fetch' }], 2],
    [1, [], 1],
    [0, [], 1],
  ]);
});

test('equal contexts are one, in whatever order their values are given', () => {
  const { encoder } = begin();
  const one = encoder.defineContext(labels({ a: '1', b: '2' }));
  assert.equal(encoder.defineContext(labels({ b: '2', a: '1' })), one);
  for (const other of [labels({ a: '1' }), labels({ a: '1', b: '2' }, one), labels({ 'a","1': '', b: '2' })])
    assert.notEqual(encoder.defineContext(other), one);
  assert.notEqual(encoder.defineContext({ ...labels({ a: '1', b: '2' }), kind: 'task' }), one);
});

test('where no thread has a context, not a byte is spent', () => {
  const ticksOf = (defined: boolean) => {
    const { encoder, tick } = begin();
    encoder.takeBlock();
    if (defined) encoder.defineContext(labels({ job: '7' }));
    encoder.takeBlock();
    for (let count = 0; count < 100; count++) tick(0, 0);
    return encoder.takeBlock()!;
  };
  assert.deepEqual(ticksOf(true), ticksOf(false));
});

test('a key may be any text', () => {
  const { encoder, tick } = begin();
  const values = Object.fromEntries([
    ['', 'e'],
    ['__proto__', 'p'],
    ['constructor', 'c'],
    ['é;\n', '\u0000'],
  ]);
  tick(encoder.defineContext(labels(values)));
  const { contexts } = decode([encoder.takeBlock()!]);
  assert.deepEqual(Object.entries(contexts[1]!.values), Object.entries(values));
  assert.equal(Object.getPrototypeOf(contexts[1]!.values), Object.prototype);
});

test('what is too deep counts for its outer one; too many values and long ones are cut', () => {
  const { encoder, tick } = begin();
  let context = 0;
  for (let depth = 1; depth <= mostContextDepth; depth++)
    context = encoder.defineContext(labels({ depth: `${depth}` }, context));
  assert.equal(encoder.defineContext(labels({ depth: 'more' }, context)), context);
  const many = Object.fromEntries(
    Array.from({ length: mostContextValues + 1 }, (_, index) => [`k${index}`, 'v']),
  );
  tick(context, encoder.defineContext(labels({ ...many, k0: 'x'.repeat(20_000) })));
  const { contexts, damagedBlocks } = decode([encoder.takeBlock()!]);
  assert.equal(damagedBlocks, 0);
  const { values } = contexts.at(-1)!;
  assert.equal(Object.keys(values).length, mostContextValues);
  assert.equal(values['k0']!.length, 10_000);
});

test('a recording of ever new contexts remembers a bounded number of them, and tells all', () => {
  const { encoder, tick } = begin();
  const decoder = new RecordingDecoder();
  const defined = 100_001;
  for (let id = 1; id <= defined; id++) encoder.defineContext(labels({ trace: `${id}` }));
  // It was forgotten, so it is another row, and means the same.
  const again = encoder.defineContext(labels({ trace: '2' }));
  assert.equal(again, defined + 1);
  assert.equal(encoder.defineContext(labels({ trace: '2' })), again);
  const inner = encoder.defineContext(labels({ step: 'a' }, 3));
  tick(again, inner);
  for (let block = encoder.takeBlock(); block; block = encoder.takeBlock()) decoder.feed(block);
  const profile = decoder.snapshot();
  assert.equal(profile.damagedBlocks, 0);
  assert.deepEqual(
    runsOf(profile).map(([, context]) => context),
    [[{ trace: '2' }], [{ trace: '3' }, { step: 'a' }]],
  );
});

/** Three blocks, with contexts in each. */
function blocks(): Uint8Array[] {
  const { encoder, tick } = begin();
  return [1, 2, 3].map((block) => {
    const outer = encoder.defineContext(labels({ job: `${block}`, service: 'shop' }));
    const inner = encoder.defineContext({ kind: 'task', values: { name: 'é' }, outer });
    tick(outer, inner);
    tick(inner);
    const payload = encoder.takeBlock()!;
    tick(outer, inner);
    return payload;
  });
}

test('what refers to a lost context is a lost one', () => {
  const [first, , third] = blocks();
  const profile = decode([first!, third!]);
  const { runs, contexts } = profile;
  const kinds = Array.from({ length: runs.context.length }, (_, run) => contexts[runs.context.at(run)]!.kind);
  assert.ok(kinds.includes(lostContextKind));
  assert.ok(kinds.includes('task'));
});

/**
 * Whatever was read: outer contexts come before what they are around, not too many of them, and runs refer to what
 * there is.
 */
function checkContexts({ contexts, runs }: Profile): void {
  for (const [index, { outer }] of contexts.entries()) {
    assert.ok(outer < index || index === 0);
    let depth = 0;
    for (let at = index; at !== 0; at = contexts[at]!.outer) depth++;
    assert.ok(depth <= mostContextDepth);
  }
  for (let run = 0; run < runs.context.length; run++) assert.ok(contexts[runs.context.at(run)]);
}

test('cut short or with any byte changed, it is a profile or damage', () => {
  const [first, second, third] = blocks();
  for (let at = 0; at < second!.length; at++) {
    checkContexts(decode([first!, second!.subarray(0, at), third!]));
    for (const change of [1, 2, 0x80, 0xff]) {
      const changed = second!.slice();
      changed[at]! ^= change;
      checkContexts(decode([first!, changed, third!]));
    }
  }
});

/** A decoder that forgets, and a tick in which threads have contexts, whose values it says. */
function live() {
  const { encoder, tick } = begin();
  const decoder = new RecordingDecoder();
  const look = (...contexts: readonly number[]) => {
    tick(...contexts);
    for (let block = encoder.takeBlock(); block; block = encoder.takeBlock()) decoder.feed(block);
    const profile = decoder.snapshot();
    const shown = runsOf(profile).filter(([, , samples]) => samples === 1);
    decoder.forgetRuns();
    shown.sort(([a], [b]) => Number(a) - Number(b));
    return { profile, shown: shown.map(([, context]) => context) };
  };
  const route = encoder.defineContext({ kind: routeContext, values: { route: 'GET /' }, outer: 0 });
  const request = (number: number) =>
    encoder.defineContext({ kind: requestContext, values: { request: `${number}` }, outer: route });
  return { encoder, look, request };
}

test('who forgets runs forgets requests too, but for the last ones and those that go on', () => {
  const { encoder, look, request } = live();
  const long = request(1_000_000);
  const step = encoder.defineContext({ kind: 'task', values: { name: 'a' }, outer: long });
  const of = (number: number | string) => [{ route: 'GET /' }, { request: `${number}` }];
  for (let number = 1; number <= 30_000; number += 100) {
    let last = 0;
    for (let more = 0; more < 100; more++) last = request(number + more);
    const { profile, shown } = look(last, step);
    assert.ok(profile.contexts.length < 10_300);
    assert.equal(profile.damagedBlocks, 0);
    assert.deepEqual(shown, [of(number + 99), [...of(1_000_000), { name: 'a' }]]);
  }
  // A label of the same text as a request that was forgotten or not.
  const { shown } = look(encoder.defineContext(labels({ job: '29999' })), request(29_999));
  assert.deepEqual(shown, [[{ job: '29999' }], of(29_999)]);
});

test('a request that was forgotten is a lost one, and so is what was within it', () => {
  const { encoder, look, request } = live();
  look(0, 0);
  const first = request(0);
  const step = encoder.defineContext({ kind: 'task', values: { name: 'a' }, outer: first });
  look(first, step);
  for (let number = 1; number <= 10_010; number++) request(number);
  look(0, 0);
  const { profile, shown } = look(first, step);
  assert.deepEqual(shown, [[{}], [{}]]);
  assert.ok(profile.contexts.some(({ kind }) => kind === lostContextKind));
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PyglassError } from '../../src/model/error.js';
import { changingImage } from '../support/changing-image.js';
import { greenletFixtures } from '../support/images.js';
import { child, fixture, Recorded, samplesOf, target } from '../support/recorded-sampling.js';
import { runsOf } from '../support/sampled-process.js';

test('a recording lasts as long as asked, and its figures are those of what it holds', () => {
  const it = new Recorded();
  const { image } = it.python(target, 1);
  it.time.at(500, () => {
    it.processes.byPid.get(target)!.cpu += 0.25;
  });
  const { reason, stats, programs, left } = it.run({ labels: { service: 'shop' } });
  assert.equal(reason, 'duration');
  assert.ok(Math.abs(stats.ticks - 100) <= 2, `${stats.ticks} ticks`);
  const threads = image.threadStates.length;
  assert.deepEqual([stats.samples, stats.threads, stats.processes], [stats.ticks * threads, threads, 1]);
  assert.ok(stats.wallSeconds >= 1 && stats.wallSeconds < 1.02, `${stats.wallSeconds}`);
  assert.deepEqual([stats.missed, stats.torn, stats.truncated], [0, 0, 0]);
  assert.equal(stats.targetCpuSeconds, 0.25);
  assert.ok(stats.firstSampleAt > it.time.origin && stats.firstSampleAt < it.time.origin + 30);
  assert.ok(stats.verdicts['as copied']! > 0);
  assert.deepEqual([programs, left], [[], []]);
  const profile = it.profile();
  assert.ok(profile.complete);
  assert.deepEqual(samplesOf(profile), new Map([[target, stats.samples]]));
  assert.deepEqual([profile.info.title, profile.info.labels], ['a title', { service: 'shop' }]);
  assert.ok(Math.abs(profile.duration / 1e6 - stats.wallSeconds) < 0.001);
  // Every 0.4 s, and at the end.
  assert.equal(it.all('progress').length, 3);
  assert.deepEqual(
    it.all('attached').map(({ pid, pythonVersion }) => [pid, pythonVersion]),
    [[target, image.location.version]],
  );
  assert.equal(it.all('find-children').length, 0);
});

test('a recording that is stopped ends soon, with a last sample for the time until then', () => {
  const it = new Recorded();
  it.python(target, 1);
  it.time.at(305, () => it.setCell(0, 1));
  const { reason, stats } = it.run();
  assert.equal(reason, 'stopped');
  assert.ok(stats.wallSeconds > 0.3 && stats.wallSeconds < 0.32, `${stats.wallSeconds}`);
  assert.ok(Math.abs(stats.ticks - 31) <= 1);
});

test('ticks for which the sampler was late are counted as missed', () => {
  const it = new Recorded();
  it.python(target, 1);
  it.time.at(300, () => it.time.pass(200));
  const { stats } = it.run();
  assert.ok(Math.abs(stats.missed - 19) <= 1, `${stats.missed} missed`);
  assert.ok(Math.abs(stats.ticks + stats.missed - 100) <= 2);
  assert.equal(it.profile().losses.missed, stats.missed);
});

test('when the process ends, so does the recording', () => {
  const it = new Recorded();
  const { image } = it.python(target, 1);
  it.time.at(200, () => {
    it.processes.byPid.get(target)!.cpu += 0.1;
  });
  it.time.at(400, () => it.processes.end(target));
  const { reason, stats } = it.run({ duration: Number.POSITIVE_INFINITY });
  assert.equal(reason, 'target-ended');
  assert.ok(stats.wallSeconds > 0.39 && stats.wallSeconds < 0.43);
  assert.equal(stats.targetCpuSeconds, 0.1);
  assert.equal(stats.threads, 0);
  assert.ok(stats.samples > 38 * image.threadStates.length);
});

test('what cannot be attached to is an error, and nothing is recorded', () => {
  const it = new Recorded();
  it.processes.add(target, 1, { error: new PyglassError('permission-denied', 'not allowed', {}) });
  assert.throws(() => it.run({ subprocesses: true }), { code: 'permission-denied' });
  const other = new Recorded();
  other.processes.add(target, 1);
  assert.throws(() => other.run(), { code: 'not-python' });
  assert.deepEqual([it.messages, other.messages], [[], []]);
});

test('a program that is started is sampled as soon as its Python runs', () => {
  const it = new Recorded();
  const process = it.python(target, 1);
  const { python } = process;
  process.python = undefined;
  process.command = ['/usr/bin/env', 'python'];
  it.time.at(5000, () => it.setCell(1, target));
  it.time.at(5030, () => {
    process.python = python;
  });
  const { reason, stats, programs } = it.run({ pid: 0 });
  assert.deepEqual(
    it.messages.slice(0, 2).map(({ kind }) => kind),
    ['ready', 'attached'],
  );
  assert.equal(reason, 'duration');
  assert.ok(stats.samples > 0 && stats.firstSampleAt < it.time.origin + 5060);
  // What ran before, to be named if there had been no Python.
  assert.deepEqual(programs, ['env']);
  assert.ok(process.attempts > 20 && process.attempts < 35, `${process.attempts} attempts`);
});

test('a start that is given up before there is a program ends the recording', () => {
  const it = new Recorded();
  it.time.at(2500, () => it.setCell(0, 1));
  const { reason, stats } = it.run({ pid: 0 });
  assert.deepEqual([reason, stats.samples, stats.processes], ['stopped', 0, 0]);
});

test('children are taken over as they are found, and recorded apart from their parent', () => {
  const it = new Recorded();
  const parent = it.python(target, 1);
  const other = it.python(child, target);
  it.time.at(300, () => it.found(child));
  // Gone before it was opened.
  it.time.at(310, () => {
    it.processes.add(102, target, { python: parent.python });
    it.found(102);
    it.processes.byPid.delete(102);
  });
  it.time.at(600, () => {
    Object.assign(it.processes.byPid.get(child)!, { cpu: 0.2 });
  });
  it.time.at(700, () => it.processes.end(child));
  const { reason, stats } = it.run({ subprocesses: true });
  assert.equal(reason, 'duration');
  assert.deepEqual([stats.processes, stats.threads], [2, parent.image.threadStates.length]);
  const profile = it.profile();
  assert.deepEqual(
    profile.processes.map(({ pid, parentPid, commandLine }) => [pid, parentPid, commandLine]),
    [
      [target, 1, ['prog']],
      [child, target, ['child']],
    ],
  );
  const samples = samplesOf(profile);
  const expected = 40 * other.image.threadStates.length;
  assert.ok(Math.abs(samples.get(child)! - expected) <= 3 * other.image.threadStates.length);
  assert.equal(samples.get(child)! + samples.get(target)!, stats.samples);
  assert.equal(other.opened, 0);
  assert.deepEqual(
    it.asked.map((asked) => `${asked.kind} ${'pid' in asked ? asked.pid : ''}`),
    ['follows 100', 'watch 100', 'lost 102', 'lost 101'],
  );
  // It used 0.2 s, of which its samples, which all waited, have none.
  assert.equal(stats.unrecordedChildren.cpuSeconds, 0.2);
  assert.equal(profile.children.cpuSeconds, 0.2);
});

test('what children cost that were just found delays no tick, and they are left out in turn', () => {
  const it = new Recorded();
  it.python(target, 1);
  const children = [101, 102, 103, 104, 105];
  for (const pid of children) {
    const { memory } = it.python(pid, target).image;
    const readMany = memory.readMany.bind(memory);
    let paidAt = 0;
    // All of them at each tick would take four times as long as it is from one tick to the next. What is learnt before
    // the first sample reads fewer regions.
    memory.readMany = (plan, into) => {
      const isPaid = it.time.now() < paidAt + 0.1 || plan.count < 5;
      if (!isPaid) it.time.pass(0.8);
      paidAt = it.time.now();
      return readMany(plan, into);
    };
    it.time.at(100, () => it.found(pid));
  }
  const { stats } = it.run({ subprocesses: true, rate: 1000, duration: 0.6 });
  assert.ok(stats.missed < 10, `${stats.missed} missed of ${stats.ticks}`);
  assert.ok(stats.leftOut > 1000, `${stats.leftOut}`);
  const counts = samplesOf(it.profile());
  const threads = stats.threads / 6;
  assert.equal(counts.get(target), stats.ticks * threads);
  const ofChildren = children.map((pid) => counts.get(pid)! / threads);
  assert.ok(Math.min(...ofChildren) > 20, ofChildren.join());
  assert.ok(Math.max(...ofChildren) - Math.min(...ofChildren) <= 20, ofChildren.join());
});

test('a program that is no Python is named, however soon it ends', () => {
  const it = new Recorded();
  it.processes.add(target, 1, { command: ['/bin/sh', '-c', 'true'] });
  it.time.at(100, () => it.setCell(0, 1));
  const { reason, programs } = it.run({ subprocesses: true });
  assert.deepEqual([reason, programs], ['stopped', ['sh']]);
});

test('a program that is no Python is waited for as long as it may start one', () => {
  const it = new Recorded();
  it.processes.add(target, 1, { command: ['sh'] });
  it.python(child, target);
  const tree = (undecided: number, left: readonly string[]) => {
    const scan = it.listen().reduce((last, asked) => (asked.kind === 'scan' ? asked.number : last), 0);
    it.answer({ kind: 'tree', scan, undecided, left, oldCpuEnded: 0 });
  };
  it.time.at(100, () => tree(1, []));
  it.time.at(200, () => it.found(child));
  it.time.at(400, () => it.processes.end(child));
  it.time.at(500, () => tree(1, ['sh (process 100)']));
  it.time.at(600, () => it.answer({ kind: 'ran', program: 'sh' }));
  it.time.at(700, () =>
    it.answer({ kind: 'not-recorded', child: { pid: 105, commandLine: ['python2'], reason: 'too old' } }),
  );
  for (const moment of [800, 830, 860]) it.time.at(moment, () => tree(0, ['sh (process 100)']));
  const { reason, stats, programs, left } = it.run({
    ...{ subprocesses: true, adoptsOrphans: true, duration: 100 },
  });
  assert.equal(reason, 'target-ended');
  assert.ok(stats.wallSeconds > 0.8 && stats.wallSeconds < 1, `${stats.wallSeconds}`);
  assert.deepEqual([programs, left], [['sh'], ['sh (process 100)']]);
  assert.deepEqual(stats.unrecordedChildren.processes, [
    { pid: 105, commandLine: ['python2'], reason: 'too old' },
  ]);
  assert.deepEqual(it.profile().children.processes, stats.unrecordedChildren.processes);
  assert.equal(it.all('not-recorded').length, 1);
  assert.equal(it.all('find-children').length, 1);
  assert.ok(it.asked.some(({ kind }) => kind === 'adopted'));
  assert.deepEqual([...samplesOf(it.profile()).keys()], [child]);
});

test('a process that became another program is not read as the one that it was', () => {
  const it = new Recorded();
  const process = it.python(target, 1);
  const mark = { address: 0x7000, bytes: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) };
  const same = new DataView(mark.bytes.buffer).getBigUint64(0, true);
  const read = process.image.memory.read.bind(process.image.memory);
  let isSame = true;
  process.image.memory.read = (address, length) =>
    address === mark.address
      ? new Uint8Array(new BigUint64Array([isSame ? same : 0n]).buffer)
      : read(address, length);
  process.mark = mark;
  it.time.at(300, () => {
    isSame = false;
  });
  it.time.at(600, () => {
    const scan = it.listen().reduce((last, asked) => (asked.kind === 'scan' ? asked.number : last), 0);
    it.answer({ kind: 'tree', scan, undecided: 0, left: [], oldCpuEnded: 0 });
  });
  const { reason, stats } = it.run();
  assert.equal(reason, 'target-ended');
  const threads = process.image.threadStates.length;
  // The mark is looked at every 50 ms.
  assert.ok(stats.samples >= 29 * threads && stats.samples <= 37 * threads, `${stats.samples / threads}`);
  assert.equal(process.opened, 0);
  // It may become a Python again.
  assert.ok(it.asked.some((asked) => asked.kind === 'watch' && asked.pid === target && !asked.deep));
});

test('a thread that was started is found between two looks at all threads', () => {
  const it = new Recorded();
  const { image } = it.python(target, 1);
  const { memory, head, threadStates } = image;
  memory.set(head, threadStates[1]!);
  it.time.at(500, () => memory.set(head, threadStates[0]!));
  const { stats } = it.run();
  assert.equal(stats.threads, threadStates.length);
  const runs = runsOf(it.profile());
  const newest = it.profile().threads.length - 1;
  const samples = runs.reduce((sum, run) => sum + (run.thread === newest ? run.samples : 0), 0);
  assert.ok(Math.abs(samples - 50) <= 2, `${samples}`);
});

test('who watches samples what is named, while it is named, and ends only when stopped', () => {
  const it = new Recorded();
  for (const pid of [target, child]) it.python(pid, 1);
  it.time.at(100, () => {
    it.order({ kind: 'watch', pid: target });
    it.order({ kind: 'watch', pid: child });
  });
  it.time.at(200, () => {
    assert.deepEqual(it.listen(), [
      { kind: 'watch', pid: target, deep: false },
      { kind: 'watch', pid: child, deep: false },
    ]);
    it.found(target);
    it.found(child);
  });
  it.time.at(4000, () => {
    it.processes.byPid.get(target)!.cpu += 0.25;
  });
  it.time.at(5000, () => it.order({ kind: 'unwatch', pid: child }));
  it.time.at(8000, () => it.order({ kind: 'unwatch', pid: target }));
  it.time.at(10_000, () => it.setCell(0, 1));
  const { reason, stats } = it.run({ pid: 0, watches: true, duration: Number.POSITIVE_INFINITY });
  assert.equal(reason, 'stopped');
  assert.ok(stats.wallSeconds >= 9.9, `${stats.wallSeconds}`);
  assert.equal(stats.targetCpuSeconds, 0);
  const threads = changingImage(fixture).threadStates.length;
  const samples = samplesOf(it.profile());
  for (const [pid, seconds] of [
    [target, 7.8],
    [child, 4.8],
  ] as const)
    assert.ok(
      Math.abs(samples.get(pid)! - seconds * 100 * threads) < 0.05 * seconds * 100 * threads,
      `${pid}`,
    );
  assert.deepEqual(it.asked.slice(-2), [
    { kind: 'unwatch', pid: child },
    { kind: 'unwatch', pid: target },
  ]);
});

test('a label that is set while a process stands holds from the next tick on', () => {
  const it = new Recorded();
  it.python(target, 1, greenletFixtures.at(-1)!);
  it.time.at(1500, () => it.order({ kind: 'label', id: 1, values: { part: 'second' } }));
  it.time.at(2500, () => it.order({ kind: 'end-label', id: 1 }));
  it.run({ duration: 3 });
  const { runs, contexts } = it.profile();
  const labelled = new Map<number, number>();
  for (let run = 0; run < runs.stack.length; run++) {
    if (contexts[runs.context.at(run)]?.values['part'] !== 'second') continue;
    const thread = runs.thread.at(run);
    labelled.set(thread, (labelled.get(thread) ?? 0) + runs.duration.at(run));
  }
  assert.ok(labelled.size > 0);
  for (const micros of labelled.values()) assert.ok(Math.abs(micros - 1e6) <= 30_000, `${micros}`);
});

test('memory is given back when that is asked for', () => {
  const it = new Recorded();
  it.python(target, 1);
  it.time.at(500, () => it.order({ kind: 'return-memory' }));
  const { stats } = it.run();
  assert.equal(it.returned, 1);
  assert.equal(stats.missed, 0);
});

test('the rate is another one from the moment on when it is asked for', () => {
  const it = new Recorded();
  it.python(target, 1);
  it.time.at(1000, () => it.order({ kind: 'rate', rate: 20 }));
  const { stats } = it.run({ duration: 3 });
  assert.ok(Math.abs(stats.ticks - (100 + 2 * 20)) <= 5, `${stats.ticks}`);
  assert.equal(stats.missed, 0);
});

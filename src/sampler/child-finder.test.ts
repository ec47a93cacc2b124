import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changingImage } from '../../tests/support/changing-image.js';
import { FakeProcesses } from '../../tests/support/fake-processes.js';
import { stateFixtures } from '../../tests/support/images.js';
import { TestTime } from '../../tests/support/test-time.js';
import { PyglassError } from '../model/error.js';
import { ChildFinder } from './child-finder.js';
import type { FinderMessage } from './child-finder-messages.js';

const [root, child, grandchild] = [100, 101, 102];

/** A finder on a machine whose processes and time the test moves. */
class Found {
  readonly processes = new FakeProcesses();
  readonly time = new TestTime();
  readonly messages: FinderMessage[] = [];
  readonly finder = new ChildFinder((message) => this.messages.push(message), this.processes, this.time);

  constructor() {
    this.processes.add(root, 1, { command: ['/bin/sh'] });
  }

  /** A Python of its own memory. */
  python() {
    return this.image().python;
  }

  image() {
    const image = changingImage(stateFixtures.at(-1)!);
    const { memory, location, kernel } = image;
    return { image, python: { memory, location, kernel } };
  }

  scan(pause = 10): void {
    this.time.pass(pause);
    this.finder.scan(0);
  }

  /** What was said since this was last asked: kind, and of what. */
  news(): string[] {
    const said = this.messages.splice(0);
    return said.flatMap((message) => {
      if (message.kind === 'layout') return [];
      if (message.kind === 'found') return `found ${message.pid}`;
      if (message.kind === 'ran') return `ran ${message.program}`;
      if (message.kind === 'tree') return `tree ${message.undecided} ${message.left.join(', ')}`;
      return `not recorded ${message.child.pid}: ${message.child.reason}`;
    });
  }

  /** Those that begin like this. */
  kinds(kind: string): string[] {
    return this.news().filter((line) => line.startsWith(kind));
  }
}

test('what a program that just ended ran is not known', () => {
  const it = new Found();
  for (const command of [['[sh]'], ['[?]'], []]) {
    it.processes.add(root, 1, { command });
    it.finder.watch(root, true);
    it.scan();
    assert.deepEqual(it.kinds('ran'), []);
  }
});

test('all Pythons below a process are found, each once', () => {
  const it = new Found();
  it.finder.watch(root, true);
  it.processes.add(child, root, { command: ['make'] });
  it.processes.add(grandchild, child, { python: it.python() });
  it.processes.add(200, 1, { python: it.python() });
  it.scan();
  assert.deepEqual(it.news(), [
    `ran sh`,
    `found ${grandchild}`,
    `tree 2 sh (process 100), make (process 101)`,
  ]);
  it.scan();
  assert.deepEqual(it.news(), []);
  assert.equal(it.processes.byPid.get(grandchild)!.opened, 0);
  assert.equal(it.processes.byPid.get(200)!.attempts, 0);
});

test('a Python that is about to start is looked for once, and found as soon as it runs', () => {
  const it = new Found();
  const { image, python } = it.image();
  const process = it.processes.add(child, root, { python });
  image.memory.set(image.head, 0);
  it.finder.watch(root, true);
  for (let scan = 0; scan < 8; scan++) it.scan();
  assert.deepEqual([process.attempts, process.opened, it.kinds('found')], [1, 1, []]);
  image.memory.set(image.head, image.threadStates[0]!);
  it.scan();
  assert.deepEqual([process.attempts, process.opened, it.kinds('found')], [1, 0, [`found ${child}`]]);
});

test('a Python that was about to start and then ran another program is not read at its old addresses', () => {
  const it = new Found();
  const { image, python } = it.image();
  const process = it.processes.add(child, root, { python });
  image.memory.set(image.head, 0);
  it.finder.watch(root, true);
  it.scan();
  Object.assign(process, { signature: 'second', python: undefined });
  image.memory.set(image.head, image.threadStates[0]!);
  it.scan();
  assert.deepEqual([process.attempts, process.opened, it.kinds('found')], [2, 0, []]);
  it.processes.byPid.delete(child);
  it.scan();
});

test('a layout is sent once for all processes that have it', () => {
  const it = new Found();
  it.finder.watch(root, true);
  const python = it.python();
  for (const pid of [child, grandchild]) it.processes.add(pid, root, { python });
  it.scan();
  const layouts = it.messages.flatMap((message) => (message.kind === 'layout' ? [message.number] : []));
  const found = it.messages.flatMap((message) => (message.kind === 'found' ? [message.location.layout] : []));
  assert.deepEqual([layouts, found], [[0], [0, 0]]);
});

test('without what is below it, only the process itself is watched', () => {
  const it = new Found();
  it.finder.watch(root, false);
  it.processes.add(child, root, { python: it.python() });
  it.scan();
  assert.deepEqual(it.kinds('found'), []);
  it.processes.byPid.get(root)!.python = it.python();
  it.scan();
  assert.deepEqual(it.kinds('found'), [`found ${root}`]);
});

test('what is no Python yet is looked at less and less often, and at once when it runs another program', () => {
  const it = new Found();
  it.finder.watch(root, true);
  const process = it.processes.add(child, root);
  for (let scan = 0; scan < 1000; scan++) it.scan();
  const seconds10 = process.attempts;
  assert.ok(seconds10 > 20 && seconds10 < 60, `${seconds10} looks in 10 s`);
  it.scan();
  it.scan();
  assert.ok(process.attempts <= seconds10 + 1);
  const before = process.attempts;
  process.signature = 'second';
  process.python = it.python();
  it.news();
  it.scan();
  assert.equal(process.attempts, before + 1);
  assert.deepEqual(it.kinds('found'), [`found ${child}`]);
});

test('a forked child has the Python of its parent, without being looked into', () => {
  const it = new Found();
  const python = it.python();
  const mark = { address: 0x7000, bytes: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) };
  const { read } = python.memory;
  python.memory.read = (address, length) =>
    address === mark.address ? mark.bytes : read.call(python.memory, address, length);
  it.processes.byPid.get(root)!.python = python;
  it.finder.watch(root, true);
  it.finder.follows({ pid: root, startTime: 1, location: python.location, mark });
  const forked = it.processes.add(child, root, { python });
  const other = it.processes.add(grandchild, root, { python: it.python() });
  it.scan();
  assert.deepEqual(it.kinds('found'), [`found ${child}`, `found ${grandchild}`]);
  assert.deepEqual([forked.attempts, other.attempts], [0, 1]);
});

test('between vfork and exec a child is left alone', () => {
  const it = new Found();
  const python = it.python();
  it.processes.byPid.get(root)!.python = python;
  it.finder.watch(root, true);
  it.finder.follows({ pid: root, startTime: 1, location: python.location, mark: undefined });
  const process = it.processes.add(child, root, { python: it.python(), memoryOf: root });
  it.scan();
  assert.deepEqual([process.attempts, it.kinds('found')], [0, []]);
  process.memoryOf = 0;
  it.scan();
  assert.deepEqual(it.kinds('found'), [`found ${child}`]);
});

test('a process that was lost is found again when it runs Python again', () => {
  const it = new Found();
  it.finder.watch(root, true);
  it.processes.add(child, root, { python: it.python() });
  it.scan();
  it.news();
  it.finder.lost(child);
  it.scan();
  assert.deepEqual(it.kinds('found'), [`found ${child}`]);
  it.finder.lost(999);
});

test('a Python that cannot be read is reported once, with the reason', () => {
  const it = new Found();
  it.finder.watch(root, true);
  const process = it.processes.add(child, root, { command: ['/usr/bin/python2.7', 'a.py'] });
  process.error = new PyglassError('build-unsupported', 'this is Python 2.7.18', {});
  it.scan();
  // It may have been about to become another program.
  assert.deepEqual(it.kinds('not'), []);
  it.scan();
  assert.deepEqual(it.kinds('not'), [`not recorded ${child}: this is Python 2.7.18`]);
  for (let scan = 0; scan < 10; scan++) it.scan(1000);
  assert.deepEqual(it.kinds('not'), []);
});

test('a mistake of ours is not taken for a process that cannot be read', () => {
  const it = new Found();
  it.finder.watch(root, true);
  it.processes.add(child, root, { error: new TypeError('ours') as PyglassError });
  assert.throws(() => it.scan(), TypeError);
});

test('a python without an interpreter is reported after two seconds, one of another user soon', () => {
  const it = new Found();
  it.finder.watch(root, true);
  it.processes.add(child, root, { command: ['/opt/python3.12'] });
  const hidden = it.processes.add(grandchild, root, { command: ['/opt/python3'], unreadable: 'not yours' });
  it.processes.executableOf = (pid) => (pid === hidden.pid ? undefined : it.processes.commandLine(pid)[0]);
  it.scan();
  it.scan();
  assert.deepEqual(it.kinds('not'), [`not recorded ${grandchild}: not yours`]);
  for (let scan = 0; scan < 150; scan++) it.scan();
  assert.deepEqual(it.kinds('not'), []);
  for (let scan = 0; scan < 120; scan++) it.scan();
  assert.deepEqual(it.kinds('not'), [`not recorded ${child}: no CPython that runs was found in it`]);
});

test('the tree says what may become Python, what is left, and what ended', () => {
  const it = new Found();
  it.finder.watch(root, true);
  it.processes.add(child, root, { command: ['sleep'], cpu: 2, childCpu: 1 });
  it.scan();
  it.processes.add(grandchild, child, { command: ['cat'] });
  it.scan();
  assert.deepEqual(it.kinds('tree'), ['tree 2 sh (process 100), sleep (process 101)']);
  it.processes.byPid.delete(grandchild);
  // A process that is not young is not about to become one; what was asked for may be.
  it.scan(4000);
  assert.deepEqual(it.kinds('tree'), ['tree 1 sh (process 100), sleep (process 101)']);
  const late = it.processes.add(grandchild, root, { command: ['cat'], cpu: 5 });
  it.scan();
  it.processes.end(child);
  it.processes.end(late.pid);
  it.scan(50);
  const trees = it.messages.filter((message) => message.kind === 'tree');
  // Of what began later, nothing was used before.
  assert.equal(trees.at(-1)!.oldCpuEnded, 3);
  assert.deepEqual(trees.at(-1)!.left, ['sh (process 100)']);
  it.finder.scan(7);
  assert.equal((it.messages.at(-1) as { scan: number }).scan, 7);
});

test('what has ended is not watched, and its number may be that of another process', () => {
  const it = new Found();
  it.finder.watch(root, true);
  const process = it.processes.add(child, root, { python: it.python() });
  it.scan();
  assert.deepEqual(it.kinds('found'), [`found ${child}`]);
  process.startTime = 2;
  it.scan();
  assert.deepEqual(it.kinds('found'), [`found ${child}`]);
  process.state = 'Z';
  it.scan();
  assert.deepEqual(it.kinds('tree'), []);
  process.state = 'S';
  const born = it.finder.bornAt;
  it.scan();
  assert.ok(it.finder.bornAt > born);
});

test('orphans are found with the process that they come to, but not our own helpers', () => {
  const it = new Found();
  const ours = 50;
  it.processes.add(ours, 1, { command: ['pyglass'] });
  it.processes.byPid.get(root)!.parentPid = ours;
  it.finder.watch(root, true);
  it.finder.adopted = { by: ours, program: root };
  it.processes.add(child, root, { python: it.python() });
  it.processes.add(grandchild, ours, { python: it.python() });
  it.processes.add(103, ours, { command: ['cat'] });
  it.scan();
  assert.deepEqual(it.kinds('found').sort(), [`found ${child}`, `found ${grandchild}`]);
  assert.equal(it.processes.byPid.get(103)!.attempts, 0);
  // Of our own threads, which are many, orphans come to the first.
  assert.equal(it.processes.threadLists, 0);
});

test('what is watched no more is not looked at, and found anew when it is watched again', () => {
  const it = new Found();
  it.processes.add(child, 1, { python: it.python() });
  it.finder.watch(child, false);
  it.scan();
  assert.deepEqual(it.kinds('found'), [`found ${child}`]);
  it.finder.unwatch(child);
  it.finder.lost(child);
  it.scan(1000);
  assert.deepEqual(it.kinds('found'), []);
  it.finder.watch(child, false);
  it.scan();
  assert.deepEqual(it.kinds('found'), [`found ${child}`]);
});

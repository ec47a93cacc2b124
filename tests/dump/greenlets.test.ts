import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DumpedGreenlet } from '../../src/index.js';
import { dumpJson, dumpText } from '../support/dumps.js';
import { withPackages } from '../support/packages.js';
import {
  anyPython,
  eachFreeThreadedPython,
  eachPython,
  pythons,
  type TestPython,
} from '../support/pythons.js';
import { programFile, type Target, withTarget } from '../support/targets.js';

/** What the programs say of a greenlet, innermost frame first. */
interface SaidGreenlet {
  readonly id: number;
  readonly state: string;
  readonly name?: string;
  readonly kind?: string;
  readonly waitKind?: string;
  readonly frames: readonly [string, number][];
}

const needs = { since: 8, what: 'greenlets that are tried' };

/** All that the program has and the dump shows, by `id`. */
async function greenletsOf(target: Target) {
  const said: readonly SaidGreenlet[] = JSON.parse(await target.line());
  const [process] = await dumpJson(target.pid);
  const { greenlets, unread, isComplete } = process!.greenlets!;
  assert.equal(unread, 0);
  assert.equal(isComplete, true);
  return { said, byId: new Map(greenlets.map((one) => [one.id, one])), process: process! };
}

function check(said: readonly SaidGreenlet[], byId: ReadonlyMap<number, DumpedGreenlet>): void {
  assert.ok(said.length > 0);
  for (const { id, state, frames } of said) {
    const shown = byId.get(id);
    assert.ok(shown, `${id} ${frames[0]} is missing`);
    assert.equal(shown.state, state);
    assert.deepEqual(pythonFrames(shown), frames);
  }
}

function pythonFrames({ frames }: DumpedGreenlet): [string, number][] {
  return frames.filter(({ kind }) => kind === 'python').map(({ name, line }) => [name, line]);
}

const checksAll = (python: TestPython, greenlet: string, count: number, env: NodeJS.ProcessEnv = {}) =>
  withTarget(
    python,
    programFile('greenlets.py'),
    async (target) => {
      const { said, byId, process } = await greenletsOf(target);
      const [running] = said.filter(({ state }) => state === 'running');
      check(
        said.filter((one) => one !== running),
        byId,
      );
      assert.equal(byId.size, said.length);
      // The running one is its thread's stack, and its first frame the outermost.
      const [main] = process.threads;
      const shown = byId.get(running!.id)!;
      assert.deepEqual(
        pythonFrames(shown).map(([name]) => name),
        ['runs'],
      );
      assert.deepEqual(shown.frames, main!.frames);
      const mains = [...byId.values()].filter(({ kind }) => kind === 'main');
      assert.deepEqual(
        mains.map(({ threadId }) => threadId),
        [main!.threadId],
      );
      assert.equal(shown.parent, mains[0]!.id);
      const other = process.threads.find(({ threadId }) => threadId !== main!.threadId)!;
      const inOther = [...byId.values()].filter(({ threadId }) => threadId === other.threadId);
      assert.deepEqual(
        inOther.map(pythonFrames).map(([frame]) => frame?.[0]),
        ['waits_in_thread'],
      );
    },
    { args: [String(count)], env: { ...withPackages(python, [greenlet]).env, ...env } },
  );

eachPython('greenlets are shown as Python has them', (python) => checksAll(python, 'greenlet', 30), needs);
// The greenlet that is there for 3.13t crashes when it is asked for the frames of one that C called.
eachFreeThreadedPython('greenlets are shown as Python has them', (python) =>
  checksAll(python, 'greenlet', python.minor < 14 ? 1 : 30),
);
eachFreeThreadedPython('greenlets are found where Python marks all blocks of memory', (python) =>
  checksAll(python, 'greenlet', 1, { PYTHONMALLOC: 'mimalloc_debug' }),
);

for (const count of [3, 100, 2000])
  test(`${count} greenlets are all read`, () => checksAll(anyPython(), 'greenlet', count));

/** Which put the same fields elsewhere. */
const olderVersions: readonly (readonly [number, string])[] = [
  [8, '0.4.17'],
  [8, '1.1.3'],
  [10, '1.1.3'],
  [9, '2.0.2'],
  [11, '2.0.2'],
  [11, '3.0.3'],
  [12, '3.0.3'],
  [13, '3.1.1'],
];
for (const [minor, version] of olderVersions) {
  const python = pythons().get(minor)!;
  test(
    `greenlets of greenlet ${version} are shown as Python 3.${minor} has them`,
    typeof python === 'string' ? { skip: python } : {},
    () => checksAll(python as TestPython, `greenlet==${version}`, 20),
  );
}

/** What each of the program's greenlets waits for, by name. `semaphore`: up to 3.9 the call is not known. */
const waitKinds: Readonly<Record<string, readonly string[]>> = {
  sleeps_patched: ['sleep'],
  receives: ['socket'],
  sends: ['socket'],
  accepts: ['connection'],
  selects: ['select'],
  event_wait: ['event'],
  threading_event: ['event'],
  result_get: ['result'],
  semaphore: ['semaphore', ''],
  locks: ['lock'],
  queue_get: ['queue'],
  queue_put: ['queue'],
  plain_queue: ['queue', 'lock'],
  joins: ['greenlets'],
  joins_one: ['greenlet'],
  pool_joins: ['greenlets'],
  subprocess: ['subprocess'],
  waits_io: ['file'],
  waits_timer: ['sleep'],
  without_frames: [''],
  new: [''],
};

eachPython(
  'greenlets of gevent have their names, and what they wait for',
  (python) =>
    withTarget(
      python,
      programFile('gevent_waits.py'),
      async (target) => {
        const { said, byId, process } = await greenletsOf(target);
        check(said, byId);
        for (const { id, name } of said) assert.equal(byId.get(id)!.name, name);
        const named = new Map([...byId.values()].map((one) => [one.name, one]));
        for (const [name, kinds] of Object.entries(waitKinds)) {
          const { waitKind, waitingFor } = named.get(name)!;
          assert.ok(kinds.includes(waitKind), `${name}: ${waitKind}, ${waitingFor}`);
        }
        assert.equal(named.get('sleeps_patched')!.waitingFor, 'sleeping for 100000 s');
        const hubs = [...byId.values()].filter(({ kind }) => kind === 'hub');
        assert.deepEqual(
          hubs.map(({ type, state }) => [type, state]),
          [['gevent.hub.Hub', 'waiting']],
        );
        assert.ok([...byId.values()].every(({ threadId }) => threadId === process.threads[0]!.threadId));
      },
      { env: withPackages(python, ['gevent']).env },
    ),
  needs,
);

test('while the hub of gevent runs, the main greenlet is among those that wait', () => {
  const python = anyPython();
  const code = [
    'import gevent',
    'def says(): print("ready", flush=True)',
    'def main():',
    '    gevent.spawn_later(0.01, says)',
    '    gevent.sleep(100000)',
    'main()',
  ].join('\n');
  return withTarget(
    python,
    { code },
    async ({ pid }) => {
      const [process] = await dumpJson(pid);
      const [main, hub, ...others] = process!.greenlets!.greenlets;
      assert.deepEqual([main!.kind, main!.waitingFor], ['main', 'sleeping for 100000 s']);
      assert.deepEqual(
        pythonFrames(main!).map(([name]) => name),
        ['sleep', 'main', '<module>'],
      );
      assert.deepEqual([hub!.kind, hub!.state, hub!.threadId], ['hub', 'running', pid]);
      assert.deepEqual(hub!.frames, process!.threads[0]!.frames);
      assert.deepEqual(others, []);
    },
    { env: withPackages(python, ['gevent']).env },
  );
});

const eventletWaits = (python: TestPython) =>
  withTarget(
    python,
    programFile('eventlet_waits.py'),
    async (target) => {
      const { said, byId } = await greenletsOf(target);
      check(said, byId);
      for (const { id, kind, waitKind } of said)
        assert.deepEqual([byId.get(id)!.kind, byId.get(id)!.waitKind], [kind, waitKind]);
    },
    { env: withPackages(python, ['eventlet']).env },
  );

test('greenlets of eventlet have their hub, and what they wait for', () => eventletWaits(anyPython()));
eachFreeThreadedPython('greenlets of eventlet have their hub, and what they wait for', eventletWaits);

test('100 greenlets at one place are shown together, or each by itself', () => {
  const python = anyPython();
  return withTarget(
    python,
    programFile('gevent_waits.py'),
    async ({ pid }) => {
      const text = await dumpText(pid);
      assert.match(text, /\n\d+ greenlets in thread \d+\n {2}hub \(Hub 0x[0-9a-f]+\): waiting\n/);
      assert.match(
        text,
        /\n {2}101 greenlets \(Greenlet 0x[0-9a-f]+, [^)]*…\): sleeping for 100000 s\n {6}gevent\./,
      );
      const all = await dumpText(pid, '--all-tasks');
      assert.match(all, /\n {2}Greenlet-0: sleeping for 100000 s\n {6}gevent\./);
      assert.equal(all.match(/: sleeping for 100000 s\n/g)!.length, 102);
    },
    { args: ['100'], env: withPackages(python, ['gevent']).env },
  );
});

test('variables of the frames of greenlets are shown, without secrets', () => {
  const python = anyPython();
  const code = [
    'import greenlet, sys',
    'main = greenlet.getcurrent()',
    'def waits(password, number):',
    '    main.switch()',
    'one = greenlet.greenlet(waits)',
    'one.switch("hunter2-made-up", 7)',
    'print("ready", flush=True)',
    'sys.stdin.readline()',
  ].join('\n');
  return withTarget(
    python,
    { code },
    async ({ pid }) => {
      const text = await dumpText(pid, '--locals');
      assert.match(
        text,
        / waits \(<string>:4\)\n {10}Arguments:\n {14}password: <hidden str>\n {14}number: 7\n/,
      );
      assert.ok(!text.includes('hunter2'));
    },
    { env: withPackages(python, ['greenlet']).env },
  );
});

test('without greenlets nothing is said of them', () =>
  withTarget(
    anyPython(),
    { code: 'import sys; print("ready", flush=True); sys.stdin.readline()' },
    async ({ pid }) => {
      const [process] = await dumpJson(pid);
      assert.equal(process!.greenlets, undefined);
    },
  ));

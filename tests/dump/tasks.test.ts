import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Callbacks } from '../../src/cpython/asyncio/callbacks.js';
import { findAsyncioDebug } from '../../src/cpython/asyncio/debug-section.js';
import { TaskReader } from '../../src/cpython/asyncio/task-reader.js';
import { WakeUps } from '../../src/cpython/asyncio/wake-ups.js';
import type { DumpedTask } from '../../src/index.js';
import { linuxTarget } from '../../src/process/linux-target.js';
import { attach } from '../../src/sampler/attach.js';
import { dumpJson, dumpText } from '../support/dumps.js';
import { withPackages } from '../support/packages.js';
import { anyPython, eachFreeThreadedPython, eachPython, type TestPython } from '../support/pythons.js';
import { programFile, type Target, withTarget } from '../support/targets.js';
import { untilItReads } from '../support/waits.js';

/** What tests/programs/tasks.py says of a task, innermost frame first. */
interface SaidTask {
  readonly name: string;
  readonly id: number;
  readonly loop: number;
  readonly frames: readonly [string, number][];
  /** Of a thread pool, which the task waits for by way of others. */
  readonly future?: number;
}

/** What each of its tasks waits for, by name. */
const waitKinds: Readonly<Record<string, string>> = {
  'sleeper-0': 'sleep',
  iterates: 'sleep',
  sends: 'sleep',
  'awaits-task': 'task',
  future: 'future',
  gathers: 'tasks',
  shields: 'task',
  waits_for_some: 'tasks',
  cancelled: 'sleep',
  lock: 'lock',
  event: 'event',
  condition: 'condition',
  semaphore: 'semaphore',
  'queue-get': 'queue',
  'queue-put': 'queue',
  'queue-join': 'queue',
  pool: 'tasks',
  executor: 'thread',
  socket: 'socket',
  stream: 'socket',
  child: 'subprocess',
  'many-variables': 'future',
  recursive: 'sleep',
  iterated: 'future',
  'python-future': 'future',
  'python-task': 'sleep',
  'python-awaits-task': 'task',
  'to-thread': 'thread',
  groups: 'tasks',
  barrier: 'barrier',
  eager: 'sleep',
  'in-other-thread': 'sleep',
};

/** Who waits for whom. */
const awaited: Readonly<Record<string, string>> = {
  awaited: 'awaits-task',
  'gathered-1': 'gathers',
  'gathered-2': 'gathers',
  'waited-for': 'waits_for',
  shielded: 'shields',
  'one-of-some': 'waits_for_some',
  'other-of-some': 'waits_for_some',
  'in-group': 'groups',
  'python-task': 'python-awaits-task',
};

async function tasksOf(target: Target, ...flags: string[]) {
  const said: readonly SaidTask[] = JSON.parse(await target.line());
  await untilItReads(target.pid);
  const [process] = await dumpJson(target.pid, ...flags);
  const { tasks, unread, isComplete } = process!.asyncio!;
  assert.equal(unread, 0);
  assert.equal(isComplete, true);
  return { said, tasks, process: process! };
}

function checkTasks(said: readonly SaidTask[], tasks: readonly DumpedTask[]): void {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  assert.deepEqual(tasks.map(({ name }) => name).sort(), said.map(({ name }) => name).sort());
  for (const { name, id, loop, frames } of said) {
    const task = byId.get(id)!;
    assert.equal(task.name, name);
    assert.equal(task.loop, loop, name);
    if (name === 'main') continue;
    assert.deepEqual(
      task.frames.map(({ qualifiedName, line }) => [qualifiedName, line]),
      frames,
      name,
    );
  }
}

const eachBuildWithTasks = (name: string, act: (python: TestPython) => Promise<void>) => {
  eachPython(name, act, { since: 8, what: 'tasks that are read' });
  eachFreeThreadedPython(name, act);
};

eachBuildWithTasks('what each task does is what Python says itself', (python) =>
  withTarget(
    python,
    programFile('tasks.py'),
    async (target) => {
      const { said, tasks, process } = await tasksOf(target);
      checkTasks(said, tasks);
      const named = new Map(tasks.map((task) => [task.name, task]));
      for (const [name, kind] of Object.entries(waitKinds)) {
        const task = named.get(name);
        if (task) assert.equal(task.waitKind, kind, `${name} ${task.waitingFor}`);
      }
      const nameOf = new Map(tasks.map(({ id, name }) => [id, name]));
      for (const { name, awaitedBy } of tasks)
        assert.deepEqual(
          awaitedBy.map((id) => nameOf.get(id)),
          awaited[name] && named.has(awaited[name]) ? [awaited[name]] : [],
          name,
        );
      const states = (state: string) => tasks.filter((one) => one.state === state).map(({ name }) => name);
      assert.deepEqual(states('running'), ['main']);
      assert.deepEqual(states('new'), ['new']);
      assert.deepEqual(states('ready'), ['ready']);
      const main = named.get('main')!;
      assert.equal(main.threadId, process.threads[0]!.threadId);
      assert.equal(main.frames.at(-1)?.name, 'main');
      assert.equal(
        named.get('in-other-thread')!.threadId,
        process.threads.find(({ frames }) => frames.some((frame) => frame.name.endsWith('other_loop')))
          ?.threadId,
      );
      if (python.minor >= 11) assert.equal(named.get('cancelled')!.isCancelling, true);
      assert.equal(named.get('future')!.isCancelling, false);
      assert.equal(named.get('sleeper-0')!.waitingFor, 'sleeping for 100000 s');
      assert.match(named.get('child')!.waitingFor, /^waiting for child process \d+$/);
      assert.equal(named.get('awaits-task')!.waitingFor, 'waiting for awaited');
      assert.equal(named.get('gathers')!.waitingFor, 'waiting for all of 2 tasks');
    },
    { args: ['3'] },
  ),
);

eachBuildWithTasks('100 tasks at one place are shown together, or each by itself', (python) =>
  withTarget(
    python,
    programFile('tasks.py'),
    async ({ pid }) => {
      const text = await dumpText(pid);
      assert.match(
        text,
        /\n {2}100 tasks \(sleeper-0, sleeper-1, sleeper-2, …\): sleeping for 100000 s\n {6}sleep \(/,
      );
      const all = await dumpText(pid, '--all-tasks');
      for (const number of [0, 57, 99])
        assert.ok(all.includes(`\n  sleeper-${number}: sleeping for 100000 s\n      sleep (`));
    },
    { args: ['100'] },
  ),
);

test('10,000 tasks are all read', () =>
  withTarget(
    anyPython(),
    programFile('tasks.py'),
    async (target) => {
      const { said, tasks } = await tasksOf(target);
      checkTasks(said, tasks);
    },
    { args: ['10000'] },
  ));

eachBuildWithTasks('variables of the frames of tasks are shown, without secrets', (python) =>
  withTarget(
    python,
    {
      code: [
        'import asyncio, sys',
        'async def waits(password, number):',
        '    await asyncio.sleep(100000)',
        'async def main():',
        '    task = asyncio.ensure_future(waits("hunter2-made-up", 7))',
        '    await asyncio.sleep(0)',
        '    print("ready", flush=True)',
        '    sys.stdin.readline()',
        'asyncio.run(main())',
      ].join('\n'),
    },
    async ({ pid }) => {
      const text = await dumpText(pid, '--locals');
      assert.match(
        text,
        / waits \(<string>:3\)\n {10}Arguments:\n {14}password: <hidden str>\n {14}number: 7\n/,
      );
      assert.ok(!text.includes('hunter2'));
      const [process] = await dumpJson(pid, '--locals', '--show-secrets');
      const task = process!.asyncio!.tasks.find(({ state }) => state === 'waiting')!;
      const waits = task.frames.find(({ name }) => name === 'waits')!;
      assert.deepEqual(
        waits.variables?.map(({ name, value }) => [name, value]),
        [
          ['password', "'hunter2-made-up'"],
          ['number', '7'],
        ],
      );
    },
  ),
);

eachBuildWithTasks(
  'the task that a future of a thread pool wakes is found, by way of shield and gather',
  (python) =>
    withTarget(
      python,
      programFile('tasks.py'),
      async (target) => {
        const said: readonly SaidTask[] = JSON.parse(await target.line());
        const { live, location } = attach(target.pid);
        try {
          const { layout, runtime, image } = location;
          const findDebug = () =>
            findAsyncioDebug(linuxTarget(target.pid, live.memory).files(), live.memory, image);
          const reader = new TaskReader({ memory: live.memory, layout, runtime, findDebug });
          const { tasks } = reader.read();
          const wakeUps = new WakeUps(new Callbacks(live.memory, layout, reader.asyncio!), tasks);
          const pool = said.find(({ future }) => future !== undefined)!;
          assert.deepEqual(wakeUps.tasksAwaiting(pool.future!), [pool.id]);
          assert.deepEqual(wakeUps.tasksAwaiting(runtime), []);
        } finally {
          live.close();
        }
      },
      { args: ['0'] },
    ),
);

test('tasks of uvloop are shown, with its thread', () => {
  const { python, env } = withPackages(anyPython(), ['uvloop']);
  const code = [
    'import asyncio, uvloop',
    'async def main():',
    '    task = asyncio.ensure_future(asyncio.sleep(100000))',
    '    asyncio.get_running_loop().call_later(0.01, lambda: print("ready", flush=True))',
    '    await task',
    'uvloop.run(main())',
  ].join('\n');
  const act = async ({ pid }: Target) => {
    const [process] = await dumpJson(pid);
    const tasks = process!.asyncio!.tasks;
    assert.deepEqual(
      tasks.map(({ frames, waitingFor, threadId }) => [frames.map(({ name }) => name), waitingFor, threadId]),
      [
        [['main', 'wrapper'], 'waiting for Task-2', pid],
        [['sleep'], 'sleeping for 100000 s', pid],
      ],
    );
  };
  return withTarget(python, { code }, act, { env });
});

test('without asyncio nothing is said of it', () =>
  withTarget(
    anyPython(),
    { code: 'import sys; print("ready", flush=True); sys.stdin.readline()' },
    async ({ pid }) => {
      const [process] = await dumpJson(pid);
      assert.equal(process!.asyncio, undefined);
      assert.ok(!(await dumpText(pid)).includes('asyncio'));
    },
  ));

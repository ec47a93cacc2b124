import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dumpJson, dumpText } from '../support/dumps.js';
import { withPackages } from '../support/packages.js';
import { anyPython, eachPython, type TestPython } from '../support/pythons.js';
import { programFile, withTarget } from '../support/targets.js';

/** What tests/programs/trio_tasks.py says of a task, innermost frame first. */
interface SaidTask {
  readonly id: number;
  readonly name: string;
  /** `id` of the task in whose nursery it is; 0: none. */
  readonly parent: number;
  readonly state: string;
  readonly frames: readonly [string, number][];
}

/** What each of its tasks waits for, by name. */
const waitKinds: Readonly<Record<string, string>> = {
  'sleeper-0': 'sleep',
  sleeps_forever: 'sleep',
  event: 'event',
  lock: 'lock',
  semaphore: 'semaphore',
  receives: 'queue',
  sends: 'queue',
  listens: 'connection',
  reads: 'socket',
  in_nursery: 'tasks',
  cancelled: 'sleep',
  recursive: 'sleep',
};

const checksAll = (python: TestPython, count: number) =>
  withTarget(
    python,
    programFile('trio_tasks.py'),
    async (target) => {
      const said: readonly SaidTask[] = JSON.parse(await target.line());
      const [process] = await dumpJson(target.pid);
      const { tasks, unread, isComplete } = process!.trio!;
      assert.deepEqual([unread, isComplete], [0, true]);
      assert.equal(tasks.length, said.length);
      const byId = new Map(tasks.map((task) => [task.id, task]));
      for (const { id, name, parent, state, frames } of said) {
        const task = byId.get(id);
        assert.ok(task, `${name} is missing`);
        assert.deepEqual([task.name, task.state], [name, state]);
        assert.deepEqual(task.awaitedBy, parent === 0 ? [] : [parent], name);
        const shown = task.frames.filter(({ kind }) => kind === 'python');
        if (state === 'running') assert.deepEqual([shown[0]!.name, shown.at(-1)!.name], ['says', 'run']);
        else
          assert.deepEqual(
            shown.map((frame) => [frame.name, frame.line]),
            frames,
            name,
          );
        assert.equal(task.threadId, process!.threads[0]!.threadId);
      }
      const named = new Map(tasks.map((task) => [task.name, task]));
      for (const [name, kind] of Object.entries(waitKinds)) {
        const { waitKind, waitingFor } = named.get(name)!;
        assert.equal(waitKind, kind, `${name}: ${waitingFor}`);
      }
      assert.equal(named.get('sleeper-0')!.waitingFor, 'sleeping for 100000 s');
    },
    { args: [String(count)], env: withPackages(python, ['trio']).env },
  );

eachPython('tasks of trio are shown as trio itself has them', (python) => checksAll(python, 3), {
  since: 8,
  what: 'trio that is tried',
});

for (const count of [100, 2000])
  test(`${count} tasks of trio are all read`, () => checksAll(anyPython(), count));

test('tasks of trio stand below the task in whose nursery they are', () => {
  const python = anyPython();
  return withTarget(
    python,
    programFile('trio_tasks.py'),
    async ({ pid }) => {
      const text = await dumpText(pid);
      assert.match(
        text,
        /\n\d+ tasks of trio in thread \d+[^\n]*\n {2}<init>: waiting for the tasks of a nursery\n/,
      );
      assert.match(text, /\n {4}__main__\.run: running\n/);
      assert.match(
        text,
        /\n {6}100 tasks \(sleeper-0, sleeper-1, sleeper-2, …\): sleeping for 100000 s\n {10}_\w*async_yield \(/,
      );
      assert.match(
        text,
        /\n {6}in_nursery: [^\n]+\n(?: {10}[^\n]+\n)+ {8}__main__\.sleeps: sleeping for 100000 s\n/,
      );
    },
    { args: ['100'], env: withPackages(python, ['trio']).env },
  );
});

eachPython(
  'tasks of trio are shown while none of them runs',
  (python) =>
    withTarget(
      python,
      programFile('trio_times.py'),
      async (target) => {
        for (;;) {
          const [process] = await dumpJson(target.pid);
          // Once the loop waits.
          if (!process!.threads[0]!.frames.some(({ name }) => name === 'get_events')) continue;
          const names = process!.trio?.tasks.map(({ name }) => name);
          assert.ok(names?.includes('__main__.waits'), String(names));
          return;
        }
      },
      { args: ['1'], env: withPackages(python, ['trio']).env },
    ),
  { since: 8, what: 'trio that is tried' },
);

import assert from 'node:assert/strict';
import { withPackages } from '../support/packages.js';
import { eachFreeThreadedPython, eachPython, type TestPython } from '../support/pythons.js';
import { recordedWithTasks, timesAreTrue, total, untilTasksAreLookedAt } from '../support/recorded-tasks.js';
import { programFile, withTarget } from '../support/targets.js';

const needs = { since: 8, what: 'greenlets that are tried' };
const kinds = ['computes', 'sleeps', 'takes', 'waits_for'];

/** As the program names them, or else nobody. */
const taskNames: Readonly<Record<string, string>> = { gevent: 'task: handler-#', eventlet: 'task: begins' };

const check = (python: TestPython, library: string) =>
  timesAreTrue(
    python,
    'greenlet_times.py',
    { kinds, args: [library, '2'], env: withPackages(python, [library]).env },
    async ({ raw, whole }) => {
      const byTask = await raw('-i', '--label', 'task');
      const handlers = byTask.filter(({ names }) => names.some((name) => kinds.includes(name)));
      const named = handlers.filter(({ frames }) => frames[0] === taskNames[library]);
      assert.ok(total(named) > 0.95 * whole, `${total(named)} of ${whole}`);
      const running = named.filter(({ names }) => names.includes('spin'));
      assert.ok(total(running) > 0, 'what runs has its greenlet as well');
      const hub = byTask.filter(({ names }) => names.some((name) => /(?:^|Hub\.)run$/.test(name)));
      for (const { frames } of hub) assert.match(frames[0]!, /^no task/);
    },
  );

for (const library of ['gevent', 'eventlet'])
  eachPython(
    `the time of greenlets of ${library} is what the program measures itself`,
    (python) => check(python, library),
    needs,
  );

// There is no gevent for these.
eachFreeThreadedPython('the time of greenlets of eventlet is what the program measures itself', (python) =>
  check(python, 'eventlet'),
);

const noFrameOfAnother = (python: TestPython) =>
  withTarget(
    python,
    programFile('greenlet_churn.py'),
    (target) =>
      recordedWithTasks(
        target,
        async () => {},
        async (raw) => {
          const stacks = await raw('-i', '--label', 'task');
          const labels = new Set(stacks.map(({ frames }) => frames[0]!));
          for (const { names } of stacks) {
            const numbers = new Set(names.flatMap((name) => /(?:_)(\d+)$/.exec(name)?.[1] ?? []));
            assert.ok(numbers.size <= 1, names.join(';'));
          }
          for (let number = 0; number < 20; number++)
            assert.ok(labels.has(`task: stays_${number}`), [...labels].join());
          const changing = stacks.filter(({ frames }) => frames[0]!.startsWith('task: outer_'));
          assert.ok(changing.some(({ names }) => names.some((name) => name.startsWith('leaf_'))));
        },
        untilTasksAreLookedAt,
      ),
    { args: ['gevent'], env: withPackages(python, ['greenlet']).env },
  );

eachPython('no greenlet of thousands a second has a frame, or the name, of another', noFrameOfAnother, needs);
eachFreeThreadedPython(
  'no greenlet of thousands a second has a frame, or the name, of another',
  noFrameOfAnother,
  { since: 14, what: 'greenlets that can be made by thousands: it crashes' },
);

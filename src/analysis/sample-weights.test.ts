import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileFromText } from '../../tests/support/profile-from-text.js';
import { buildCallTree } from './call-tree.js';
import { functionTable, lineTable } from './function-table.js';
import { FoldedRuns } from './live/folded-runs.js';
import { eachWeight } from './sample-weights.js';
import { defaultView, modes, type ViewOptions } from './view-options.js';

const profile = profileFromText('work work wait . work work', {
  gil: { MainThread: '110000' },
  states: { MainThread: 'RrWRGC' },
});
const shown: Record<ViewOptions['mode'], number> = {
  wall: 50_000,
  cpu: 22_500,
  gil: 20_000,
  'gil-wait': 10_000,
};

for (const mode of modes) {
  test(`${mode} mode shows its part of the time`, () => {
    assert.equal(functionTable(profile, { ...defaultView, mode }, 9).totalTime, shown[mode]);
  });
}

test('an idle thread is left out of wall mode only', () => {
  const functions = {
    serve_forever: { file: '/usr/lib/python3.11/socketserver.py' },
    select: { file: '/usr/lib/python3.11/selectors.py' },
  };
  const server = profileFromText('serve_forever serve_forever | select select', {
    functions,
    states: { MainThread: 'Rr' },
  });
  const time = (view: Partial<ViewOptions>) =>
    functionTable(server, { ...defaultView, ...view }, 9).totalTime;
  assert.equal(time({}), 0);
  assert.equal(time({ idle: true }), 20_000);
  assert.equal(time({ mode: 'cpu' }), 12_500);
});

const jobs = profileFromText(
  {
    main: 'main main main main main | work work:2 wait work .',
    other: 'main main . main . | work . . wait .',
  },
  {
    gil: { main: '11001', other: '00100' },
    states: { main: 'RrWGC', other: 'GRrWR' },
    jobs: { main: 'aab.b', other: '.bbba' },
  },
);

/** What each view says that all of its time is, microseconds. */
const totals: Readonly<Record<string, (view: ViewOptions) => number>> = {
  'function table': (view) => functionTable(jobs, view, 99).totalTime,
  'functions of the table': (view) => sum(functionTable(jobs, view, 99).rows, ({ selfTime }) => selfTime),
  'line table': (view) => lineTable(jobs, view, 99).totalTime,
  'call tree': (view) => buildCallTree(jobs, view).root.totalTime,
  'folded runs': (view) => {
    const folded = new FoldedRuns(jobs, 'job');
    folded.add(jobs.runs);
    return buildCallTree(jobs, view, folded.runs).root.totalTime;
  },
};

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

for (const mode of modes) {
  test(`in ${mode} mode all views count the same, with and without a label`, () => {
    for (const label of [undefined, { key: 'job' }, { key: 'job', value: 'b' }, { key: 'none' }]) {
      const view = { ...defaultView, mode, label };
      let expected = 0;
      eachWeight(jobs, view, jobs.runs, ({ time }) => {
        expected += time;
      });
      for (const [name, total] of Object.entries(totals)) assert.equal(total(view), expected, name);
    }
  });
}

test('what has the values of a label adds up to all', () => {
  for (const mode of modes) {
    const view = { ...defaultView, mode, label: { key: 'job' } };
    const { root } = buildCallTree(jobs, view);
    for (const { label, totalTime, totalCpu, samples } of root.children) {
      const value = label.slice('job: '.length);
      if (label === 'no job') continue;
      const only = buildCallTree(jobs, { ...view, label: { key: 'job', value } }).root;
      assert.deepEqual([only.totalTime, only.totalCpu, only.samples], [totalTime, totalCpu, samples]);
    }
    assert.equal(
      sum(root.children, ({ totalTime }) => totalTime),
      functionTable(jobs, { ...defaultView, mode }, 1).totalTime,
    );
  }
});

test('a sample of a mode is weighed whole or in part, its CPU time is the same in each', () => {
  const weights = (mode: ViewOptions['mode']) => {
    const list: [time: number, waiting: number, cpu: number, samples: number][] = [];
    eachWeight(profile, { ...defaultView, mode }, profile.runs, ({ time, waiting, cpu, samples }) =>
      list.push([time, waiting, cpu, samples]),
    );
    return list;
  };
  assert.deepEqual(weights('wall'), [
    [10_000, 0, 10_000, 1],
    [10_000, 0, 2500, 1],
    [10_000, 10_000, 0, 1],
    [10_000, 10_000, 0, 1],
    [10_000, 0, 10_000, 1],
  ]);
  assert.deepEqual(weights('cpu'), [
    [10_000, 0, 10_000, 1],
    [2500, 0, 2500, 0.25],
    [10_000, 0, 10_000, 1],
  ]);
});

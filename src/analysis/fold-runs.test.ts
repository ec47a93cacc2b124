import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileFromText } from '../../tests/support/profile-from-text.js';
import { buildCallTree } from './call-tree.js';
import { countsFolded, foldRuns } from './fold-runs.js';
import { functionTable, lineTable } from './function-table.js';
import { summarize } from './summary.js';
import { defaultView, modes, type ViewOptions } from './view-options.js';

const profile = profileFromText(
  {
    main: 'main main:3 main main main main . | work work wait:2 work:4 work gc .',
    other: 'main main:3 lib lib main main main | work work work:4 work:4 work wait:2 work',
  },
  {
    states: { main: 'RrWGRC.', other: 'WWRRGRr' },
    gil: { main: '1100100', other: '0011000' },
    functions: { lib: { file: '/venv/lib/python3.12/site-packages/lib.py' } },
  },
);
const folded = foldRuns(profile.runs, profile.stacks.frame.length);

test('every view counts the same of folded runs', () => {
  assert.ok(folded.stack.length < profile.runs.stack.length);
  for (const mode of modes)
    for (const change of [{}, { idle: true }, { applicationOnly: true }, { lines: 'function' }] as const) {
      const view: ViewOptions = { ...defaultView, ...change, mode };
      assert.ok(countsFolded(view));
      for (const count of [functionTable, lineTable])
        assert.deepEqual(
          count(profile, view, 99, folded),
          count(profile, view, 99),
          `${mode} ${JSON.stringify(change)}`,
        );
      const figures = (runs = profile.runs) =>
        buildCallTree(profile, view, runs).nodes.map((node) => [
          ...[node.label, node.totalTime, node.selfTime, node.totalWaiting, node.selfWaiting],
          ...[node.totalCpu, node.samples, node.selfSamples],
        ]);
      assert.deepEqual(figures(folded), figures());
      const [of, all] = [summarize(profile, view, folded), summarize(profile, view)];
      assert.deepEqual({ ...of }, { ...all });
    }
});

test('views of threads, processes, labels and requests need the runs themselves', () => {
  const label = { key: 'job' };
  for (const change of [{ threads: true }, { processes: true }, { label }, { request: {} }])
    assert.equal(countsFolded({ ...defaultView, ...change }), false);
});

test('waits that are told apart are one row', () => {
  const naps = profileFromText('f f f | sleep sleep sleep', { states: { MainThread: 'WwW' } });
  assert.equal(naps.runs.stack.length, 3);
  assert.equal(foldRuns(naps.runs, naps.stacks.frame.length).stack.length, 1);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { profileFromText } from '../../tests/support/profile-from-text.js';
import { Profile } from '../model/profile.js';
import { buildCallTree, type CallTree } from './call-tree.js';
import { functionTable } from './function-table.js';
import { defaultView } from './view-options.js';

/** `label total/self` a line, indented by depth. */
function drawn(tree: CallTree): string {
  const lines: string[] = [];
  const pending = [{ node: tree.root, depth: 0 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node, depth } = next;
    lines.push(
      `${' '.repeat(depth)}${node.label} ${node.totalTime / 1e3}/${node.selfTime / 1e3} n=${node.samples}`,
    );
    for (const child of [...node.children].reverse()) pending.push({ node: child, depth: depth + 1 });
  }
  return lines.join('\n');
}

test('runs of equal stacks are merged, longest child first', () => {
  const profile = profileFromText('main main main main | idle work work main');
  assert.equal(
    drawn(buildCallTree(profile, { ...defaultView, lines: 'none' })),
    [
      'all 40/0 n=4',
      ' main (app.py) 40/0 n=4',
      '  work (app.py) 20/20 n=2',
      '  idle (app.py) 10/10 n=1',
      '  main (app.py) 10/10 n=1',
    ].join('\n'),
  );
});

test('lines part frames, functions at their first line do not', () => {
  const profile = profileFromText('main:5 main:6 main:5', { functions: { main: { firstLine: 3 } } });
  assert.equal(
    drawn(buildCallTree(profile, defaultView)),
    'all 30/0 n=3\n main (app.py:5) 20/20 n=2\n main (app.py:6) 10/10 n=1',
  );
  assert.equal(
    drawn(buildCallTree(profile, { ...defaultView, lines: 'function' })),
    'all 30/0 n=3\n main (app.py:3) 30/30 n=3',
  );
});

test('each value of a label becomes a root frame, above processes and threads', () => {
  const profile = profileFromText({ one: 'a a a', two: 'a a .' }, { jobs: { one: 'xx.', two: 'xyx' } });
  const view = { ...defaultView, lines: 'none', label: { key: 'job' } } as const;
  assert.equal(
    drawn(buildCallTree(profile, view)),
    [
      'all 50/0 n=5',
      ' job: x 30/0 n=3',
      '  a (app.py) 30/30 n=3',
      ' job: y 10/0 n=1',
      '  a (app.py) 10/10 n=1',
      ' no job 10/0 n=1',
      '  a (app.py) 10/10 n=1',
    ].join('\n'),
  );
  assert.equal(
    drawn(
      buildCallTree(profile, { ...view, processes: true, threads: true, label: { key: 'job', value: 'x' } }),
    ),
    [
      'all 30/0 n=3',
      ' job: x 30/0 n=3',
      '  process 100: python app.py 30/0 n=3',
      '   thread (100): one 20/0 n=2',
      '    a (app.py) 20/20 n=2',
      '   thread (101): two 10/0 n=1',
      '    a (app.py) 10/10 n=1',
    ].join('\n'),
  );
});

test('threads and processes become root frames', () => {
  const profile = profileFromText({ MainThread: 'a a', '': 'a' });
  assert.equal(
    drawn(buildCallTree(profile, { ...defaultView, threads: true, processes: true, lines: 'none' })),
    [
      'all 30/0 n=3',
      ' process 100: python app.py 30/0 n=3',
      '  thread (100): MainThread 20/0 n=2',
      '   a (app.py) 20/20 n=2',
      '  thread (101) 10/0 n=1',
      '   a (app.py) 10/10 n=1',
    ].join('\n'),
  );
  assert.match(
    drawn(buildCallTree(profile, { ...defaultView, processes: true })),
    /^all 30.*\n process 100: .* 30\/0 n=3\n {2}a \(app\.py:1\) 30\/30/,
  );
});

test('idle threads show only when asked for, and the GIL mode keeps the holder', () => {
  const functions = {
    serve_forever: { file: '/usr/lib/python3.11/socketserver.py' },
    select: { file: '/usr/lib/python3.11/selectors.py' },
  };
  const profile = profileFromText('serve_forever serve_forever work work . | select select . . .', {
    functions,
    gil: { MainThread: '10101' },
  });
  assert.match(drawn(buildCallTree(profile, defaultView)), /^all 20\/0 n=2\n work/);
  assert.match(drawn(buildCallTree(profile, { ...defaultView, idle: true })), /^all 40\/0 n=4\n/);
  assert.match(drawn(buildCallTree(profile, { ...defaultView, mode: 'gil' })), /^all 20\/0 n=2\n/);
});

test('what the collector and the GIL took hangs below the innermost frame as a state', () => {
  const profile = profileFromText('main main main main | . work work work', {
    states: { MainThread: 'CRGC' },
  });
  assert.equal(
    drawn(buildCallTree(profile, { ...defaultView, lines: 'none' })),
    [
      'all 40/0 n=4',
      ' main (app.py) 40/0 n=4',
      '  work (app.py) 30/10 n=3',
      '   <gc> 10/10 n=1',
      '   <waiting for GIL> 10/10 n=1',
      '  <gc> 10/10 n=1',
    ].join('\n'),
  );
  const leafStates = functionTable(profile, { ...defaultView, lines: 'none' }, 9).rows.map((entry) => [
    entry.label,
    entry.selfTime / 1e3,
    entry.totalTime / 1e3,
    entry.category,
  ]);
  assert.deepEqual(leafStates, [
    ['<gc>', 20, 20, 'synthetic'],
    ['work (app.py)', 10, 30, 'application'],
    ['<waiting for GIL>', 10, 10, 'synthetic'],
    ['main (app.py)', 0, 40, 'application'],
  ]);
});

test('a node knows how much of its time waited, and how much was on a CPU', () => {
  const profile = profileFromText('main main main main main | work work sleep sleep sleep', {
    states: { MainThread: 'RrWWG' },
  });
  const { root, nodes } = buildCallTree(profile, { ...defaultView, lines: 'none' });
  const times = [root, ...nodes].map((node) => [
    node.label,
    node.totalWaiting,
    node.selfWaiting,
    node.totalCpu,
  ]);
  assert.deepEqual(times, [
    ['all', 30_000, 0, 12_500],
    ['main (app.py)', 30_000, 0, 12_500],
    ['work (app.py)', 0, 0, 12_500],
    ['sleep (app.py)', 30_000, 20_000, 0],
    ['<waiting for GIL>', 10_000, 10_000, 0],
  ]);
  assert.equal(buildCallTree(profile, { ...defaultView, mode: 'cpu' }).root.totalWaiting, 0);
});

test('the same code loaded twice is one frame; equal names in different files are two', () => {
  const twice = profileFromText('a b', { functions: { b: { name: 'a', qualifiedName: 'a' } } });
  assert.equal(buildCallTree(twice, defaultView).nodes.length, 1);
  const elsewhere = profileFromText('a b', {
    functions: { b: { name: 'a', qualifiedName: 'a', file: '/other/app.py' } },
  });
  assert.equal(buildCallTree(elsewhere, defaultView).nodes.length, 2);
});

test('nothing sampled is an empty tree', () => {
  assert.equal(drawn(buildCallTree(new Profile(), defaultView)), 'all 0/0 n=0');
});

test('a stack 10,000 deep and a million runs', () => {
  const profile = profileFromText(
    Array.from({ length: 10_000 }, (_, depth) => `f${depth % 7}:${depth + 1}`).join('|'),
  );
  const { runs } = profile;
  for (let run = 0; run < 1_000_000; run++) {
    runs.thread.push(0);
    runs.stack.push(1 + (run % 10_000));
    runs.flags.push(0);
    runs.context.push(0);
    runs.start.push(run);
    runs.duration.push(1);
    runs.samples.push(1);
  }
  const tree = buildCallTree(profile, defaultView);
  assert.equal(tree.nodes.length, 10_000);
  assert.equal(tree.root.totalTime, 1_010_000);
});

test('a stack that contains itself is refused', () => {
  const profile = profileFromText('a | b');
  profile.stacks.parent.set(1, 2);
  assert.throws(() => buildCallTree(profile, defaultView), { code: 'recording-damaged' });
  assert.throws(() => functionTable(profile, defaultView, 9), { code: 'recording-damaged' });
});

test('recursion counts once in a function’s total', () => {
  const profile = profileFromText('main main | f g | f f | f g');
  const { totalTime, rows } = functionTable(profile, defaultView, 10);
  assert.equal(totalTime, 20_000);
  assert.deepEqual(
    rows.map((entry) => [entry.label, entry.totalTime, entry.selfTime, entry.samples]),
    [
      ['f (app.py:1)', 20_000, 10_000, 2],
      ['g (app.py:1)', 10_000, 10_000, 1],
      ['main (app.py:1)', 20_000, 0, 2],
    ],
  );
});

test('self is at most total, and selfs add up to all the time, whatever the stacks', () => {
  const stack = fc.array(fc.constantFrom('a', 'b', 'c:2', 'c:3'), { minLength: 1, maxLength: 6 });
  const state = fc.string({ unit: fc.constantFrom('R', 'r', 'W', 'G', 'C', '.'), maxLength: 12 });
  fc.assert(
    fc.property(
      fc.array(stack, { minLength: 1, maxLength: 12 }),
      fc.boolean(),
      state,
      (stacks, threads, one) => {
        const rows = Array.from({ length: 6 }, (_, depth) =>
          stacks.map((names) => names[depth] ?? '.').join(' '),
        );
        const profile = profileFromText({ one: rows.join(' | '), two: rows[0]! }, { states: { one } });
        const { totalTime, rows: functions } = functionTable(profile, defaultView, Number.POSITIVE_INFINITY);
        assert.ok(
          functions.every((entry) => entry.selfTime <= entry.totalTime && entry.totalTime <= totalTime),
        );
        assert.equal(sum(functions.map((entry) => entry.selfTime)), totalTime);

        const tree = buildCallTree(profile, { ...defaultView, threads });
        assert.equal(tree.root.totalTime, totalTime);
        assert.equal(sum(tree.nodes.map((node) => node.selfTime)), totalTime);
        for (const node of tree.nodes) {
          assert.equal(node.totalTime, node.selfTime + sum(node.children.map((child) => child.totalTime)));
        }
      },
    ),
  );
});

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

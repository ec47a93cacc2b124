import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pyglass, pyglass } from '../support/pyglass.js';
import { anyPython, eachPython } from '../support/pythons.js';
import { programFile, withTarget } from '../support/targets.js';

const python = anyPython();

eachPython('where output is no terminal there is one table', (python) =>
  withTarget(python, programFile('busy.py'), async ({ pid }) => {
    const { status, stdout, stderr } = await pyglass('top', '-d', '1', '-p', String(pid));
    assert.equal(status, 0, stderr);
    assert.match(stderr, /^Watching .*busy\.py \(process \d+\) for 1 s\.\n$/);
    assert.ok(!stdout.includes('\x1b'));
    const lines = stdout.split('\n');
    assert.match(lines[4]!, /^ +%Self +%Total +SelfTime +TotalTime +Function \(filename\)$/);
    assert.match(lines[5]!, /^ +[4-9]\d\.\d% .*s {2}time\.sleep waiting$/);
    assert.match(stdout, /^ +[1-9]\d\.\d% .*s {2}compute \(busy\.py\)$/m);
    assert.match(stdout, /^ +\d\.\d% +(?:9\d\.\d|100\.0)% .*<module> \(busy\.py\)$/m);
  }),
);

test('--json says the same to scripts', () =>
  withTarget(python, programFile('busy.py'), async ({ pid }) => {
    const { status, stdout } = await pyglass('top', '--json', '-d', '1', '-l', '-g', '-p', String(pid));
    assert.equal(status, 0);
    const report = JSON.parse(stdout);
    assert.equal(report.pid, pid);
    assert.equal(report.mode, 'gil');
    assert.equal(report.processes[0].pythonVersion, python.version);
    assert.ok(report.seconds > 0.9 && report.sampling.samples > 0 && report.sampling.rate > 0);
    assert.equal(report.threads.all, 1);
    const [first] = report.rows;
    assert.deepEqual(
      { ...first, self: 0, total: 0, selfSeconds: 0, totalSeconds: 0, waitingSeconds: 0, samples: 0 },
      {
        ...{
          name: 'compute',
          location: 'busy.py',
          file: programFile('busy.py'),
          line: first.line,
          firstLine: 5,
        },
        ...{ kind: 'python', category: 'application', self: 0, total: 0, selfSeconds: 0, totalSeconds: 0 },
        ...{ waitingSeconds: 0, samples: 0 },
      },
    );
    assert.ok([6, 7, 8].includes(first.line), String(first.line));
    assert.ok(first.self > 0 && first.self <= first.total && first.total <= 1);
    assert.ok(first.selfSeconds > 0 && first.selfSeconds <= first.totalSeconds);
  }));

test('Ctrl-C ends the wait and the table is there', () =>
  withTarget(python, programFile('busy.py'), async ({ pid }) => {
    const run = new Pyglass(['top', '--once', '-d', 'unlimited', '-p', String(pid)]);
    try {
      await run.said(/Ctrl-C ends it/);
      run.child.kill('SIGINT');
      const { status, stdout } = await run.outcome();
      assert.equal(status, 0);
      assert.match(stdout, /%Self/);
    } finally {
      await run.stop();
    }
  }));

test('what cannot be watched is said as record says it', async () => {
  const gone = await pyglass('top', '-p', '4194303');
  assert.equal(gone.status, 3);
  assert.match(gone.stderr, /^pyglass: .*4194303/);
  assert.equal(gone.stdout, '');
  const none = await pyglass('top');
  assert.equal(none.status, 2);
  assert.match(none.stderr, /no process given: use --pid/);
  const program = await pyglass('top', '--', '/no/such/program');
  assert.equal(program.status, 127);
  assert.match(program.stderr, /there is no such program/);
});

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { accuracyPrograms, measureAccuracy } from '../accuracy/suite.js';
import { main } from '../support/command.js';
import { pyglass } from '../support/pyglass.js';
import { anyPython, eachPython } from '../support/pythons.js';
import { parseRaw, withFolder } from '../support/recordings.js';
import { programFile, withTarget } from '../support/targets.js';

eachPython('names and lines are those that the program prints itself', async (python) => {
  await withTarget(python, programFile('names.py'), async (target) => {
    const expected: [string, number][] = JSON.parse(await target.line());
    const { stdout, stderr } = await pyglass(
      'record',
      '-i',
      '-p',
      String(target.pid),
      '-d',
      '0.3',
      '-o',
      '-',
      '-f',
      'raw',
    );
    const [hottest] = parseRaw(stdout).sort((a, b) => b.count - a.count);
    assert.ok(hottest, stderr);
    // C functions have neither file nor line.
    const frames = hottest.frames.filter((frame) => frame.endsWith(')'));
    assert.deepEqual(
      frames.map((frame) => {
        const [, name, line] = /^(.*) \([^()]*:(\d+)\)$/.exec(frame)!;
        return [name, Number(line)];
      }),
      expected,
    );
  });
});

eachPython('150 threads are distinguished by name and number', async (python) => {
  await withTarget(
    python,
    programFile('threads.py'),
    async ({ pid }) => {
      const { stdout } = await pyglass(
        'record',
        '-i',
        '-t',
        '-p',
        String(pid),
        '-d',
        '0.5',
        '-o',
        '-',
        '-f',
        'raw',
      );
      const holding = parseRaw(stdout).filter(({ names }) => names.includes('hold'));
      const threads = new Map(
        holding.map(
          ({ frames }) => /^thread \((\d+)\): (.*)$/.exec(frames[0]!)!.slice(1) as [string, string],
        ),
      );
      assert.deepEqual(
        [...threads.values()].sort(),
        Array.from({ length: 150 }, (_, number) => `holder-${number}`).sort(),
      );
      assert.ok(!threads.has('0'));
    },
    { args: ['150'] },
  );
});

/** Computes in turn in functions that it times itself. */
const milliseconds = accuracyPrograms.find(({ file }) => file === 'milliseconds.py')!;

for (const way of ['process_vm_readv', 'proc'] as const) {
  eachPython(`shares are right when memory is read by ${way}`, async (python) => {
    const memory = way === 'proc' ? { memory: way } : {};
    const result = await measureAccuracy(python, milliseconds, { rate: 1000, seconds: 1, ...memory });
    assert.equal(result.impossible, 0);
    // Five standard errors of what a busy machine leaves of the samples.
    assert.ok(result.worst < 5 * result.noise + 1, `${result.worst} points off, ${result.samples} samples`);
  });
}

const strace = (() => {
  try {
    execFileSync('strace', ['-V'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'strace is not installed';
  }
})();

test('the target is neither traced, written to nor signalled', { skip: strace }, async () => {
  await withFolder((folder) =>
    withTarget(anyPython(), programFile('busy.py'), async ({ pid }) => {
      const log = `${folder}/calls`;
      const words = [
        process.execPath,
        main,
        'record',
        '-p',
        String(pid),
        '-d',
        '0.5',
        '-o',
        `${folder}/x.svg`,
      ];
      execFileSync(
        'strace',
        [
          '-f',
          '-o',
          log,
          '-e',
          'trace=ptrace,process_vm_readv,process_vm_writev,kill,tgkill,openat',
          ...words,
        ],
        {
          stdio: 'ignore',
        },
      );
      const calls = readFileSync(log, 'utf8').split('\n');
      const of = (name: string) => calls.filter((call) => new RegExp(`^\\d+ +${name}\\(`).test(call));
      assert.ok(of('process_vm_readv').length > 100);
      assert.deepEqual([...of('ptrace'), ...of('process_vm_writev')], []);
      assert.deepEqual(
        [...of('kill'), ...of('tgkill')].filter((call) => call.includes(`(${pid},`)),
        [],
      );
      assert.deepEqual(
        of('openat').filter((call) => call.includes(`/proc/${pid}/mem`) && !call.includes('O_RDONLY')),
        [],
      );
    }),
  );
});

eachPython('with -s the children are recorded, each as its own process', async (python) => {
  await withTarget(python, programFile('forks.py'), async (target) => {
    const children = (await target.line()).split(' ');
    const { stdout } = await pyglass(
      'record',
      '-s',
      '-p',
      String(target.pid),
      '-d',
      '1',
      '-o',
      '-',
      '-f',
      'raw',
    );
    const working = parseRaw(stdout).filter(({ names }) => names.includes('child_work'));
    const pids = new Set(working.map(({ frames }) => /^process (\d+)/.exec(frames[0]!)![1]!));
    // In a container of its own the program may know its children by other numbers.
    if (python.root === '/') assert.deepEqual([...pids].sort(), children.sort());
    assert.equal(pids.size, 2);
  });
});

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { exitCodes } from '../../src/cli/exit-codes.js';
import { descendantsOf, processFacts } from '../../src/process/linux-process.js';
import { main } from '../support/command.js';
import { Pyglass, pyglass } from '../support/pyglass.js';
import { anyPython, eachPython, type TestPython } from '../support/pythons.js';
import { parseRaw, withFolder } from '../support/recordings.js';
import { programFile, withTarget } from '../support/targets.js';
import { unsupportedPython } from '../support/unsupported-python.js';

const python = anyPython();

const words = (command: readonly string[]) => command.map((word) => `'${word}'`).join(' ');
const countOf = (raw: string, name: string) =>
  parseRaw(raw).reduce((sum, { names, count }) => sum + (names.includes(name) ? count : 0), 0);

async function recorded(...args: string[]): Promise<{ status: number; raw: string; stderr: string }> {
  return withFolder(async (folder) => {
    const { status, stderr } = await pyglass('record', '-f', 'raw', '-o', `${folder}/x.raw`, ...args);
    return { status, stderr, raw: readFileSync(`${folder}/x.raw`, 'utf8') };
  });
}

test('a shell that becomes Python after seconds is recorded, as the program and as a child', () =>
  withFolder(async (folder) => {
    const script = `${folder}/entry.sh`;
    const program = words([...python.command, python.place(programFile('exits.py')), '0']);
    writeFileSync(script, `#!/bin/sh\nsleep 3.3\nexec ${program}\n`, { mode: 0o755 });
    const parent = `import subprocess; subprocess.call([${JSON.stringify(script)}])`;
    const [asProgram, asChild] = await Promise.all([
      recorded('--', script),
      recorded('-s', '--', ...python.command, '-c', parent),
    ]);
    for (const { status, raw, stderr } of [asProgram, asChild]) {
      assert.equal(status, 0, stderr);
      assert.ok(
        parseRaw(raw).some(({ frames }) => frames.some((frame) => frame.includes('exits.py'))),
        stderr,
      );
    }
  }));

test('a program in which no Python was seen: says what ran, with a status of its own', async () => {
  const { status, stderr, raw } = await recorded('--', 'sh', '-c', 'sleep 0.2; exit 0');
  assert.equal(status, 7, stderr);
  assert.match(stderr, /Nothing was recorded: sh ran the whole time; no Python was seen\./);
  assert.equal(raw, '');
});

test('a program that fails keeps its own status', async () => {
  const { status } = await recorded('--', 'sh', '-c', 'exit 3');
  assert.equal(status, 3);
});

eachPython('a program that forks itself into the background is followed', async (forking) => {
  const program = forking.place(programFile('double_fork.py'));
  const { raw, stderr } = await recorded('-s', '--', ...forking.command, program, '1');
  assert.ok(countOf(raw, 'work_in_background') > 20, stderr);
});

test('without -s a program in the background is not waited for, and the remedy is said', async () => {
  const program = python.place(programFile('double_fork.py'));
  const { stderr } = await recorded('--', ...python.command, program, '0.1');
  assert.doesNotMatch(stderr, /Also recording/);
});

test('what goes into the background and is no Python is not waited for', async () => {
  const { stderr } = await recorded('-s', '--', 'sh', '-c', 'sleep 1000 >/dev/null 2>&1 & echo $! >&2');
  const pid = Number(/^(\d+)$/m.exec(stderr)![1]);
  try {
    assert.match(stderr, new RegExp(`Processes left running, not recorded: sleep \\(process ${pid}\\)`));
    assert.ok(processFacts(pid), 'it goes on');
  } finally {
    process.kill(pid, 'SIGKILL');
  }
});

for (const method of ['fork', 'spawn', 'forkserver']) {
  test(`CPU time of children that live 40 ms is recorded or reported as missing: ${method}`, () =>
    withFolder(async (folder) => {
      const program = python.place(programFile('short_children.py'));
      const output = `${folder}/x.pyglass`;
      const { status, stdout, stderr } = await pyglass(
        ...['record', '-s', '-o', output, '--', ...python.command, program, method],
      );
      assert.equal(status, 0, stderr);
      const used = Number(/^used ([\d.]+)$/m.exec(stdout)![1]);
      const parent = /\(process (\d+)/.exec(stderr)![1];
      const raw = await pyglass('report', output, '-s', '--mode', 'cpu', '-f', 'raw', '-o', '-');
      const inRecording = parseRaw(raw.stdout)
        .filter(({ frames }) => !frames[0]!.startsWith(`process ${parent}:`))
        .reduce((sum, { count }) => sum + count / 1000, 0);
      const summary = await pyglass('report', output, '-f', 'summary-json', '-o', '-');
      const { cpuSeconds } = JSON.parse(summary.stdout).unrecordedChildren;
      // The server that forks is the parent's child until the end only, so its children's time is not accounted for.
      const least = method === 'forkserver' ? 0.04 : used * 0.5;
      assert.ok(inRecording + cpuSeconds > least, `${inRecording} and ${cpuSeconds} of ${used}\n${stderr}`);
      assert.ok(cpuSeconds < used * 1.1 + 0.05, `${cpuSeconds} of ${used}`);
    }));
}

test('a child of a Python that is not read is reported once, with the reason', (context) =>
  withFolder(async (folder) => {
    const old = unsupportedPython(folder);
    if (typeof old === 'string') return context.skip(old);
    const code = `
import subprocess, sys
child = subprocess.Popen([${JSON.stringify(old.file)}, '-c', 'import sys; sys.stdout.write("up\\\\n"); sys.stdout.flush(); sys.stdin.read()'],
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=${JSON.stringify(old.env)})
child.stdout.readline()
print('ready', flush=True)
print(child.pid, flush=True)
child.wait()`;
    await withTarget(python, { code }, async (target) => {
      const child = Number(await target.line());
      const output = `${folder}/x.pyglass`;
      const stats = `${folder}/stats.json`;
      const run = new Pyglass([
        'record',
        '-s',
        '-i',
        '-p',
        String(target.pid),
        '-o',
        output,
        '--stats-json',
        stats,
      ]);
      try {
        await run.said(
          new RegExp(`Not recorded: .*\\(process ${child}\\): this is .*Python.*; pyglass reads`),
        );
        run.child.kill('SIGINT');
        const { status, stderr } = await run.outcome();
        assert.equal(status, 0, stderr);
        assert.equal(stderr.split('Not recorded:').length, 2);
        assert.match(stderr, new RegExp(`One Python child was not recorded \\(process ${child}: this is`));
        assert.equal(JSON.parse(readFileSync(stats, 'utf8')).unrecordedChildren.processes[0].pid, child);
        const summary = await pyglass('report', output, '--summary', '-i');
        assert.match(summary.stdout, new RegExp(`was not recorded \\(process ${child}: this is`));
        const top = await pyglass('top', '--once', '-s', '-d', '1', '-p', String(target.pid));
        assert.match(top.stderr, new RegExp(`^Process ${child} is not shown: this is .*Python`, 'm'));
        const dump = await pyglass('dump', '-s', '-p', String(target.pid));
        assert.match(dump.stderr, new RegExp(`^Not shown: .*\\(process ${child}\\): this is .*Python`));
      } finally {
        await run.stop();
      }
    });
  }));

const withoutSetarch = (() => {
  try {
    execFileSync('setarch', ['-R', 'true'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'no setarch';
  }
})();

eachPython(
  'the same executable at the same addresses is another program after exec',
  async (plain, context) => {
    if (withoutSetarch !== undefined) return context.skip(withoutSetarch);
    const fixed: TestPython = { ...plain, command: ['setarch', '-R', ...plain.command] };
    await withFolder((folder) =>
      withTarget(
        fixed,
        programFile('execs_itself.py'),
        async (target) => {
          const run = new Pyglass([
            'record',
            '-F',
            '-p',
            String(target.pid),
            '-f',
            'raw',
            '-o',
            `${folder}/x.raw`,
          ]);
          try {
            await run.said(/Recording .*process/);
            target.say('go');
            await run.said(/Also recording .*process/);
          } finally {
            await run.stop();
          }
        },
        { args: ['one'] },
      ),
    );
  },
);

test('processes that were adopted and ended do not stay as zombies', () =>
  withFolder(async (folder) => {
    // Three go into the background and end at once; the program waits for a line.
    const code = `
import os
for _ in range(3):
    if not os.fork():
        if not os.fork(): os._exit(0)
        os._exit(0)
    os.wait()
print('ready', flush=True)
input()`;
    const args = [main, 'record', '-s', '-i', '-o', `${folder}/x.svg`, '--', ...python.command, '-c', code];
    const run = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'ignore'] });
    try {
      await once(run.stdout, 'data');
      const zombies = () => descendantsOf(run.pid!).filter((pid) => processFacts(pid)?.state === 'Z');
      while (zombies().length > 0) await new Promise((resolve) => setImmediate(resolve));
      const exited = once(run, 'exit');
      run.stdin.end('\n');
      // It may have ended before a sample was taken of it.
      const [status] = await exited;
      assert.ok(status === 0 || status === exitCodes.nothingRecorded, String(status));
    } finally {
      run.kill('SIGKILL');
    }
  }));

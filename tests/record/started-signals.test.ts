import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { childrenOf, descendantsOf } from '../../src/process/linux-process.js';
import { main } from '../support/command.js';
import { anyPython } from '../support/pythons.js';
import { withFolder } from '../support/recordings.js';
import { programFile } from '../support/targets.js';
import { noTmux, withTerminal } from '../support/terminal.js';

const python = anyPython();
const program = [...python.command, python.place(programFile('hears_signals.py'))];

interface Heard {
  /** What was started: pyglass, or what starts it. */
  readonly started: ChildProcess;
  /** Waits until the program has printed this line. */
  readonly until: (line: string) => Promise<void>;
}

/** Runs it in a process group of its own, as a shell does. Returns how often the program heard each signal. */
async function whatIsHeard(
  command: (output: string) => readonly string[],
  act: (heard: Heard) => Promise<void>,
): Promise<string> {
  return withFolder(async (folder) => {
    const [file, ...words] = command(`${folder}/x.svg`);
    const started = spawn(file!, words, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    try {
      const lines = createInterface({ input: started.stdout })[Symbol.asyncIterator]();
      const said: string[] = [];
      const next = async (wanted: (line: string) => boolean): Promise<string> => {
        for (;;) {
          const { value, done } = await lines.next();
          if (done) throw new Error(`the program ended: ${said.join('; ')}`);
          said.push(value);
          if (wanted(value)) return value;
        }
      };
      const until = async (line: string) => void (await next((one) => one === line));
      await until('ready');
      await act({ started, until });
      // Handed on as the last one, to the program alone: whatever came before has been heard by then.
      process.kill(pyglassOf(started.pid!), 'SIGHUP');
      return (await next((line) => line.startsWith('heard '))).slice('heard '.length);
    } finally {
      for (const pid of [...descendantsOf(started.pid!), started.pid!]) killQuietly(pid);
      if (started.exitCode === null && started.signalCode === null) await once(started, 'exit');
    }
  });
}

const record = (output: string) => [process.execPath, main, 'record', '-o', output, '--', ...program];

/** Itself, or the child of what started it. */
function pyglassOf(pid: number): number {
  const [child] = childrenOf(pid);
  return childrenOf(child ?? 0).length > 0 ? child! : pid;
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGQUIT'] as const) {
  test(`${signal} to the process group is heard once`, async () => {
    const heard = await whatIsHeard(record, async ({ started, until }) => {
      process.kill(-started.pid!, signal);
      await until(`${signal} 1`);
    });
    assert.equal(heard, `SIGHUP=1 ${signal}=1`.split(' ').sort().join(' '));
  });

  test(`${signal} to pyglass alone is heard once`, async () => {
    const heard = await whatIsHeard(record, async ({ started, until }) => {
      process.kill(started.pid!, signal);
      await until(`${signal} 1`);
    });
    assert.equal(heard, `SIGHUP=1 ${signal}=1`.split(' ').sort().join(' '));
  });
}

test('what timeout(1) sends is heard once', async () => {
  const heard = await whatIsHeard(
    (output) => ['timeout', '1000', ...record(output)],
    async ({ started, until }) => {
      // timeout hands it to its child and then to the whole group.
      process.kill(started.pid!, 'SIGTERM');
      await until('SIGTERM 1');
    },
  );
  assert.equal(heard, 'SIGHUP=1 SIGTERM=1');
});

test('what is sent to each process of a control group is heard once', async () => {
  const heard = await whatIsHeard(record, async ({ started, until }) => {
    // As systemd does it, in the order of their numbers.
    for (const pid of [started.pid!, ...descendantsOf(started.pid!)]) process.kill(pid, 'SIGTERM');
    await until('SIGTERM 1');
  });
  assert.equal(heard, 'SIGHUP=1 SIGTERM=1');
});

test('a program in a group of its own hears what is sent to ours', async () => {
  const own = ['import os, runpy, sys', 'os.setpgid(0, 0)', 'runpy.run_path(sys.argv[1])'].join('; ');
  const file = program.at(-1)!;
  const heard = await whatIsHeard(
    (output) => [process.execPath, main, 'record', '-o', output, '--', ...python.command, '-c', own, file],
    async ({ started, until }) => {
      process.kill(-started.pid!, 'SIGTERM');
      await until('SIGTERM 1');
    },
  );
  assert.equal(heard, 'SIGHUP=1 SIGTERM=1');
});

test('in a terminal: Ctrl-C, Ctrl-Z and fg, reading, the size', noTmux ? { skip: noTmux } : {}, () =>
  withTerminal({ columns: 90, rows: 20 }, async (terminal) => {
    terminal.enter('set -m');
    terminal.enter(`${process.execPath} ${main} record -o x.svg -- ${program.join(' ')} reads`);
    await terminal.shows(/^ready/m);
    terminal.enter('a line');
    await terminal.shows(/^read a line\n.*size 90 20/ms);
    terminal.press('C-c');
    await terminal.shows(/SIGINT 1/);
    terminal.press('C-z');
    await terminal.shows(/Stopped/);
    terminal.enter('fg');
    await terminal.shows(/Stopped.*\n(.*\n)*.*record -o x\.svg/);
    terminal.enter('');
    terminal.press('C-\\');
    await terminal.shows(/SIGQUIT 1/);
    terminal.press('C-c');
    const text = await terminal.shows(/SIGINT 2/);
    assert.doesNotMatch(text, /SIGINT 3|SIGQUIT 2/);
    const [pid] = /\(process (\d+)/.exec(text)!.slice(1);
    process.kill(Number(pid), 'SIGHUP');
    await terminal.shows(/heard SIGHUP=1 SIGINT=2 SIGQUIT=1/);
  }),
);

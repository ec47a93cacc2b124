import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { main } from '../support/command.js';
import { anyPython } from '../support/pythons.js';
import { programFile, withTarget } from '../support/targets.js';
import { noTmux, withTerminal } from '../support/terminal.js';
import { withTop } from './live.js';

const python = anyPython();
const skip = noTmux === undefined ? {} : { skip: noTmux };
/** Whether that `top` has something of a name among temporary files. */
const keeps = (pid: number) => readdirSync(tmpdir()).some((name) => name.startsWith(`pyglass-top-${pid}-`));

const ways: Readonly<
  Record<string, (end: { press: (key: string) => void; kill: (signal: NodeJS.Signals) => void }) => void>
> = {
  q: ({ press }) => press('q'),
  'Ctrl-C': ({ press }) => press('C-c'),
  SIGINT: ({ kill }) => kill('SIGINT'),
  SIGTERM: ({ kill }) => kill('SIGTERM'),
  SIGHUP: ({ kill }) => kill('SIGHUP'),
};

for (const [name, end] of Object.entries(ways)) {
  test(`${name} ends it and leaves the terminal as it was`, skip, () =>
    withTarget(python, programFile('busy.py'), ({ pid, child }) =>
      withTop(`-p ${pid}`, {}, async (top, terminal) => {
        await top.started();
        assert.equal(terminal.state().otherScreen, true);
        // Now there is a temporary recording, which has no name.
        terminal.type('w');
        await terminal.shows(/Wrote top-/);
        assert.ok(!keeps(top.pid));
        end({ press: (key) => terminal.press(key), kill: (signal) => process.kill(top.pid, signal) });
        const { status, wrong, text } = await top.ended();
        assert.deepEqual({ status, wrong }, { status: 0, wrong: [] });
        assert.doesNotMatch(text, /%Self/);
        assert.equal(child.exitCode, null, 'the target goes on');
        assert.ok(!keeps(top.pid));
      }),
    ),
  );
}

test('the end of the terminal itself ends it as well', skip, () =>
  withTarget(python, programFile('busy.py'), ({ pid }) =>
    withTop(`-p ${pid}`, {}, async (top, terminal) => {
      await top.started();
      const own = top.pid;
      terminal.close();
      // Never, if it stays: the time of the test is up then.
      while (existsSync(`/proc/${own}`)) await new Promise((resolve) => setImmediate(resolve));
      assert.ok(!keeps(own));
    }),
  ),
);

test('the end of the target leaves the last table below what was on the terminal', skip, () =>
  withTarget(python, programFile('busy.py'), (target) =>
    withTop(`-p ${target.pid}`, {}, async (top) => {
      await top.started();
      await target.stop();
      const { status, wrong, text } = await top.ended();
      assert.deepEqual({ status, wrong }, { status: 0, wrong: [] });
      assert.match(text, /%Self +%Total.*wait \(busy\.py\).*Process \d+ ended\.\nended with 0/s);
    }),
  ),
);

test('so does the end of the time', skip, () =>
  withTarget(python, programFile('busy.py'), ({ pid }) =>
    withTop(`-d 1.5 -p ${pid}`, {}, async (top) => {
      const { status, wrong, text } = await top.ended();
      assert.deepEqual({ status, wrong }, { status: 0, wrong: [] });
      assert.match(text, /%Self +%Total.*wait \(busy\.py\)/s);
    }),
  ),
);

test('Ctrl-Z gives the terminal to the shell, and fg brings the table back', skip, () =>
  withTarget(python, programFile('busy.py'), ({ pid }) =>
    // Only a shell that was asked to has jobs.
    withTerminal({}, async (terminal) => {
      terminal.enter('set -m');
      terminal.enter(`${process.execPath} ${main} top -p ${pid}`);
      await terminal.shows(/%Self/);
      terminal.press('C-z');
      await terminal.shows(/Stopped|\$ $/);
      assert.deepEqual(terminal.state(), { otherScreen: false, cursor: true, wraps: true });
      terminal.enter('fg');
      await terminal.shows(/%Self/);
      terminal.type('q');
      await terminal.shows((text) => !text.includes('%Self') && /\$\s*$/.test(text));
      assert.deepEqual(terminal.state(), { otherScreen: false, cursor: true, wraps: true });
    }),
  ),
);

test('an internal error is shown on the terminal as it was', skip, () =>
  withTerminal({}, async (terminal) => {
    const screen = new URL('../../src/cli/top/screen.js', import.meta.url).pathname;
    const code = `
      import { TerminalScreen } from '${screen}';
      const fail = () => { throw new Error('a mistake'); };
      const screen = new TerminalScreen({ onKey: fail, onChange: () => {} });
      screen.enter();
      screen.paint([[{ text: 'painted', style: 'plain' }]]);`;
    terminal.enter('stty -a > before');
    terminal.enter(
      `${process.execPath} --input-type=module -e "${code.replace(/\s+/g, ' ')}"; stty -a > after; echo over`,
    );
    await terminal.shows(/^painted/);
    terminal.type('x');
    const text = await terminal.shows(/^over$/m);
    assert.match(text, /Error: a mistake/);
    assert.deepEqual(terminal.state(), { otherScreen: false, cursor: true, wraps: true });
    assert.equal(
      readFileSync(`${terminal.folder}/after`, 'utf8'),
      readFileSync(`${terminal.folder}/before`, 'utf8'),
    );
  }),
);
const program = `${python.command.join(' ')} ${python.place(programFile('talks.py'))}`;
/** Takes what the program said out of its file, named in a line that does not wrap. */
function outputIn(text: string): string {
  const file = /output is in (\S+)$/m.exec(text)![1]!;
  const said = readFileSync(file, 'utf8');
  rmSync(dirname(file), { recursive: true });
  return said;
}

test('a started program says its words into a file, and its exit status becomes ours', skip, () =>
  withTop(`-- ${program} 2`, { columns: 120 }, async (top) => {
    const table = await top.started();
    assert.doesNotMatch(table, /said on/);
    assert.match(table, /compute \(talks\.py\)/);
    const { status, wrong, text } = await top.ended();
    assert.deepEqual({ status, wrong }, { status: 7, wrong: [] });
    assert.equal(outputIn(text), "said on output\nsaid on error\nread ''\n");
  }),
);

test('quitting ends a started program as Ctrl-C would', skip, () =>
  withTop(`-- ${program} 1000`, { columns: 120 }, async (top, terminal) => {
    await top.started();
    terminal.press('q');
    const { status, wrong, text } = await top.ended();
    assert.deepEqual({ status, wrong }, { status: 0, wrong: [] });
    assert.match(outputIn(text), /interrupted\n$/);
  }),
);

test('a program that is no Python is waited for on the screen', skip, () =>
  withTop('-- sleep 1000', {}, async (top, terminal) => {
    await terminal.shows(/No Python yet/);
    terminal.press('q');
    const { status, wrong } = await top.ended();
    assert.deepEqual({ status, wrong }, { status: 0, wrong: [] });
  }),
);

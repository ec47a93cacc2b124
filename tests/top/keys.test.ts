import assert from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { keys } from '../../src/tui/top/keys.js';
import { pyglass } from '../support/pyglass.js';
import { anyPython } from '../support/pythons.js';
import { shareInFlamegraph, withFolder } from '../support/recordings.js';
import { programFile, Target } from '../support/targets.js';
import { noTmux, type TestTerminal } from '../support/terminal.js';
import { tableRows, withTop } from './live.js';

const skip = noTmux === undefined ? {} : { skip: noTmux };
let target: Target;

before(async () => {
  target = await Target.start(anyPython(), programFile('busy.py'));
});
after(() => target.stop());

/** A test that begins with the table on a screen that shows all of the help, and ends with `q`. */
function keyTest(name: string, act: (terminal: TestTerminal, first: string) => Promise<void>): void {
  test(name, skip, () =>
    withTop(`-p ${target.pid}`, { columns: 100, rows: 32 }, async (top, terminal) => {
      await act(terminal, await top.started());
      terminal.type('q');
      const { status, wrong } = await top.ended();
      assert.deepEqual({ status, wrong }, { status: 0, wrong: [] });
    }),
  );
}

const samples = (text: string) => Number(/^([\d,]+) samples/m.exec(text)?.[1]?.replace(/,/g, ''));

keyTest('? and h show a line for each key, and any key goes back', async (terminal) => {
  for (const key of ['?', 'h']) {
    terminal.type(key);
    const text = await terminal.shows(/any key goes back/);
    for (const { shown, help } of keys) {
      const line = text.split('\n').find((line) => line.startsWith(`  ${shown}`));
      assert.ok(line?.includes(help), `${shown}: ${help}`);
    }
    terminal.type('x');
    await terminal.shows(/%Self/);
  }
});

keyTest('R shows the routes, and again the functions', async (terminal) => {
  terminal.type('R');
  await terminal.shows(/Longest[\s\S]*No request was seen/);
  terminal.type('R');
  await terminal.shows(/%Self/);
});

keyTest('1 to 4 and s sort', async (terminal) => {
  const firstIs = (name: string) => (text: string) => tableRows(text)[0]?.includes(name) === true;
  terminal.type('2');
  await terminal.shows(firstIs('<module>'));
  terminal.type('1');
  await terminal.shows(firstIs('time.sleep waiting'));
  terminal.type('4');
  await terminal.shows(firstIs('<module>'));
  terminal.type('3');
  await terminal.shows(firstIs('time.sleep waiting'));
  terminal.type('s');
  await terminal.shows(firstIs('<module>'));
  terminal.type('s');
  await terminal.shows(firstIs('time.sleep waiting'));
});

keyTest('l, t and T change what the rows are, Esc goes back', async (terminal) => {
  terminal.type('l');
  await terminal.shows(/<module> \(busy\.py:\d+\)/);
  terminal.type('t');
  await terminal.shows(/<module> \(busy\.py\)\n.*[├└] wait \(busy\.py\)\n.* time\.sleep\n/);
  terminal.type('T');
  await terminal.shows(
    /(?:MainThread|unnamed) \(\d+\) +\w+.*(?:wait|compute) \(busy\.py:\d+\)\n +<module> \(busy\.py:\d+\)/s,
  );
  terminal.press('Escape');
  await terminal.shows(/^Functions/m);
});

keyTest('/ filters while one types', async (terminal) => {
  terminal.type('/');
  terminal.type('COMP');
  const typed = await terminal.shows((text) => text.endsWith('/COMP') && tableRows(text).length === 1);
  assert.match(tableRows(typed)[0]!, /compute/);
  terminal.press('BSpace', 'Enter');
  // The clock that compute reads is seldom seen.
  await terminal.shows(/“COM” 1 of [45]$/m);
  terminal.press('Escape');
  await terminal.shows((text) => !text.includes('“COM”') && [4, 5].includes(tableRows(text).length));
});

keyTest('p and Space pause the display while sampling continues', async (terminal) => {
  for (const key of ['p', ' ']) {
    terminal.type(key);
    const still = await terminal.shows(/PAUSED/);
    // Whether that is what computes or what sleeps depends on how busy the machine was.
    const first = tableRows(still)[0];
    // Sorting a paused table changes nothing of its numbers.
    terminal.type('2');
    const sorted = await terminal.shows((text) => tableRows(text)[0]!.includes('<module>'));
    assert.equal(samples(sorted), samples(still));
    terminal.type('1');
    await terminal.shows((text) => tableRows(text)[0] === first);
    terminal.type(key);
    await terminal.shows((text) => !text.includes('PAUSED') && samples(text) > samples(still));
  }
});

keyTest('r counts from now on', async (terminal) => {
  const full = await terminal.shows((text) => samples(text) > 150);
  terminal.type('r');
  await terminal.shows((text) => samples(text) < samples(full));
});

keyTest('m changes which time is shown', async (terminal) => {
  for (const name of ['CPU time', 'GIL held', 'waiting for the GIL', 'wall time']) {
    terminal.type('m');
    const text = await terminal.shows(new RegExp(`^Functions +${name}`, 'm'));
    // What waits in time.sleep does not hold the GIL.
    if (name === 'GIL held') assert.match(tableRows(text)[0]!, /compute/);
  }
});

keyTest('u, i and f', async (terminal) => {
  terminal.type('u');
  await terminal.shows(/application only/);
  terminal.type('i');
  await terminal.shows(/idle threads included/);
  terminal.type('f');
  await terminal.shows(/wait \(\/\S*\/busy\.py\)/);
  terminal.type('uif');
  await terminal.shows(
    (text) => !/application|idle threads|\/busy\.py\)/.test(tableRows(text).join() + text.split('\n')[3]),
  );
});

keyTest('w writes the recording so far, o its flame graph', async (terminal) => {
  terminal.type('w');
  await terminal.shows(/Wrote top-\d+-[\d-]+\.pyglass/);
  terminal.type('o');
  await terminal.shows(/Wrote top-\d+-[\d-]+\.svg/);
  const written = (ending: string) =>
    join(terminal.folder, readdirSync(terminal.folder).find((name) => name.endsWith(ending))!);
  assert.ok(shareInFlamegraph(readFileSync(written('.svg'), 'utf8'), 'all', 'wait') > 0.3);
  const { status, stderr, stdout } = await pyglass('report', written('.pyglass'), '-f', 'raw', '-o', '-');
  assert.deepEqual([status, stderr], [0, ''], 'it is whole');
  assert.match(stdout, /^<module> \(busy\.py:\d+\);wait \(busy\.py:13\);time\.sleep \d+$/m);
});

test('o asks the desktop to open it where there is one', skip, () =>
  withFolder(async (folder) => {
    const opener = join(folder, 'xdg-open');
    writeFileSync(
      opener,
      `#!/bin/sh\nrealpath "$1" > ${folder}/part && mv ${folder}/part ${folder}/opened\n`,
    );
    chmodSync(opener, 0o755);
    const env = { DISPLAY: ':9', PATH: `${folder}:${process.env['PATH']}` };
    await withTop(`-p ${target.pid}`, { env, columns: 100 }, async (top, terminal) => {
      await top.started();
      terminal.type('o');
      const text = await terminal.shows(/asked the desktop/);
      const [, name] = /Wrote (\S+\.svg)/.exec(text)!;
      // Never, if nothing asks for it: the time of the test is up then.
      while (!existsSync(`${folder}/opened`)) await new Promise((resolve) => setImmediate(resolve));
      assert.equal(readFileSync(`${folder}/opened`, 'utf8').trim(), join(terminal.folder, name!));
      terminal.type('q');
      await top.ended();
    });
  }),
);

test('the rows scroll', skip, () =>
  withTop(`-l -p ${target.pid}`, { columns: 80, rows: 8 }, async (top, terminal) => {
    // Two rows fit, there are at least five. They are paused, in whatever order.
    await top.started();
    await terminal.shows(/[3-9] more$/);
    await terminal.shows((text) => /time\.sleep waiting$/.test(tableRows(text)[0] ?? ''));
    terminal.type('p');
    const still = await terminal.shows(/PAUSED/);
    const [first, second] = tableRows(still);
    const rows = async (wanted: (rows: string[]) => boolean) =>
      tableRows(await terminal.shows((text) => wanted(tableRows(text))));
    terminal.press('Down');
    const [, third] = await rows(([row]) => row === second);
    terminal.type('k');
    await rows(([row]) => row === first);
    terminal.press('PageDown');
    await rows(([row]) => row === third);
    terminal.press('PageUp');
    await rows(([row]) => row === first);
    terminal.press('End');
    await terminal.shows((text) => !/ more$/.test(text));
    terminal.press('Home');
    await terminal.shows(/ more$/);
    terminal.type('q');
    await top.ended();
  }),
);

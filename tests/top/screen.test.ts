import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FlaskApp } from '../support/flask-app.js';
import { flaskPython } from '../support/packages.js';
import { anyPython, eachPython } from '../support/pythons.js';
import { programFile, withTarget } from '../support/targets.js';
import { noTmux } from '../support/terminal.js';
import { tableRows, withTop } from './live.js';

const python = anyPython();
/** Where a request of the slow route spends its time. */
const slowest = 'time.sleep';
const skip = noTmux === undefined ? {} : { skip: noTmux };

if (noTmux === undefined) {
  eachPython('the slow route is first at about 100 %, given the pid of the reloader', async (python) => {
    const app = await FlaskApp.start(flaskPython(python));
    const requests = app.keepRequesting();
    try {
      await withTop(`-p ${app.pid}`, {}, async (top, terminal) => {
        await top.started();
        // A request is on its way at every moment but a few: so it is once the first seconds are past.
        const text = await terminal.shows((text) => {
          const [first = ''] = tableRows(text);
          const [self, , , totalTime = '', name = ''] = first.trim().split(/\s+/);
          return Number.parseFloat(self!) >= 95 && Number.parseFloat(totalTime) >= 3 && name === slowest;
        });
        // From 3.14 on there may be helpers of multiprocessing besides the two.
        assert.match(text, /[2-4] processes/);
        terminal.press('q');
        assert.deepEqual((await top.ended()).wrong, []);
      });
    } finally {
      await requests.stop();
      await app.stop();
    }
  });
}

for (const [columns, rows] of [
  [60, 15],
  [80, 24],
  [200, 60],
] as const) {
  test(`nothing overlaps or wraps at ${columns}x${rows}, whatever the names`, skip, () =>
    withTarget(python, programFile('columns.py'), ({ pid }) =>
      withTop(`-p ${pid}`, { columns, rows }, async (top, terminal) => {
        await terminal.shows((text) => /関数名前.*/.test(text) && tableRows(text).length >= 8);
        for (const [key, heading] of [
          ['l', 'Line '],
          ['t', 'Calls '],
          ['T', ' Thread'],
          ['T', 'Function '],
        ] as const) {
          terminal.type(key);
          const text = await terminal.shows(new RegExp(`^.*${heading}`, 'm'));
          const lines = text.split('\n');
          assert.equal(lines.length, rows);
          assert.match(lines[0]!, /^python.* process \d+, Python 3/);
          assert.match(lines[1]!, /^[\d,]+ samples? /);
          assert.match(lines.at(-1)!, /^q quit {2}\? help/);
          // The columns of numbers: nothing of a name got among them. Calls are indented by two.
          const row = /^( +\d+\.\d%){2}( +[\d.,]+s){2} {2}\S/;
          const call = /^( +\d+\.\d%){2}( +[\d.,]+s){2} {2}( {2})*\S/;
          if (key !== 'T') for (const line of tableRows(text)) assert.match(line, key === 't' ? call : row);
        }
        terminal.type('q');
        await top.ended();
      }),
    ),
  );
}

test('it follows the size of the terminal', skip, () =>
  withTarget(python, programFile('busy.py'), ({ pid }) =>
    withTop(`-p ${pid}`, { columns: 100, rows: 30 }, async (top, terminal) => {
      await top.started();
      for (const [columns, rows] of [
        [60, 15],
        [130, 40],
        [20, 4],
        [80, 24],
      ] as const) {
        terminal.resize(columns, rows);
        const hint = columns > 20 ? 'q quit  ? help' : 'q quit';
        await terminal.shows((text) => {
          const lines = text.split('\n');
          return lines.length === rows && lines.at(-1)!.startsWith(hint) && lines[0]!.startsWith('python');
        });
      }
      await top.started();
      terminal.type('q');
      assert.deepEqual((await top.ended()).wrong, []);
    }),
  ),
);

test('colours unless NO_COLOR asks for none', skip, async () => {
  for (const [env, colours] of [
    [{}, true],
    [{ NO_COLOR: '1' }, false],
  ] as const) {
    await withTarget(python, programFile('busy.py'), ({ pid }) =>
      withTop(`-p ${pid}`, { env }, async (top, terminal) => {
        await top.started();
        terminal.type('m');
        await terminal.shows(/CPU time/);
        assert.equal(
          terminal
            .styled()
            .split('\x1b')
            .some((code) => /^\[(?:\d+;)*3[1-6]m/.test(code)),
          colours,
        );
        terminal.type('q');
        await top.ended();
      }),
    );
  }
});

test('on a terminal that cannot be painted on there is one table', skip, () =>
  withTarget(python, programFile('busy.py'), ({ pid }) =>
    withTop(`-d 1 -p ${pid}`, { columns: 200, env: { TERM: 'dumb' } }, async (top) => {
      const { status, text } = await top.ended();
      assert.equal(status, 0);
      assert.match(text, /Watching .*busy\.py .*for 1 s/);
      assert.match(text, /%Self +%Total.*\n.*s {2}time\.sleep waiting\n/);
    }),
  ),
);

for (const name of ['xterm', 'screen', 'linux']) {
  test(`TERM=${name}`, skip, () =>
    withTarget(python, programFile('busy.py'), ({ pid }) =>
      withTop(`-p ${pid}`, { env: { TERM: name } }, async (top, terminal) => {
        await top.started();
        terminal.press('Down');
        terminal.type('q');
        const { status, wrong } = await top.ended();
        assert.deepEqual({ status, wrong }, { status: 0, wrong: [] });
      }),
    ),
  );
}

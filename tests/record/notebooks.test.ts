import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dumpJson } from '../support/dumps.js';
import { type PythonWithPackages, withPackages } from '../support/packages.js';
import { pyglass } from '../support/pyglass.js';
import { pythons } from '../support/pythons.js';
import { parseRaw, withFolder } from '../support/recordings.js';
import { programFile, withTarget } from '../support/targets.js';

const helper = 'def helper():\n    return sum(range(1000))\n';
const endless = 'def slow_cell():\n    while True:\n        helper()\n\nprint("started")\nslow_cell()\n';

/** What a recording shows, and with idle threads; a thread whose callers are not certain yet is cut short. */
async function recorded(pid: number, seconds: string) {
  return withFolder(async (folder) => {
    const file = `${folder}/run.pyglass`;
    const { status, stderr } = await pyglass('record', '-p', String(pid), '-d', seconds, '-o', file);
    assert.equal(status, 0, stderr);
    const report = async (...flags: string[]) =>
      parseRaw((await pyglass('report', file, '-f', 'raw', '-o', '-', ...flags)).stdout);
    return { shown: await report(), all: await report('-i') };
  });
}

/** Frames of cells, innermost first. */
async function dumpedCells(pid: number) {
  const [{ threads } = { threads: [] }] = await dumpJson(pid);
  return threads.flatMap(({ frames }) => frames).filter(({ shortFile }) => shortFile.startsWith('Cell'));
}

/** With the oldest and the newest ipykernel that there is for what is installed. */
for (const minor of [8, 13]) {
  const python = pythons().get(minor);
  const name = `on 3.${minor}`;
  if (python === undefined || typeof python === 'string') {
    test(`a notebook ${name}`, { skip: python });
    continue;
  }
  let given: PythonWithPackages | undefined;
  const installed = () => {
    given ??= withPackages(python, ['ipykernel']);
    return given.env;
  };

  test(`a kernel is idle without a cell, and its cells have their numbers, ${name}`, async (context) => {
    let env: NodeJS.ProcessEnv;
    try {
      env = installed();
    } catch (error) {
      return context.skip(`ipykernel could not be installed: ${String(error).split('\n')[0]}`);
    }
    await withTarget(
      python,
      programFile('kernel.py'),
      async (target) => {
        const pid: number = JSON.parse(await target.line());
        const run = async (cell: string) => {
          target.say(JSON.stringify(cell));
          assert.equal(await target.line(), 'done');
        };
        // What is large is sent by a thread of its own; the same text twice is one file.
        for (const cell of ['print("x" * 100_000)', helper, helper]) await run(cell);
        const idle = await recorded(pid, '1');
        const seen = [...new Set(idle.all.flatMap(({ names }) => names))];
        for (const one of ['_watch_pipe_fd', '_thread_main', 'device', '_run_once'])
          assert.ok(
            seen.some((name) => name.endsWith(one)),
            `${one} in ${seen}`,
          );
        // Callers of the main thread that are not certain yet may be all that is known of it at first.
        assert.deepEqual(
          idle.shown.filter(({ names }) => /_bootstrap$/.test(names[0]!)),
          [],
        );

        await run(endless);
        const busy = (await recorded(pid, '3')).shown.filter(({ names }) => names.includes('slow_cell'));
        assert.ok(busy.length > 0, 'slow_cell in the recording');
        for (const { names, frames } of busy) {
          const at = names.indexOf('slow_cell');
          assert.equal(frames[at], 'slow_cell (Cell [4]:3)');
          // One that was just called stands at its first line.
          if (names[at + 1] === 'helper') assert.match(frames[at + 1]!, /^helper \(Cell \[3\]:[12]\)$/);
        }
        const cells = (await dumpedCells(pid)).filter(({ name: of }) => of !== 'helper');
        assert.deepEqual(
          cells.map(({ shortFile }) => shortFile),
          ['Cell [4]', 'Cell [4]'],
        );
      },
      { env },
    );
  });

  test(`cells of IPython’s own shell have their numbers, ${name}`, async (context) => {
    let env: NodeJS.ProcessEnv;
    try {
      env = installed();
    } catch (error) {
      return context.skip(`ipykernel could not be installed: ${String(error).split('\n')[0]}`);
    }
    const act = async ({ pid }: { pid: number }) => {
      const cells = await dumpedCells(pid);
      assert.deepEqual(
        cells.slice(0, 2).map(({ name: of, shortFile }) => [of, shortFile]),
        [
          ['second', 'Cell [2]'],
          ['third', 'Cell [3]'],
        ],
      );
    };
    await withTarget(python, programFile('shell.py'), act, { env });
  });
}

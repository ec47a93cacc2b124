import assert from 'node:assert/strict';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { dumpJson } from '../support/dumps.js';
import { embeddedPython } from '../support/embedded-python.js';
import { pyglass } from '../support/pyglass.js';
import { eachPython } from '../support/pythons.js';
import { withFolder } from '../support/recordings.js';
import { withTarget } from '../support/targets.js';

/** Two threads, each at a known line. */
const code = `
import _thread, sys, time
def inner():
    time.sleep(1000)
def outer():
    inner()
def beside():
    time.sleep(1000)
_thread.start_new_thread(beside, ())
sys.stdout.write("ready\\n")
sys.stdout.flush()
outer()
`;
const expected = [['inner:4', 'outer:6', '<module>:12'], ['beside:8']];

async function stacksOf(pid: number, version: string): Promise<string[][]> {
  const [process] = await dumpJson(pid);
  assert.equal(process!.pythonVersion, version);
  return process!.threads.map(({ frames }) =>
    frames.filter(({ kind }) => kind === 'python').map(({ name, line }) => `${name}:${line}`),
  );
}

/** Up to 3.6 the state of the interpreter is static variables, which nothing distinguishes without symbols. */
const needs = { since: 7, what: 'runtime that its structure shows' };

eachPython(
  'a Python without symbols is found by its structure',
  async (python, context) => {
    const embedded = embeddedPython(python);
    if ('reason' in embedded) return context.skip(embedded.reason);
    for (const program of [embedded.stripped, embedded.bare])
      await withTarget(
        program,
        { code },
        async ({ pid }) => assert.deepEqual(await stacksOf(pid, python.version), expected),
        { env: embedded.env },
      );
  },
  needs,
);

eachPython(
  'a Python without symbols is listed, examined and recorded',
  async (python, context) => {
    const embedded = embeddedPython(python);
    if ('reason' in embedded) return context.skip(embedded.reason);
    await withTarget(
      embedded.bare,
      { code },
      async ({ pid }) => {
        const { processes } = JSON.parse((await pyglass('ps', '--json')).stdout);
        const row = processes.find((one: { readonly pid: number }) => one.pid === pid);
        assert.equal(row?.version, python.version);
        const { stdout } = await pyglass('doctor', '--json', '--pid', String(pid));
        assert.equal(JSON.parse(stdout).process.python.foundBy, 'structure');
        const record = ['record', '-d', '0.2', '-o', '-', '-f', 'raw', '-i', '--pid', String(pid)];
        const recorded = await pyglass(...record);
        assert.equal(recorded.status, 0, recorded.stderr);
        const frames = recorded.stdout
          .trimEnd()
          .split('\n')
          .map((line) => line.replace(/ \d+$/, ''));
        assert.ok(
          frames.some((line) => /<module> .*;outer .*;inner .*;time\.sleep$/.test(line)),
          recorded.stdout,
        );
      },
      { env: embedded.env },
    );
  },
  needs,
);

eachPython(
  'a Python without symbols is found in memory when its file is gone',
  async (python, context) => {
    const embedded = embeddedPython(python);
    if ('reason' in embedded) return context.skip(embedded.reason);
    await withFolder(async (folder) => {
      const copy = join(folder, 'program');
      copyFileSync(embedded.bare.command[0], copy);
      await withTarget(
        { ...embedded.bare, command: [copy] },
        { code },
        async ({ pid }) => {
          rmSync(copy);
          assert.deepEqual(await stacksOf(pid, python.version), expected);
        },
        { env: embedded.env },
      );
    });
  },
  needs,
);

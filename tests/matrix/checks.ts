import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CoreFile, snapshot, type TopReport } from '../../src/index.js';
import { accuracyPrograms, measureAccuracy } from '../accuracy/suite.js';
import { dumpJson } from '../support/dumps.js';
import { coreOfProcess, stop } from '../support/process-core.js';
import { pyglass } from '../support/pyglass.js';
import type { TestPython } from '../support/pythons.js';
import { withFolder } from '../support/recordings.js';
import { programFile, withTarget } from '../support/targets.js';
import { settledThreads, waits } from '../support/waits.js';
import { checkNames, checkStacks, checkValues, withOracle } from './oracle.js';

/** What the matrix tries on each build: a column of the table in docs/pythons.md. */
export interface MatrixCheck {
  /** Its key in results.json. */
  readonly key: string;
  /** The column of the README's table that it belongs to. */
  readonly column: string;
  /** What is true where it passes. */
  readonly what: string;
  /** Throws when it does not. */
  run(python: TestPython): Promise<void>;
}

export const matrixChecks: readonly MatrixCheck[] = [
  {
    ...{ key: 'stacks', column: 'Stacks' },
    what: "functions and lines are those of the program's own `sys._current_frames()`, of seven threads",
    run: (python) => withOracle(python, async ({ pid }, oracle) => checkStacks(await dumpJson(pid), oracle)),
  },
  {
    ...{ key: 'names', column: 'Stacks' },
    what: 'threads have the names that `threading` knows',
    run: (python) => withOracle(python, async ({ pid }, oracle) => checkNames(await dumpJson(pid), oracle)),
  },
  {
    ...{ key: 'states', column: 'Stacks' },
    what: 'seven kinds of waiting, running, the GIL holder and who waits for it',
    run: checkStates,
  },
  {
    ...{ key: 'values', column: 'Variables' },
    what: "variables have the values of the program's own `repr`",
    run: (python) =>
      withOracle(python, async ({ pid }, oracle) => checkValues(await dumpJson(pid, '--locals'), oracle)),
  },
  {
    ...{ key: 'c', column: 'C functions' },
    what: 'C functions on the stack are named',
    run: checkCFunctions,
  },
  {
    ...{ key: 'record', column: 'record' },
    what: "shares of time are those of the program's own clock, and no stack is one that it cannot have",
    run: checkRecording,
  },
  {
    ...{ key: 'top', column: 'top' },
    what: 'the hottest functions are the one that computes and the one that sleeps',
    run: checkTop,
  },
  {
    ...{ key: 'core', column: 'Core files' },
    what: 'stacks, names and values of a core file are those that the program printed',
    run: checkCore,
  },
];

/** `repr` and stacks of the program of the oracle, in a core file as the kernel makes one. */
function checkCore(python: TestPython): Promise<void> {
  return withOracle(python, ({ pid }, oracle) =>
    withFolder(async (folder) => {
      stop(pid);
      const core = join(folder, 'core');
      writeFileSync(core, coreOfProcess(pid));
      const target: CoreFile = python.root === '/' ? { core } : { core, sysroot: python.root };
      const { processes } = await snapshot(target, { locals: true });
      checkStacks(processes, oracle);
      checkNames(processes, oracle);
      checkValues(processes, oracle);
    }),
  );
}

function checkStates(python: TestPython): Promise<void> {
  return withTarget(python, programFile('waits.py'), async ({ pid }) => {
    const threads = await settledThreads(pid);
    for (const [name, what] of Object.entries(waits)) {
      const thread = threads.find((one) => one.name === name);
      assert.equal(thread?.state, 'waiting', name);
      assert.match(thread.waitingFor, what);
    }
    const seen = new Set<string>();
    const wanted = python.isFreeThreaded ? ['running'] : ['holds the GIL', 'waiting-for-gil'];
    const deadline = Date.now() + 30_000;
    while (!wanted.every((state) => seen.has(state)) && Date.now() < deadline) {
      const spinning = (await dumpJson(pid))[0]!.threads.filter(({ name }) => name === 'spin');
      for (const { state, holdsGil } of spinning) seen.add(holdsGil ? 'holds the GIL' : state);
    }
    for (const state of wanted) assert.ok(seen.has(state), `no thread: ${state}`);
  });
}

/** C functions of tests/programs/oracle.py, and the Python function that calls each. */
const calledC: Readonly<Record<string, string>> = {
  sleep: 'time.sleep',
  callback: 'builtins.sorted',
  values: '_thread.lock.acquire',
  generators: 'builtins.sum',
};

/** What is called otherwise there. */
const inPython2: Readonly<Record<string, string>> = {
  'builtins.sorted': '__builtin__.sorted',
  'builtins.sum': '__builtin__.sum',
  '_thread.lock.acquire': 'thread.lock.acquire',
};

function checkCFunctions(python: TestPython): Promise<void> {
  return withOracle(python, async ({ pid }) => {
    const { threads } = (await dumpJson(pid))[0]!;
    for (const [caller, called] of Object.entries(calledC)) {
      const name = python.minor < 0 ? (inPython2[called] ?? called) : called;
      const frames = threads.find((one) => one.name === `at ${caller}`)!.frames;
      const at = frames.findIndex(({ kind, name: own }) => kind === 'python' && own === caller);
      const callee = frames[at - 1];
      assert.deepEqual([callee?.kind, callee?.qualifiedName], ['c', name]);
    }
  });
}

/**
 * Standard errors, by the number of samples alone, that a share may be off. On a machine with a load of 8 a core it was
 * 0.1 to 2; how close shares come is in docs/performance.md.
 */
const mostErrors = 5;

async function checkRecording(python: TestPython): Promise<void> {
  const { impossible, worst, noise, samples } = await measureAccuracy(python, accuracyPrograms[0]!, {
    rate: 500,
    seconds: 4,
  });
  assert.equal(impossible, 0);
  const figures = `${worst.toFixed(1)} points off in ${samples} samples, standard error ${noise.toFixed(1)}`;
  assert.ok(samples > 100 && worst < mostErrors * noise, figures);
}

function checkTop(python: TestPython): Promise<void> {
  return withTarget(python, programFile('busy.py'), async ({ pid }) => {
    const { stdout, stderr } = await pyglass('top', '--json', '-d', '1', '-p', String(pid));
    assert.ok(stdout !== '', stderr);
    const report: TopReport = JSON.parse(stdout);
    const names = report.rows.slice(0, 2).map(({ name }) => name);
    assert.deepEqual(names.sort(), ['compute', 'time.sleep']);
    assert.ok(report.processes[0]!.pythonVersion.startsWith(python.version));
  });
}

import assert from 'node:assert/strict';
import type { DumpReport } from '../../src/index.js';
import { variablesOf } from '../support/dumps.js';
import type { TestPython } from '../support/pythons.js';
import { programFile, type Target, withTarget } from '../support/targets.js';

/** What tests/programs/oracle.py says of itself, by `sys._current_frames()`. */
export interface Oracle {
  /** Stacks are names and lines, the innermost first. */
  readonly threads: readonly {
    readonly name: string;
    readonly stack: readonly (readonly [string, number])[];
  }[];
  /** `repr` of the variables of the function `values`. */
  readonly values: Readonly<Record<string, string>>;
}

/** Runs that program, which stays as it said. */
export function withOracle(
  python: TestPython,
  act: (target: Target, oracle: Oracle) => Promise<void>,
): Promise<void> {
  return withTarget(python, programFile('oracle.py'), async (target) => {
    const oracle: Oracle = JSON.parse(await target.line());
    assert.ok(oracle.threads.length > 5);
    await act(target, oracle);
  });
}

type Processes = DumpReport['processes'];

export function checkStacks([process]: Processes, { threads }: Oracle): void {
  const sorted = (stacks: readonly unknown[]) => stacks.map((stack) => JSON.stringify(stack)).sort();
  const shown = process!.threads.map(({ frames }) =>
    frames.filter(({ kind }) => kind === 'python').map(({ name, line }) => [name, line]),
  );
  assert.deepEqual(sorted(shown), sorted(threads.map(({ stack }) => stack)));
}

/** Each name belongs to the thread that runs the function which it names. */
export function checkNames([process]: Processes, { threads }: Oracle): void {
  const shown = process!.threads.map(
    ({ name, frames }) => [name, frames.map((frame) => frame.name)] as const,
  );
  for (const [name, frames] of shown) {
    if (name !== 'MainThread') assert.ok(frames.includes(name.replace('at ', '')), name);
  }
  assert.deepEqual(shown.map(([name]) => name).sort(), threads.map(({ name }) => name).sort());
}

export function checkValues(processes: Processes, { values }: Oracle): void {
  const shown = variablesOf(processes, 'values');
  assert.ok(Object.keys(values).length > 10);
  for (const [name, text] of Object.entries(values)) assert.equal(shown.get(name)?.value, text, name);
}

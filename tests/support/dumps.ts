import assert from 'node:assert/strict';
import type { DumpedProcess, DumpedVariable, DumpReport } from '../../src/index.js';
import { pyglass } from './pyglass.js';

export type { DumpedFrame, DumpedProcess, DumpedThread, DumpedVariable } from '../../src/index.js';

/** What `pyglass dump` prints of a process. */
export async function dumpText(pid: number, ...flags: string[]): Promise<string> {
  const { status, stdout, stderr } = await pyglass('dump', '--pid', String(pid), ...flags);
  assert.equal(status, 0, stderr);
  assert.equal(stderr, '');
  return stdout;
}

export async function dumpJson(pid: number, ...flags: string[]): Promise<readonly DumpedProcess[]> {
  const report: DumpReport = JSON.parse(await dumpText(pid, '--json', ...flags));
  return report.processes;
}

/** Of the innermost frame of that name in any thread. */
export function variablesOf(processes: readonly DumpedProcess[], name: string): Map<string, DumpedVariable> {
  const frames = processes.flatMap(({ threads }) => threads.flatMap((thread) => thread.frames));
  const frame = frames.find((one) => one.name === name);
  assert.ok(frame, `${name} is on no stack`);
  return new Map(frame.variables?.map((variable) => [variable.name, variable]));
}

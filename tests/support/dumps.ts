import assert from 'node:assert/strict';
import { pyglass } from './pyglass.js';

/** What docs/dump-json.md describes, as far as tests look at it. */
export interface DumpedProcess {
  readonly pid: number;
  readonly pythonVersion: string;
  readonly commandLine: readonly string[];
  readonly threads: readonly DumpedThread[];
}

export interface DumpedThread {
  readonly threadId: number;
  readonly name: string;
  readonly interpreter: number;
  readonly state: string;
  readonly waitingFor: string;
  readonly holdsGil: boolean;
  readonly moving: boolean;
  readonly truncated: boolean;
  readonly frames: readonly DumpedFrame[];
}

export interface DumpedFrame {
  readonly kind: string;
  readonly qualifiedName: string;
  readonly name: string;
  readonly shortFile: string;
  readonly line: number;
  readonly variables?: readonly DumpedVariable[];
}

export interface DumpedVariable {
  readonly name: string;
  readonly isArgument: boolean;
  readonly type: string;
  readonly value: string;
  readonly hidden: boolean;
}

/** What `pyglass dump` prints of a process. */
export async function dumpText(pid: number, ...flags: string[]): Promise<string> {
  const { status, stdout, stderr } = await pyglass('dump', '--pid', String(pid), ...flags);
  assert.equal(status, 0, stderr);
  assert.equal(stderr, '');
  return stdout;
}

export async function dumpJson(pid: number, ...flags: string[]): Promise<readonly DumpedProcess[]> {
  return JSON.parse(await dumpText(pid, '--json', ...flags)).processes;
}

/** Of the innermost frame of that name in any thread. */
export function variablesOf(processes: readonly DumpedProcess[], name: string): Map<string, DumpedVariable> {
  const frames = processes.flatMap(({ threads }) => threads.flatMap((thread) => thread.frames));
  const frame = frames.find((one) => one.name === name);
  assert.ok(frame, `${name} is on no stack`);
  return new Map(frame.variables?.map((variable) => [variable.name, variable]));
}

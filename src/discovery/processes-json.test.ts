import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PyglassError } from '../model/error.js';
import type { ListedProcess } from './listed-process.js';
import { psReport } from './processes-json.js';

const process: ListedProcess = {
  pid: 7,
  parentPid: 3,
  above: 2,
  uid: 1000,
  user: 'web',
  executable: '/usr/bin/python3.13',
  command: ['python3', 'app.py'],
  program: { kind: 'script', role: 'worker', words: 'app.py worker' },
  version: '3.13.0',
  state: 'S',
  cpuPercent: 12.345,
  cpuSeconds: 1.5,
  residentBytes: 4096,
  threads: 4,
  uptimeSeconds: 61.2345,
  error: undefined,
};

const reported = (changes: Partial<ListedProcess>) => psReport([{ ...process, ...changes }]).processes[0]!;

test('what is known of a process is there, rounded to what it means', () => {
  const { what, pythonParentPid, readable, cpuPercent, uptimeSeconds, error } = reported({});
  assert.deepEqual(
    { what, pythonParentPid, readable, cpuPercent, uptimeSeconds, error },
    {
      what: 'app.py worker',
      pythonParentPid: 2,
      readable: true,
      cpuPercent: 12.3,
      uptimeSeconds: 61.23,
      error: null,
    },
  );
});

test('what is not known is null, never left out', () => {
  const unknown = reported({
    above: undefined,
    executable: undefined,
    version: undefined,
    cpuPercent: undefined,
    program: { kind: 'script', role: undefined, words: 'app.py' },
  });
  for (const field of ['pythonParentPid', 'executable', 'version', 'cpuPercent', 'role', 'error'] as const)
    assert.equal(unknown[field], null, field);
});

test('a process that cannot be recorded says why', () => {
  const { readable, error } = reported({ error: new PyglassError('permission-denied', 'not yours') });
  assert.equal(readable, false);
  assert.deepEqual(error, { code: 'permission-denied', message: 'not yours' });
});

test('arguments of megabytes are cut', () => {
  const { command } = reported({ command: Array.from({ length: 2000 }, () => 'x'.repeat(20_000)) });
  assert.equal(command.length, 1000);
  assert.ok(command.every((word) => word.length === 10_000));
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProcessExamination, PythonExamination } from '../../model/doctor.js';
import { processFindings } from './process-findings.js';

const facts: ProcessExamination = {
  ...{ pid: 7, exists: true, state: 'S', isKernelThread: false, parentPid: 1, threads: 3 },
  ...{ command: ['python', 'app.py'], uid: 1000, hasOurIds: true, dumpable: true, seccomp: 0 },
  ...{ sameNamespaces: { user: true, pid: true, mount: true }, innerPid: 7 },
  ...{ executable: '/usr/bin/python3.12', executableDeleted: false, canSeeMaps: true },
  reads: { processVmReadv: 'ok', procMem: 'ok' },
};

const python: PythonExamination = {
  ...{ version: '3.12.1', file: '/usr/lib/libpython3.12.so.1.0', isLibrary: true, foundBy: 'section' },
  ...{ debugBuild: false, readBy: 'process_vm_readv', milliseconds: 1.5, threads: 2, deepestStack: 9 },
  ...{ interpreters: 1, gilHolder: 8, shows: { threadStates: true, cpuTimes: true, cFunctions: true } },
};

const textsOf = (one: Partial<ProcessExamination>, found: Partial<PythonExamination> = {}) =>
  processFindings({ ...facts, ...one }, { ...python, ...found }, undefined).map(
    ({ level, text }) => `${level}: ${text}`,
  );

test('a process that is read well has no notes', () => {
  assert.deepEqual(textsOf({}), [
    'ok: state S (waiting), 3 threads',
    'ok: executable /usr/bin/python3.12',
    'ok: user 1000, as pyglass',
    'ok: read with process_vm_readv (process_vm_readv: ok, /proc/PID/mem: ok)',
    'ok: CPython 3.12.1, a release build, in the library /usr/lib/libpython3.12.so.1.0, found by the section .PyRuntime',
    'ok: 2 threads of Python read in 1.5 ms, the deepest has 9 frames',
    'ok: 1 interpreter; thread 8 holds the GIL',
    'ok: recordings have thread states, CPU times and names of C functions',
  ]);
});

test('what differs from the usual is there', () => {
  const cases: [Partial<ProcessExamination>, Partial<PythonExamination>, string][] = [
    [
      { executableDeleted: true },
      {},
      'note: executable /usr/bin/python3.12, which was deleted or replaced since it started',
    ],
    [{ executable: null }, {}, 'note: its executable cannot be seen'],
    [{ hasOurIds: false, uid: 5 }, {}, 'ok: user 5, which pyglass is not'],
    [{ dumpable: false }, {}, 'note: user 1000, as pyglass; protected from being read (not dumpable)'],
    [
      { sameNamespaces: { user: true, pid: false, mount: false }, innerPid: 1 },
      {},
      'ok: in pid, mount namespaces of its own, where it is process 1',
    ],
    [{ seccomp: 2 }, {}, 'ok: under a filter of system calls, which reading it does not concern'],
    [
      { reads: { processVmReadv: 'EPERM', procMem: 'ok' } },
      {},
      'note: read with /proc/PID/mem, region by region, so more samples are read twice (process_vm_readv: EPERM, /proc/PID/mem: ok)',
    ],
    [{}, { gilHolder: null }, 'ok: 1 interpreter; nobody holds the GIL'],
    [{}, { deepestStack: 0 }, 'ok: 2 threads of Python read in 1.5 ms, none runs Python now'],
    [
      {},
      { shows: { threadStates: false, cpuTimes: false, cFunctions: true } },
      'note: recordings will lack: what threads wait for, CPU times',
    ],
    [
      {},
      { version: '2.7.18', foundBy: 'static variables' },
      'ok: CPython 2.7.18, a release build, in the library /usr/lib/libpython3.12.so.1.0, found by its static variables, which are no _PyRuntime yet',
    ],
    [
      {},
      { debugBuild: true, isLibrary: false, file: '/opt/p', foundBy: 'memory' },
      'ok: CPython 3.12.1, a debug build, in the executable /opt/p, found in memory, since its file is gone or another',
    ],
  ];
  for (const [one, found, text] of cases) assert.ok(textsOf(one, found).includes(text), text);
});

test('a failure comes last, with its answers and what to change', () => {
  const failure = {
    code: 'permission-other-user',
    message: 'belongs to user 5',
    remedy: ['  sudo x'],
  } as const;
  const refused = { ...facts, canSeeMaps: false, reads: { processVmReadv: 'EPERM', procMem: 'EACCES' } };
  const found = processFindings(refused, undefined, failure);
  assert.deepEqual(found.at(-1), {
    ...{ id: 'readable', level: 'problem', text: 'belongs to user 5' },
    ...{ change: ['  sudo x'], code: 'permission-other-user' },
  });
  const reading = found.find(({ id }) => id === 'reading')!;
  assert.equal(
    reading.text,
    'not readable (process_vm_readv: EPERM, /proc/PID/mem: EACCES; its mappings cannot be seen)',
  );
});

test('of a process that is not there only the failure is shown, of a kernel thread its state too', () => {
  const failure = { code: 'no-such-process', message: 'there is no process 7', remedy: [] } as const;
  assert.equal(processFindings({ ...facts, exists: false }, undefined, failure).length, 1);
  const kernel = processFindings({ ...facts, isKernelThread: true, reads: null }, undefined, failure);
  assert.deepEqual(
    kernel.map(({ id }) => id),
    ['process', 'readable'],
  );
});

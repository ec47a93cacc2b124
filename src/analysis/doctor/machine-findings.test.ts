import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { MachineFacts } from '../../model/doctor.js';
import { machineFindings, oldestNode, pythonsFinding } from './machine-findings.js';

/** A machine on which nothing is wrong, for a user who is not root. */
const good: MachineFacts = {
  ...{ platform: 'linux', architecture: 'x64', kernel: '6.1.0', node: '22.1.0' },
  ...{ procMounted: true, procIsOurs: true, hidepid: null, uid: 1000 },
  ...{ effectiveCapabilities: '0', boundingCapabilities: '1ffffffffff' },
  ...{ hasSysPtrace: false, mayHaveSysPtrace: true, seccomp: 0, noNewPrivileges: false },
  ...{
    ptraceScope: 0,
    securityModules: [],
    perfEventParanoid: 2,
    inUserNamespace: false,
    inPidNamespace: false,
  },
  ...{ container: null, koffiError: null, ownReads: { processVmReadv: 'ok', procMem: 'ok' } },
  ...{ countsCpuTime: true, timerSlackNanoseconds: 50_000, clockSource: 'tsc', cpus: 8, cpuLimit: null },
  temporaryFolder: { path: '/tmp', error: null },
  cacheFolder: { path: '/home/ann/.cache/pyglass', error: null },
};

/** The one finding of an id, when the machine differs so. */
function finding(id: string, facts: Partial<MachineFacts>) {
  const found = machineFindings({ ...good, ...facts }).filter((one) => one.id === id);
  assert.equal(found.length, 1, `${found.length} findings of ${id}`);
  return found[0]!;
}

test('where nothing is wrong, all is ok and nothing is to be changed', () => {
  for (const { id, level, change, code } of machineFindings(good))
    assert.deepEqual([level, change, code], ['ok', [], null], id);
});

test('ids are those of one line each', () => {
  const ids = machineFindings({ ...good, hidepid: '2' }).map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
});

test('another machine is the only problem there', () => {
  const found = machineFindings({ ...good, platform: 'darwin', architecture: 'arm64', procMounted: false });
  assert.deepEqual(
    found.map(({ id, code }) => [id, code]),
    [
      ['platform', 'platform-unsupported'],
      ['node', null],
    ],
  );
});

test('the oldest Node is that of the package', () => {
  const { engines } = JSON.parse(readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8'));
  assert.equal(engines.node, `>=${oldestNode}`);
  for (const [node, level] of [
    ['20.19.0', 'ok'],
    ['21.0.0', 'ok'],
    ['20.18.3', 'problem'],
    ['18.20.0', 'problem'],
  ] as const)
    assert.equal(finding('node', { node }).level, level, node);
});

test('each ptrace_scope has its own line and its own change', () => {
  const textOf = (ptraceScope: number) => finding('yama', { ptraceScope });
  assert.match(textOf(-1).text, /not there/);
  assert.equal(textOf(1).level, 'note');
  assert.match(textOf(1).text, /only the parent/);
  assert.equal(textOf(2).code, 'permission-yama');
  assert.match(textOf(2).change.join('\n'), /sudo sysctl kernel\.yama\.ptrace_scope=0/);
  assert.match(textOf(3).text, /not even one of root/);
  assert.doesNotMatch(textOf(3).change.join('\n'), /sudo sysctl/);
  for (const ptraceScope of [1, 2])
    assert.equal(finding('yama', { ptraceScope, uid: 0, hasSysPtrace: true }).level, 'ok');
  assert.equal(finding('yama', { ptraceScope: 3, uid: 0, hasSysPtrace: true }).level, 'problem');
});

test('security modules that are on are listed', () => {
  const [none, on] = [[], [{ module: 'AppArmor', label: 'docker-default (enforce)' } as const]].map(
    (securityModules) => finding('security-modules', { securityModules }).text,
  );
  assert.match(none!, /^neither AppArmor nor/);
  assert.match(on!, /^AppArmor \(pyglass: docker-default \(enforce\)\) may deny reading/);
});

test('a filter of process_vm_readv is a note, one of both ways a problem', () => {
  const filtered = finding('reading', { ownReads: { processVmReadv: 'EPERM', procMem: 'ok' } });
  assert.equal(filtered.level, 'note');
  assert.match(filtered.text, /process_vm_readv: EPERM.*reads with \/proc\/PID\/mem/);
  const both = finding('reading', { ownReads: { processVmReadv: 'ENOSYS', procMem: 'EACCES' } });
  assert.equal(both.code, 'permission-denied');
  assert.match(both.text, /process_vm_readv: ENOSYS, \/proc\/PID\/mem: EACCES/);
});

test('no /proc, or that of another pid namespace, is a problem', () => {
  assert.equal(finding('proc', { procMounted: false }).code, 'proc-missing');
  const other = finding('proc', { procIsOurs: false });
  assert.equal(other.code, 'proc-missing');
  assert.match(other.text, /another pid namespace/);
});

test('without koffi nothing was tried', () => {
  const facts = { koffiError: 'Cannot find module koffi', ownReads: null };
  assert.equal(finding('koffi', facts).code, 'koffi-missing');
  assert.match(finding('reading', facts).text, /not tried without koffi/);
});

test('root without the capability is shown where it comes from', () => {
  const inShell = finding('rights', { uid: 0 });
  assert.equal(inShell.level, 'note');
  assert.deepEqual(inShell.change, ['Use a shell with all capabilities.']);
  const inDocker = finding('rights', { uid: 0, container: 'docker', mayHaveSysPtrace: false });
  assert.match(inDocker.change.join('\n'), /docker run --cap-add=SYS_PTRACE/);
});

test('what takes from recordings is a note', () => {
  const notes: [string, Partial<MachineFacts>, RegExp][] = [
    ['hidepid', { hidepid: 'invisible' }, /hidepid=invisible/],
    ['namespaces', { inUserNamespace: true, container: 'podman' }, /in a container \(podman\)/],
    ['cpu-times', { countsCpuTime: false }, /wall time only/],
    ['clock', { clockSource: 'hpet' }, /hpet/],
    ['cpus', { cpuLimit: 0.5 }, /limited to 0\.5/],
    ['temporary-folder', { temporaryFolder: { path: '/tmp', error: 'EROFS' } }, /\/tmp \(EROFS\)/],
    ['cache-folder', { cacheFolder: null }, /start slower/],
  ];
  for (const [id, facts, text] of notes) {
    const found = finding(id, facts);
    assert.equal(found.level, 'note', id);
    assert.match(found.text, text);
  }
});

test('no Python that can be read is a problem, some are a note', () => {
  const error = { code: 'permission-yama', message: 'not allowed', count: 2 } as const;
  const none = pythonsFinding({ found: 2, readable: 0, example: null, errors: [error] });
  assert.equal(none.code, 'permission-yama');
  assert.deepEqual(none.change, ['2 processes, such as: not allowed']);
  assert.equal(pythonsFinding({ found: 3, readable: 1, example: 7, errors: [error] }).level, 'note');
  assert.equal(
    pythonsFinding({ found: 1, readable: 1, example: 7, errors: [] }).text,
    '1 Python process, 1 can be read',
  );
  assert.equal(pythonsFinding({ found: 0, readable: 0, example: null, errors: [] }).level, 'ok');
});

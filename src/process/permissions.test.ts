import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasCapability, type Permissions, permissionError, permissionsFor } from './permissions.js';

/** A process of our own, which nothing keeps us from reading. */
const free: Permissions = {
  ...{ ourUid: 1000, targetUid: 1000, hasOurIds: true, ptraceScope: 0, mayPtrace: false },
  ...{ isDumpable: true, canSeeMaps: true, inContainer: false, inUserNamespace: false },
};

const errorOf = (facts: Partial<Permissions>, answers?: string) =>
  permissionError(7, { ...free, ...facts }, answers);

test('with ptrace_scope 3 nobody may, whatever else is wrong', () => {
  for (const facts of [{}, { ourUid: 0 }, { ourUid: 0, mayPtrace: true }, { targetUid: 5 }]) {
    const { code, message } = errorOf({ ...facts, ptraceScope: 3 });
    assert.equal(code, 'permission-yama');
    assert.match(message, /not even one of root \(ptrace_scope is 3\)/);
  }
});

test('with ptrace_scope 2 the capability counts, with 1 the parent does too', () => {
  assert.match(errorOf({ ptraceScope: 2 }).message, /only processes with SYS_PTRACE .*\(ptrace_scope is 2\)/);
  assert.match(errorOf({ ptraceScope: 1 }).message, /only the parent .*\(ptrace_scope is 1\)/);
  for (const ptraceScope of [1, 2])
    assert.notEqual(errorOf({ ptraceScope, mayPtrace: true }).code, 'permission-yama');
});

test('root without the capability lacks it, in a shell or in a container', () => {
  assert.match(errorOf({ ourUid: 0 }).message, /this root shell lacks the capability SYS_PTRACE/);
  assert.match(errorOf({ ourUid: 0, inContainer: true }).message, /this container lacks/);
});

test('another user, a setuid program and a protected process are three things', () => {
  assert.match(errorOf({ targetUid: 5, hasOurIds: false }).message, /belongs to user 5/);
  assert.match(errorOf({ hasOurIds: false }).message, /setuid or setgid/);
  const { code, message } = errorOf({ isDumpable: false });
  assert.equal(code, 'permission-not-dumpable');
  assert.match(message, /PR_SET_DUMPABLE/);
});

test('a capability in a user namespace does not reach out of it', () => {
  const { code } = errorOf({ ourUid: 0, mayPtrace: true, inUserNamespace: true });
  assert.equal(code, 'permission-namespace');
});

test('where no rule of ours fits, what each way of reading answered is shown', () => {
  const { code, message } = errorOf({}, 'process_vm_readv: EPERM, /proc/PID/mem: EACCES');
  assert.equal(code, 'permission-denied');
  assert.match(message, /seccomp, AppArmor or SELinux\): process_vm_readv: EPERM, \/proc\/PID\/mem: EACCES/);
  assert.match(errorOf({ canSeeMaps: false }).message, /it may be protected from inspection/);
});

test('SYS_PTRACE is bit 19 of a set of capabilities', () => {
  assert.equal(hasCapability('CapEff:\t0000000000080000\n', 'CapEff'), true);
  assert.equal(hasCapability('CapEff:\t000001fffff7ffff\n', 'CapEff'), false);
  assert.equal(hasCapability('', 'CapBnd'), false);
});

test('we may see what we are', () => {
  const facts = permissionsFor(process.pid);
  assert.equal(facts.targetUid, process.getuid?.());
  assert.equal(facts.hasOurIds, true);
  assert.equal(facts.canSeeMaps, true);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainError } from '../cli/explain-error.js';
import { type Permissions, permissionError } from './permissions.js';
import { confinementOf, moduleLabels } from './security-module.js';

/** Root, whom no other rule keeps from reading. */
const root: Permissions = {
  ...{ ourUid: 0, targetUid: 1000, hasOurIds: false, ptraceScope: 1, mayPtrace: true },
  ...{ isDumpable: true, canSeeMaps: false, inContainer: false, inUserNamespace: false },
};

/** The files of a machine, of which pyglass is process `self` and the target is 7. */
const machine = (files: Readonly<Record<string, string>>) => (path: string) => files[path];
const appArmor = { '/sys/module/apparmor/parameters/enabled': 'Y\n' };
const seLinux = { '/sys/fs/selinux/enforce': '1' };

function errorOn(files: Readonly<Record<string, string>>, facts: Partial<Permissions> = {}) {
  const confinement = confinementOf(7, machine(files));
  const error = permissionError(7, { ...root, ...facts, ...(confinement && { confinement }) }, 'EACCES');
  return { ...error, message: error.message, remedy: explainError(error, 'dump').remedy.join('\n') };
}

test('a refusal of AppArmor names the profiles of both, and where it is logged', () => {
  const { code, message, remedy } = errorOn({
    ...appArmor,
    '/proc/self/attr/current': 'unconfined\n',
    '/proc/7/attr/current': 'docker-default (enforce)\n',
  });
  assert.equal(code, 'permission-security-module');
  assert.match(
    message,
    /AppArmor confines .*process 7: docker-default \(enforce\), pyglass: unconfined.*: EACCES$/,
  );
  assert.match(remedy, /sudo journalctl -k --grep=apparmor/);
});

test('the folder of the module comes before the label of the first module', () => {
  const files = {
    ...appArmor,
    '/proc/7/attr/current': 'smack',
    '/proc/7/attr/apparmor/current': 'snap.app (enforce)\n',
  };
  assert.equal(confinementOf(7, machine(files))?.target, 'snap.app (enforce)');
});

test('a profile that only logs, or none, denies nothing', () => {
  for (const label of ['unconfined\n', 'snap.app (complain)\n', '']) {
    const { code } = errorOn({
      ...appArmor,
      '/proc/7/attr/current': label,
      '/proc/self/attr/current': label,
    });
    assert.equal(code, 'permission-denied', label);
  }
  const label = 'system_u:system_r:container_t:s0';
  assert.equal(
    errorOn({ '/sys/fs/selinux/enforce': '0', '/proc/7/attr/current': label }).code,
    'permission-denied',
  );
});

test('a refusal of SELinux names the contexts, or the switch that denies it to all', () => {
  const [free, confined] = [
    'unconfined_u:unconfined_r:unconfined_t:s0',
    'system_u:system_r:container_t:s0:c1,c2',
  ];
  const labels = { '/proc/self/attr/current': `${confined}\0`, '/proc/7/attr/current': `${free}\0` };
  const { message, remedy } = errorOn({ ...seLinux, ...labels });
  assert.match(message, /SELinux confines .*pyglass: system_u:system_r:container_t:s0:c1,c2/);
  assert.match(remedy, /sudo ausearch -m avc -ts recent/);
  const unconfined = { '/proc/self/attr/current': free, '/proc/7/attr/current': free };
  assert.equal(errorOn({ ...seLinux, ...unconfined }).code, 'permission-denied');
  const denied = errorOn({ ...seLinux, ...unconfined, '/sys/fs/selinux/booleans/deny_ptrace': '1 1' });
  assert.match(denied.message, /SELinux .*deny_ptrace/);
  assert.match(denied.remedy, /sudo setsebool deny_ptrace off/);
});

test('what Yama, users and capabilities forbid is theirs, whatever else confines', () => {
  const files = { ...appArmor, '/proc/7/attr/current': 'docker-default (enforce)\n' };
  assert.equal(errorOn(files, { mayPtrace: false, ourUid: 1000, hasOurIds: true }).code, 'permission-yama');
  assert.equal(
    errorOn(files, { mayPtrace: false, ourUid: 1000, targetUid: 5 }).code,
    'permission-other-user',
  );
  assert.equal(errorOn(files, { mayPtrace: false }).code, 'permission-capability');
});

test('modules that are on are listed with the label of pyglass', () => {
  assert.deepEqual(moduleLabels(machine({})), []);
  const both = { ...appArmor, ...seLinux, '/proc/self/attr/current': 'unconfined\n' };
  assert.deepEqual(moduleLabels(machine(both)), [
    { module: 'AppArmor', label: 'unconfined' },
    { module: 'SELinux', label: 'unconfined' },
  ]);
});

import assert from 'node:assert/strict';
import { realpathSync } from 'node:fs';
import { test } from 'node:test';
import { examinedProcess } from './examined-process.js';

test('of ourselves everything can be seen', () => {
  const facts = examinedProcess(process.pid);
  assert.equal(facts.exists, true);
  assert.equal(facts.parentPid, process.ppid);
  assert.equal(facts.executable, realpathSync(process.execPath));
  assert.equal(facts.executableDeleted, false);
  assert.equal(facts.uid, process.getuid?.());
  assert.deepEqual([facts.hasOurIds, facts.canSeeMaps, facts.isKernelThread], [true, true, false]);
  assert.deepEqual(facts.sameNamespaces, { user: true, pid: true, mount: true });
  assert.equal(facts.reads?.procMem, 'ok');
  assert.ok(facts.threads > 1);
});

test('of a process that is not there nothing is said', () => {
  const facts = examinedProcess((1 << 22) + 1);
  assert.deepEqual(
    [facts.exists, facts.state, facts.uid, facts.reads, facts.executable, facts.threads, facts.innerPid],
    [false, null, null, null, null, 0, null],
  );
  assert.deepEqual(facts.command, []);
});

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { folderFacts, hidepid, machineFacts } from './machine-facts.js';

test('the facts of this machine are there', async () => {
  const facts = await machineFacts();
  assert.equal(facts.platform, process.platform);
  assert.equal(facts.node, process.versions.node);
  assert.equal(facts.uid, process.geteuid?.());
  assert.deepEqual([facts.procMounted, facts.procIsOurs], [true, true]);
  assert.match(facts.effectiveCapabilities ?? '', /^[0-9a-f]{16}$/);
  assert.equal(facts.koffiError, null);
  assert.equal(facts.ownReads?.procMem, 'ok');
  assert.ok(facts.cpus >= 1);
  assert.ok(facts.cpuLimit === null || facts.cpuLimit > 0);
});

test('a folder in which nothing can be written has the error', () => {
  const folder = mkdtempSync(join(tmpdir(), 'folder-'));
  try {
    assert.deepEqual(folderFacts(folder), { path: folder, error: null });
    writeFileSync(join(folder, 'file'), '');
    assert.equal(folderFacts(join(folder, 'file', 'x')).error, 'ENOTDIR');
    assert.equal(folderFacts(join(folder, 'none')).error, 'ENOENT');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('hidepid is that of the last /proc that was mounted', () => {
  const mount = (options: string) => `22 27 0:21 / /proc rw,relatime - proc proc ${options}`;
  assert.equal(hidepid(mount('rw')), null);
  assert.equal(hidepid(mount('rw,gid=5,hidepid=2')), '2');
  assert.equal(hidepid(mount('rw,hidepid=invisible')), 'invisible');
  assert.equal(hidepid([mount('rw,hidepid=2'), mount('rw')].join('\n')), null);
  assert.equal(hidepid(mount('rw,hidepid=off')), null);
  assert.equal(hidepid('23 27 0:22 / /mnt rw - proc proc rw,hidepid=2'), null);
});

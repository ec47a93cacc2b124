import assert from 'node:assert/strict';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { withFolder } from '../../tests/support/recordings.js';
import { returnUnusedMemory } from '../process/unused-memory.js';
import { jsonLog } from './agent-log.js';
import { AgentMetrics } from './agent-metrics.js';
import { ProfileFolder } from './profile-folder.js';

test('a line of the log is one JSON object, whatever the names', () => {
  const lines: string[] = [];
  const log = jsonLog(
    (line) => lines.push(line),
    () => Date.UTC(2026, 0, 2),
  );
  log('warn', 'process is not sampled', { pid: 7, command: 'a\nb\u001b[31m', reason: 'x'.repeat(2000) });
  const [line] = lines;
  assert.equal(line!.indexOf('\n'), line!.length - 1);
  const { time, level, message, pid, command, reason } = JSON.parse(line!);
  assert.deepEqual(
    [time, level, message, pid, command],
    ['2026-01-02T00:00:00.000Z', 'warn', 'process is not sampled', 7, 'a⟨U+000A⟩b⟨U+001B⟩[31m'],
  );
  assert.equal(reason.length, 500);
});

test('metrics are as Prometheus reads them', () => {
  const metrics = new AgentMetrics();
  metrics.add('profiles_total', 3);
  metrics.set('rate', 12.5);
  const lines = metrics.text().split('\n');
  assert.equal(lines.pop(), '');
  for (let at = 0; at < lines.length; at += 3) {
    const [, name, type] = /^# TYPE (pyglass_agent_\w+) (counter|gauge)$/.exec(lines[at + 1]!)!;
    assert.ok(lines[at]!.startsWith(`# HELP ${name} `));
    assert.match(lines[at + 2]!, new RegExp(`^${name} [\\d.]+$`));
    assert.equal(name!.endsWith('_total'), type === 'counter', name);
  }
  assert.ok(lines.includes('pyglass_agent_profiles_total 3') && lines.includes('pyglass_agent_rate 12.5'));
});

test('the oldest files of a folder go when it is too large; those of others stay', () =>
  withFolder((folder) => {
    const message = (second: number) => ({
      ...{ service: 'shop', labels: { pid: '7' }, until: 0, rate: 100 },
      ...{ from: Date.UTC(2026, 0, 1, 0, 0, second), body: new Uint8Array(1000) },
    });
    writeFileSync(`${folder}/notes.txt`, 'x'.repeat(5000));
    const first = new ProfileFolder(folder, 3000, () => assert.fail('dropped'));
    for (const second of [1, 2, 3]) first.push(message(second));
    const next = new ProfileFolder(folder, 3000, () => assert.fail('dropped'));
    for (const second of [4, 5]) next.push(message(second));
    assert.deepEqual(readdirSync(folder).sort(), [
      ...[3, 4, 5].map((second) => `20260101T00000${second}Z-shop-7.pb.gz`),
      'notes.txt',
    ]);
  }));

test('what others removed from a folder does not count', () =>
  withFolder((folder) => {
    const profiles = new ProfileFolder(folder, 3000, () => assert.fail('dropped'));
    const push = (hour: number, second: number) =>
      profiles.push({
        ...{ service: 'shop', labels: { pid: '7' }, until: 0, rate: 100 },
        ...{ from: Date.UTC(2026, 0, 1, hour, 0, second), body: new Uint8Array(1000) },
      });
    for (const second of [1, 2, 3]) push(0, second);
    for (const name of readdirSync(folder)) unlinkSync(`${folder}/${name}`);
    for (const second of [1, 2, 3]) push(1, second);
    assert.equal(readdirSync(folder).length, 3);
    push(2, 1);
    assert.deepEqual(
      readdirSync(folder).sort(),
      ['010002', '010003', '020001'].map((time) => `20260101T${time}Z-shop-7.pb.gz`),
    );
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    for (const second of [1, 2, 3, 4]) push(3, second);
    assert.equal(readdirSync(folder).length, 3);
  }));

test('a folder of many profiles takes no more memory than one of few', async () =>
  withFolder(async (folder) => {
    const used = async () => {
      await setImmediate();
      returnUnusedMemory();
      return process.memoryUsage().heapUsed;
    };
    const profiles = new ProfileFolder(folder, 1e9, () => assert.fail('dropped'));
    const message = { service: 'shop', until: 0, rate: 100, body: new Uint8Array(1) };
    const push = (from: number) => {
      for (let pid = 0; pid < 1000; pid++) profiles.push({ ...message, from, labels: { pid: String(pid) } });
    };
    push(Date.UTC(2026, 0, 1));
    const before = await used();
    for (const second of [10, 20, 30]) push(Date.UTC(2026, 0, 1, 0, 0, second));
    const each = ((await used()) - before) / 3000;
    assert.ok(each < 100, `${each} bytes for each profile`);
  }));

test('what was not written to its end goes, and a link in its place is not followed', () =>
  withFolder((folder) => {
    const name = '20260101T000000Z-shop-7.pb.gz';
    for (const left of [name, '20250101T000000Z-shop-7.pb.gz'])
      writeFileSync(`${folder}/${left}.part`, 'half');
    writeFileSync(`${folder}/others.part`, 'of others');
    const profiles = new ProfileFolder(folder, 3000, () => assert.fail('dropped'));
    assert.deepEqual(readdirSync(folder), ['others.part']);
    symlinkSync(`${folder}/others.part`, `${folder}/${name}.part`);
    const from = Date.UTC(2026, 0, 1);
    profiles.push({
      service: 'shop',
      labels: { pid: '7' },
      from,
      until: 0,
      rate: 100,
      body: Buffer.from('new'),
    });
    assert.deepEqual(
      readdirSync(folder).map((file) => readFileSync(`${folder}/${file}`, 'utf8')),
      ['new', 'of others'],
    );
  }));

import assert from 'node:assert/strict';
import { test } from 'node:test';
import stringWidth from 'string-width';
import { plainJson } from '../../analysis/plain-json.js';
import type { ListedProcess } from '../../discovery/listed-process.js';
import { psReport } from '../../discovery/processes-json.js';
import { PyglassError } from '../../model/error.js';
import { ageText, memoryText, tableLines } from './table.js';

function listed(part: Partial<ListedProcess>): ListedProcess {
  return {
    pid: 1,
    parentPid: 0,
    above: undefined,
    user: 'me',
    uid: 1000,
    executable: '/usr/bin/python3',
    command: ['python3', 'app.py'],
    program: { kind: 'script', role: undefined, words: 'app.py' },
    version: '3.11.7',
    cpuPercent: 12.34,
    cpuSeconds: 5,
    residentBytes: 31 << 20,
    threads: 4,
    state: 'S',
    uptimeSeconds: 61,
    error: undefined,
    ...part,
  };
}

const hostile = 'a\x1b]0;title\x07\x9b2J\u202eb\nc';

test('a table with a tree', () => {
  const worker = { kind: 'gunicorn', role: 'worker', words: 'gunicorn worker' };
  const error = new PyglassError('permission-yama', 'no');
  assert.deepEqual(
    tableLines([
      listed({ pid: 12345 }),
      listed({ pid: 7, above: 12345, program: worker, cpuPercent: undefined, version: undefined, error }),
    ]),
    [
      '  PID  USER  PYTHON  CPU%  MEMORY  THREADS  UPTIME  WHAT',
      '12345  me    3.11.7    12   31 MB        4   1 min  app.py',
      '    7  me    ?          ?   31 MB        4   1 min  └─ gunicorn worker [no permission]',
    ],
  );
});

test('wide names keep the columns straight', () => {
  const [head, first, second] = tableLines([listed({ user: '山田' }), listed({ pid: 2, user: 'x' })]);
  const before = (line: string, text: string) => stringWidth(line.slice(0, line.indexOf(text)));
  assert.equal(before(first!, 'app.py'), before(head!, 'WHAT'));
  assert.equal(before(second!, 'app.py'), before(head!, 'WHAT'));
});

test('a narrow terminal has fewer columns, and room for what it is', () => {
  const heads = [120, 80, 70, 60, 50, 40, 10].map((room) => tableLines([listed({})], room)[0]!.split(/ +/));
  assert.deepEqual(
    heads.map((head) => head.length),
    [8, 8, 7, 6, 4, 4, 2],
  );
  assert.deepEqual(heads[5], ['PID', 'PYTHON', 'CPU%', 'WHAT']);
});

test('no line is wider than the terminal, nor steers it', () => {
  const program = { kind: 'script', role: undefined, words: `${hostile}${'日本'.repeat(100)}` };
  for (const columns of [20, 60, 61, 80]) {
    for (const line of tableLines([listed({ program, user: hostile })], columns)) {
      assert.ok(stringWidth(line) <= columns, line);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
      assert.doesNotMatch(line, /[\x00-\x1f\x7f-\x9f\u202e]/);
    }
  }
});

test('JSON holds every name as it is, and no character that a terminal obeys', () => {
  const program = { kind: 'script', role: undefined, words: hostile };
  const text = plainJson(psReport([listed({ program, command: [hostile, 'x'.repeat(1 << 20)] })]));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  assert.doesNotMatch(text, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
  const [one] = JSON.parse(text).processes;
  assert.equal(one.what, hostile);
  assert.equal(one.command[0], hostile);
  assert.equal(one.command[1].length, 10_000);
  assert.deepEqual([one.role, one.error, one.readable], [null, null, true]);
});

test('memory and age as text', () => {
  assert.deepEqual([0, 1536 * 1024, 31 << 20, 2.5 * 2 ** 30, 20 * 2 ** 30].map(memoryText), [
    '0 MB',
    '2 MB',
    '31 MB',
    '2.5 GB',
    '20 GB',
  ]);
  assert.deepEqual([0.9, 59.9, 60, 3599, 3600, 11_220, 86_400 * 12 + 4 * 3600].map(ageText), [
    '0 s',
    '59 s',
    '1 min',
    '59 min',
    '1 h 00 min',
    '3 h 07 min',
    '12 d 4 h',
  ]);
});

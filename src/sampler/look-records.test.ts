import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LookRecords } from './look-records.js';

/** What is written of processes, as `process@time: stacks`. */
function begin() {
  const written: string[] = [];
  const records = new LookRecords({
    begin: (process, time) => written.push(`${process}@${time}:`),
    add: (_row, stack) => {
      written[written.length - 1] += ` ${stack}`;
    },
    end: () => {},
  });
  return { written, records };
}

const row = (stack: number) => ({ id: 0, stack, context: 0 });

test('what one process says comes after what another may still say of before', () => {
  const { written, records } = begin();
  for (const process of [1, 2]) records.knownUntil(process, 0);
  for (const time of [100, 200, 300]) {
    records.add(1, time, [row(time)]);
    records.knownUntil(1, time);
  }
  assert.deepEqual(written, []);
  records.add(2, 0, []);
  records.add(2, 250, [row(1), row(2)]);
  records.knownUntil(2, 250);
  assert.deepEqual(written, ['2@0:', '1@100: 100', '1@200: 200', '2@250: 1 2']);
  records.ended(2);
  assert.deepEqual(written.slice(4), ['1@300: 300']);
});

test('of one process all is written at once', () => {
  const { written, records } = begin();
  records.knownUntil(1, 0);
  records.add(1, 50, [row(7)]);
  records.knownUntil(1, 50);
  assert.deepEqual(written, ['1@50: 7']);
});

test('one process whose look takes for ever does not keep what others say in memory', () => {
  const { written, records } = begin();
  for (const process of [1, 2]) records.knownUntil(process, 0);
  const rows = Array.from({ length: 100_000 }, () => row(1));
  for (let time = 1; time <= 6; time++) {
    records.add(1, time, rows);
    records.knownUntil(1, time);
  }
  assert.deepEqual(
    written.map((text) => text.slice(0, 3)),
    ['1@1'],
  );
  for (const process of [1, 2]) records.ended(process);
  assert.equal(written.length, 6);
});

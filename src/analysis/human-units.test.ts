import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCount, formatDate, formatDuration, formatShare, plural } from './human-units.js';

test('durations keep three digits and change unit where people do', () => {
  const cases: [number, string][] = [
    [0, '0 µs'],
    [999, '999 µs'],
    [999.7, '1.00 ms'],
    [12_345, '12.3 ms'],
    [999_600, '1.00 s'],
    [9_812_000, '9.81 s'],
    [59_990_000, '60.0 s'],
    [59_999_000, '1 min 00 s'],
    [125_000_000, '2 min 05 s'],
    [3_599_900_000, '1 h 00 min'],
    [3_720_000_000, '1 h 02 min'],
  ];
  for (const [time, text] of cases) assert.equal(formatDuration(time), text);
});

test('shares, counts and dates', () => {
  assert.equal(formatShare(952, 1000), '95.2%');
  assert.equal(formatShare(1, 1), '100%');
  assert.equal(formatShare(1, 1000), '0.1%');
  assert.equal(formatShare(1, 1e6), '<0.01%');
  assert.equal(formatShare(1, 0), '0%');
  assert.equal(formatCount(1234567), '1,234,567');
  assert.equal(plural(1, 'sample'), '1 sample');
  assert.equal(plural(2, 'process', 'processes'), '2 processes');
  assert.equal(formatDate(Date.UTC(2026, 4, 9, 7, 32, 10)), '2026-05-09 07:32:10 UTC');
  assert.equal(formatDate(Number.NaN), 'at an unknown time');
});

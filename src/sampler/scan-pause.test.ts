import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pauseAfterScan } from './scan-pause.js';

const [lately, longAgo] = [100, 10_000];

test('where processes are started, the next scan is soon', () => {
  assert.equal(pauseAfterScan({ listing: 0.4, looking: 0 }, lately, false), 5);
  assert.equal(pauseAfterScan({ listing: 0.4, looking: 0 }, longAgo, false), 50);
});

test('to list many processes takes a tenth of the time', () => {
  assert.equal(pauseAfterScan({ listing: 8, looking: 0 }, lately, false), 80);
  assert.equal(pauseAfterScan({ listing: 900, looking: 0 }, lately, false), 500);
});

test('a file that was read for the first time does not hide the next child of 200 ms', () => {
  assert.equal(pauseAfterScan({ listing: 0.4, looking: 60 }, lately, false), 20);
  assert.equal(pauseAfterScan({ listing: 0.4, looking: 8 }, lately, false), 8);
});

test('who samples for months is in no hurry', () => {
  assert.equal(pauseAfterScan({ listing: 0.4, looking: 1 }, lately, true), 1000);
});

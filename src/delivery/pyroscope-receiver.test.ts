import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pyroscopeUrl } from './pyroscope-receiver.js';

const message = {
  service: 'shop',
  labels: {},
  from: 1000,
  until: 11_000,
  rate: 99.6,
  body: new Uint8Array(),
};

test('names and labels are such that the receiver reads them as they were meant', () => {
  const url = pyroscopeUrl('http://h/ingest', {
    ...message,
    service: 'demo.folded{x}',
    labels: { 'container.id': 'a,b}c=d', '9a': 'x\ny' },
  });
  assert.equal(
    url,
    'http://h/ingest?name=demo_folded_x_%7Bcontainer_id%3Da_b_c_d%2C_9a%3Dx_y%7D&from=1&until=11&format=pprof&sampleRate=100&spyName=pyglass',
  );
});

test('times and rate are whole numbers', () => {
  const { searchParams } = new URL(
    pyroscopeUrl('http://h/ingest', { ...message, from: 1999, until: 2001, rate: 0.2 }),
  );
  assert.deepEqual(
    ['from', 'until', 'sampleRate'].map((key) => searchParams.get(key)),
    ['1', '3', '1'],
  );
});

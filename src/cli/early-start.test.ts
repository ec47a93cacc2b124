import assert from 'node:assert/strict';
import { test } from 'node:test';
import { willSample } from './early-start.js';

test('a command that samples is recognised by its beginning and by what it samples', () => {
  for (const line of [
    ...['record -p 12', 'record -p12', 'rec --pid=12 -o x.svg', 'record -o x.svg -- python app.py'],
    ...['top --pid 12', 't -p 12', 'live -p 12', 'live -- python app.py'],
  ])
    assert.ok(willSample(line.split(' ')), line);
  for (const line of [
    '',
    'record',
    'record --help',
    'top',
    'dump -p 12',
    'report x.pyglass',
    '--version',
    'ps',
  ])
    assert.ok(!willSample(line.split(' ')), line);
});

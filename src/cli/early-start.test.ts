import assert from 'node:assert/strict';
import { test } from 'node:test';
import { willSample, willSampleChildren } from './early-start.js';

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

test('that children are sampled is seen in what is before the program', () => {
  for (const line of ['record -s -p 12', 'top -is -p 12', 'record --subprocesses -- python app.py'])
    assert.ok(willSampleChildren(line.split(' ')), line);
  for (const line of ['record -p 12', 'record -- python -s app.py', 'record -o s -p 12'])
    assert.ok(!willSampleChildren(line.split(' ')), line);
});

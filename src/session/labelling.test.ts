import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PyglassError } from '../model/error.js';
import type { LabelRequest } from '../sampler/messages.js';
import { labelling } from './labelling.js';

function begin() {
  const sent: LabelRequest[] = [];
  return { sent, label: labelling({ label: (request) => sent.push(request) }) };
}

test('a label is set once and ended once', () => {
  const { sent, label } = begin();
  const values = { job: '42' };
  const job = label(values, { threadId: 71 });
  values.job = 'changed';
  {
    using _ = label({ phase: 'load' }, { pid: 7 });
  }
  job.end();
  job.end();
  assert.deepEqual(sent, [
    { kind: 'label', id: 1, values: { job: '42' }, threadId: 71 },
    { kind: 'label', id: 2, values: { phase: 'load' }, pid: 7 },
    { kind: 'end-label', id: 2 },
    { kind: 'end-label', id: 1 },
  ]);
});

test('what makes no sense is an error, and is not sent', () => {
  const { sent, label } = begin();
  const wrong = [
    () => label({}),
    () => label({ job: 42 as unknown as string }),
    () => label({ job: 'x'.repeat(10_001) }),
    () => label({ job: '1' }, { pid: 0 }),
    () => label({ job: '1' }, { threadId: 0 }),
    () => label({ job: '1' }, { threadId: 1.5 }),
  ];
  for (const act of wrong)
    assert.throws(act, (error) => error instanceof PyglassError && error.code === 'bad-option');
  assert.deepEqual(sent, []);
});

test('no more than a thousand hold at once', () => {
  const { label } = begin();
  const held = Array.from({ length: 1000 }, (_, index) => label({ job: `${index}` }));
  assert.throws(() => label({ job: 'more' }), /at most 1000 labels/);
  held[7]!.end();
  label({ job: 'more' });
});

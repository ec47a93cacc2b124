import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileFromText } from '../../tests/support/profile-from-text.js';
import { unknownCpu, unknownCpuText } from './unknown-cpu.js';

test('threads whose CPU time is not known are counted, but not for their last moment', () => {
  const profile = profileFromText(
    { known: 'f f f f', last: 'f f f f', half: 'f f f f f f', never: 'f f f', empty: '. . .' },
    { states: { known: 'RRWW', last: 'RRR', half: 'RRR' } },
  );
  assert.deepEqual(unknownCpu(profile), { threads: 2, of: 4 });
  assert.equal(unknownCpuText(unknownCpu(profile)), 'CPU time is not known for 2 of 4 threads');
  assert.equal(unknownCpuText({ threads: 0, of: 4 }), '');
});

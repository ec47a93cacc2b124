import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileFromText } from '../../tests/support/profile-from-text.js';
import { defaultView } from '../analysis/view-options.js';
import { formatById, formatForPath, formats } from './formats.js';

test('the ending of a file names its format', () => {
  assert.equal(formatForPath('a/profile.svg')?.id, 'flamegraph');
  assert.equal(formatForPath('profile.SPEEDSCOPE.JSON')?.id, 'speedscope');
  assert.equal(formatForPath('stacks.txt')?.id, 'raw');
  assert.equal(formatForPath('run.summary.txt')?.id, 'summary');
  assert.equal(formatForPath('run.summary.json')?.id, 'summary-json');
  assert.equal(formatForPath('profile'), undefined);
  assert.equal(formatById('raw')?.id, 'raw');
  assert.equal(formatById('nothing'), undefined);
});

for (const format of formats) {
  test(`${format.id}: the same recording gives the same bytes, and stays as it was`, () => {
    const profile = profileFromText({ one: 'a a b | c d e', two: 'f . f' });
    const first = [...format.write(profile, defaultView)].join('');
    assert.equal([...format.write(profile, defaultView)].join(''), first);
    assert.ok(first.length > 0);
  });
}

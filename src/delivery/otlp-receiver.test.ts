import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileFromText } from '../../tests/support/profile-from-text.js';
import { readOtlp } from '../../tests/support/read-otlp.js';
import { defaultView } from '../analysis/view-options.js';
import { otlpBody } from './otlp-receiver.js';
import { profileMessage } from './recording-messages.js';

const profile = profileFromText({ main: 'f' }, { states: { main: 'R' } });

test('a profile has an id that no other process has, and the same when it is sent again', () => {
  const idsOf = (service: string, labels: Readonly<Record<string, string>>) =>
    readOtlp(otlpBody(profileMessage(profile, defaultView, { service, labels })!)).profileIds;
  const first = idsOf('shop', { host: 'web-1', pid: '7' });
  assert.deepEqual(idsOf('shop', { host: 'web-1', pid: '7' }), first);
  const all = [
    ...first,
    ...idsOf('shop', { host: 'web-1', pid: '8' }),
    ...idsOf('shop', { host: 'web-2', pid: '7' }),
    ...idsOf('cart', { host: 'web-1', pid: '7' }),
  ];
  assert.equal(new Set(all).size, 8);
});

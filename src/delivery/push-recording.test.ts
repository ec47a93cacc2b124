import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeReceiver } from '../../tests/support/fake-receiver.js';
import { profileFromText } from '../../tests/support/profile-from-text.js';
import { partialSuccess } from '../../tests/support/read-otlp.js';
import { defaultView } from '../analysis/view-options.js';
import { pushRecording } from './push-recording.js';
import { pushTarget } from './push-target.js';

/** Three windows. */
const profile = profileFromText('f f f', { interval: 10e6 });
const partly = (text: string) => ({ status: 200, text: partialSuccess(1, text) });

function push(receiver: FakeReceiver) {
  const url = receiver.url.replace('//', '//me:hunter2@');
  return pushRecording(pushTarget(url, { format: 'otlp', environment: {} }), profile, defaultView);
}

test('what was taken only in part does not keep the others, and is counted', async () => {
  await using receiver = await FakeReceiver.start();
  receiver.next.push(partly('too old, hunter2'), partly('too old'));
  assert.deepEqual(await push(receiver), { sent: 3, inPart: 2, said: 'too old, <hidden>' });
  assert.deepEqual([receiver.requests, receiver.received.length], [3, 1]);
  assert.deepEqual(await push(receiver), { sent: 3, inPart: 0, said: '' });
});

test('what is refused keeps the others', async () => {
  await using receiver = await FakeReceiver.start();
  receiver.next.push(partly('too old'), { status: 400 });
  await assert.rejects(push(receiver), { code: 'push-refused', detail: { sent: 1 } });
  assert.equal(receiver.requests, 2);
});

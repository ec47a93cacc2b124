import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { FakeReceiver, type Misbehaviour } from '../../tests/support/fake-receiver.js';
import { profileFromText } from '../../tests/support/profile-from-text.js';
import { defaultView } from '../analysis/view-options.js';
import { backOff, deliverProfile } from './deliver-profile.js';
import { pushTarget } from './push-target.js';
import { profileMessage } from './recording-messages.js';
import { type SendOutcome, sendProfile } from './send-profile.js';

const message = profileMessage(profileFromText('f'), defaultView, { service: 'shop', labels: { pid: '7' } })!;

/** Pushes to a receiver that first misbehaves; the clock only moves by pauses. */
async function pushed(next: readonly Misbehaviour[], always?: Misbehaviour, timeout = 10_000) {
  await using receiver = await FakeReceiver.start();
  receiver.next.push(...next);
  receiver.always = always;
  const pauses: number[] = [];
  const url = receiver.url.replace('//', '//me:hunter2@');
  const outcome: SendOutcome = await deliverProfile(pushTarget(url, { environment: {} }), message, {
    ...{ fetch, timeout, now: () => Date.UTC(2026, 0, 1), random: () => 1 },
    pause: async (milliseconds) => void pauses.push(milliseconds),
  });
  assert.deepEqual(receiver.errors, []);
  return { outcome, pauses, requests: receiver.requests, received: receiver.received };
}

test('a profile arrives as it is', async () => {
  const { outcome, requests, received } = await pushed([]);
  assert.deepEqual([outcome, requests], [{ kind: 'delivered' }, 1]);
  const [{ service, labels, from, until, rate, headers, profile }] = received as [(typeof received)[0]];
  assert.deepEqual([service, labels, rate], ['shop', { pid: '7' }, 100]);
  assert.deepEqual(
    [from, until],
    [Date.UTC(2026, 4, 9, 7, 32, 10) / 1000, Date.UTC(2026, 4, 9, 7, 32, 11) / 1000],
  );
  assert.equal(headers.authorization, `Basic ${Buffer.from('me:hunter2').toString('base64')}`);
  assert.equal(profile.samples[0]!.values['wall'], 10e6);
});

test('a refusal is not repeated', async () => {
  for (const status of [400, 401, 403, 404, 413, 422, 301]) {
    const { outcome, requests, pauses } = await pushed([], { status, text: 'no\u001b[31m hunter2' });
    assert.deepEqual([outcome.kind, requests, pauses], ['refused', 1, []]);
    assert.equal((outcome as { reason: string }).reason, `the answer was ${status}: no [31m <hidden>`);
  }
});

test('an error of the receiver is repeated a few times', async () => {
  const { outcome, requests, pauses } = await pushed([], { status: 500 });
  assert.deepEqual([outcome.kind, requests, pauses], ['failed', 3, [500, 1000]]);
  assert.equal((await pushed([{ status: 502 }, { status: 500 }])).outcome.kind, 'delivered');
});

test('a receiver that is busy is asked when it says so', async () => {
  const busy = (after: string) => ({ status: 429, headers: { 'retry-after': after } });
  const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds)).toUTCString();
  const { outcome, pauses } = await pushed([busy('3'), busy(at(7)), busy('soon'), busy('999999')]);
  assert.deepEqual([outcome.kind, pauses], ['delivered', [3000, 7000, 2000, 300_000]]);
});

test('a connection that is reset is tried again; nothing arrives twice', async () => {
  const { outcome, received, pauses } = await pushed(['reset', 'reset']);
  assert.deepEqual([outcome.kind, received.length, pauses], ['delivered', 1, [500, 1000]]);
});

test('silence ends', async () => {
  const { outcome, requests } = await pushed([], 'silent', 20);
  assert.deepEqual(outcome, { kind: 'failed', reason: 'there was no answer within 0.02 s' });
  assert.equal(requests, 5);
});

test('pauses double up to a minute, with chance', () => {
  assert.deepEqual(
    [1, 2, 3, 8, 1000].map((attempt) => backOff(attempt, 500, () => 1)),
    [500, 1000, 2000, 60_000, 60_000],
  );
  assert.equal(
    backOff(1, 500, () => 0),
    250,
  );
});

test('nothing of an attempt is kept by a signal that lasts', async () => {
  await using receiver = await FakeReceiver.start();
  const target = pushTarget(receiver.url, { environment: {} });
  const { signal } = new AbortController();
  const send = () => sendProfile(target, message, { fetch, timeout: 10_000, now: Date.now, signal });
  receiver.next.push({ status: 500 }, 'reset');
  for (const kind of ['failed', 'failed', 'delivered']) assert.equal((await send()).kind, kind);
  assert.deepEqual(getEventListeners(signal, 'abort'), []);
});

test('an attempt ends when its signal says so', async () => {
  await using receiver = await FakeReceiver.start();
  receiver.always = 'silent';
  const target = pushTarget(receiver.url, { environment: {} });
  const stopped = new AbortController();
  const sent = sendProfile(target, message, {
    fetch,
    timeout: 10_000,
    now: Date.now,
    signal: stopped.signal,
  });
  await receiver.until(() => receiver.requests === 1);
  stopped.abort();
  assert.deepEqual(await sent, { kind: 'failed', reason: 'it was stopped' });
});

import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { FakeReceiver, type Misbehaviour } from '../../tests/support/fake-receiver.js';
import { profileFromText } from '../../tests/support/profile-from-text.js';
import { otlpStatus, partialSuccess } from '../../tests/support/read-otlp.js';
import { defaultView } from '../analysis/view-options.js';
import { type ReceiverId, receiverIds } from '../model/receiver-id.js';
import { backOff, deliverProfile } from './deliver-profile.js';
import { pushTarget } from './push-target.js';
import { profileMessage } from './recording-messages.js';
import { type SendOutcome, sendProfile } from './send-profile.js';

const message = profileMessage(profileFromText('f'), defaultView, { service: 'shop', labels: { pid: '7' } })!;

/** Pushes to a receiver that first misbehaves; the clock only moves by pauses. */
async function pushed(
  format: ReceiverId,
  next: readonly Misbehaviour[],
  { always, timeout = 10_000 }: { always?: Misbehaviour; timeout?: number } = {},
) {
  await using receiver = await FakeReceiver.start();
  receiver.next.push(...next);
  receiver.always = always;
  const pauses: number[] = [];
  const url = receiver.url.replace('//', '//me:hunter2@');
  const outcome: SendOutcome = await deliverProfile(pushTarget(url, { format, environment: {} }), message, {
    ...{ fetch, timeout, now: () => Date.UTC(2026, 0, 1), random: () => 1 },
    pause: async (milliseconds) => void pauses.push(milliseconds),
  });
  assert.deepEqual(receiver.errors, []);
  return { outcome, pauses, requests: receiver.requests, received: receiver.received };
}

/** What is not the same for all: how the pid is called, and which answers may be followed by another attempt. */
const expected: {
  readonly [Id in ReceiverId]: { pid: string; busy: number[]; refused: number[]; faults: number[] };
} = {
  pyroscope: {
    pid: 'pid',
    busy: [408, 429, 503],
    refused: [301, 400, 401, 403, 404, 413, 422],
    faults: [500, 502, 504],
  },
  otlp: {
    pid: 'process.pid',
    busy: [429, 502, 503, 504],
    refused: [301, 400, 401, 403, 404, 408, 413, 422, 500, 501],
    faults: [],
  },
};

for (const id of receiverIds) {
  const { pid, busy, refused, faults } = expected[id];

  test(`${id}: a profile arrives as it is`, async () => {
    const { outcome, requests, received } = await pushed(id, []);
    assert.deepEqual([outcome, requests], [{ kind: 'delivered' }, 1]);
    const [{ service, labels, from, until, rate, headers, profile }] = received as [(typeof received)[0]];
    assert.deepEqual([service, labels[pid], rate], ['shop', '7', 100]);
    assert.deepEqual(
      [from, Math.ceil(until)],
      [Date.UTC(2026, 4, 9, 7, 32, 10) / 1000, Date.UTC(2026, 4, 9, 7, 32, 11) / 1000],
    );
    assert.equal(headers.authorization, `Basic ${Buffer.from('me:hunter2').toString('base64')}`);
    assert.equal(profile.samples[0]!.values['wall'], 10e6);
  });

  test(`${id}: a refusal is not repeated`, async () => {
    for (const status of refused) {
      const always = { status, text: 'no\u001b[31m hunter2' };
      const { outcome, requests, pauses } = await pushed(id, [], { always });
      assert.deepEqual([outcome.kind, requests, pauses], ['refused', 1, []], `${status}`);
      assert.equal((outcome as { reason: string }).reason, `the answer was ${status}: no [31m <hidden>`);
    }
  });

  test(`${id}: a receiver that is busy is asked again, later and later`, async () => {
    for (const status of busy) {
      const { outcome, requests, pauses } = await pushed(id, [], { always: { status } });
      assert.deepEqual([outcome.kind, requests], ['failed', 5], `${status}`);
      assert.deepEqual(pauses, [500, 1000, 2000, 4000]);
    }
  });

  test(`${id}: a receiver that is busy is asked when it says so`, async () => {
    const later = (after: string) => ({ status: 429, headers: { 'retry-after': after } });
    const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds)).toUTCString();
    const { outcome, pauses } = await pushed(id, [later('3'), later(at(7)), later('soon'), later('999999')]);
    assert.deepEqual([outcome.kind, pauses], ['delivered', [3000, 7000, 2000, 300_000]]);
  });

  test(`${id}: a connection that is reset is tried again; nothing arrives twice`, async () => {
    const { outcome, received, pauses } = await pushed(id, ['reset', 'reset']);
    assert.deepEqual([outcome.kind, received.length, pauses], ['delivered', 1, [500, 1000]]);
  });

  test(`${id}: silence ends`, async () => {
    const { outcome, pauses } = await pushed(id, [], { always: 'silent', timeout: 20 });
    assert.deepEqual(outcome, { kind: 'failed', reason: 'there was no answer within 0.02 s' });
    // Requests are not counted: one may be given up before it arrives.
    assert.equal(pauses.length, 4);
  });

  test(`${id}: an error of the receiver is repeated a few times, where it may be`, async () => {
    for (const status of faults) {
      const { outcome, requests, pauses } = await pushed(id, [], { always: { status } });
      assert.deepEqual([outcome.kind, requests, pauses], ['failed', 3, [500, 1000]], `${status}`);
    }
    assert.equal((await pushed(id, [{ status: 503 }, { status: busy[0]! }])).outcome.kind, 'delivered');
  });
}

test('a long answer is not read to its end', async () => {
  for (const id of receiverIds) {
    const { outcome } = await pushed(id, [], { always: { status: 400, text: 'x'.repeat(5e6) } });
    assert.equal((outcome as { reason: string }).reason, `the answer was 400: ${'x'.repeat(200)}`);
  }
});

test('otlp: what was taken in part is not sent again; a warning is passed on', async () => {
  const answer = (rejected: number, text: string) => ({ status: 200, text: partialSuccess(rejected, text) });
  const part = await pushed('otlp', [answer(1, 'too old,\u001b hunter2')]);
  assert.deepEqual(part.outcome, { kind: 'in-part', said: 'too old,  <hidden>' });
  assert.equal(part.requests, 1);
  const whole = await pushed('otlp', [answer(0, 'turn on gzip')]);
  assert.deepEqual(whole.outcome, { kind: 'delivered', warning: 'turn on gzip' });
  for (const text of ['', 'ok', '\u000a\u00ff'])
    assert.deepEqual((await pushed('otlp', [{ status: 200, text }])).outcome, { kind: 'delivered' });
});

test('otlp: what a failure says is the message of a status', async () => {
  const headers = { 'content-type': 'application/x-protobuf' };
  const { outcome } = await pushed('otlp', [{ status: 400, headers, text: otlpStatus('bad hunter2') }]);
  assert.deepEqual(outcome, { kind: 'refused', reason: 'the answer was 400: bad <hidden>' });
});

test('otlp: a profile that is damaged is given up', async () => {
  await using receiver = await FakeReceiver.start();
  const target = pushTarget(receiver.url, { format: 'otlp', environment: {} });
  const options = { fetch, timeout: 10_000, now: Date.now };
  const outcome = await sendProfile(target, { ...message, body: Buffer.from('damaged') }, options);
  assert.deepEqual(outcome, { kind: 'refused', reason: 'the profile cannot be read' });
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

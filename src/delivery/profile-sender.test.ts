import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeReceiver } from '../../tests/support/fake-receiver.js';
import { profileFromText } from '../../tests/support/profile-from-text.js';
import { defaultView } from '../analysis/view-options.js';
import { type ReceiverId, receiverIds } from '../model/receiver-id.js';
import { ProfileQueue } from './profile-queue.js';
import { ProfileSender } from './profile-sender.js';
import { pushTarget } from './push-target.js';
import { profileMessage } from './recording-messages.js';
import type { SendOutcome } from './send-profile.js';

/** A sender whose clock only moves by pauses, and its receiver. */
async function withSender(
  act: (it: {
    receiver: FakeReceiver;
    queue: ProfileQueue;
    sender: ProfileSender;
    push: (...services: string[]) => void;
    pauses: number[];
    outcomes: [SendOutcome['kind'], boolean][];
  }) => Promise<void>,
  { format, always }: { format: ReceiverId; always?: FakeReceiver['always'] },
): Promise<void> {
  await using receiver = await FakeReceiver.start();
  receiver.always = always;
  const queue = new ProfileQueue({ limit: 1e6, onDrop: () => assert.fail('dropped') });
  const pauses: number[] = [];
  const outcomes: [SendOutcome['kind'], boolean][] = [];
  const sender = new ProfileSender({
    ...{ queue, fetch, timeout: 10_000, now: Date.now, random: () => 1 },
    target: () => pushTarget(receiver.url, { format, environment: {} }),
    pause: async (milliseconds, signal) => {
      pauses.push(milliseconds);
      // As time goes by others have their turn.
      if (!signal.aborted) await new Promise((resolve) => setImmediate(resolve));
    },
    onOutcome: ({ kind }, isGivenUp) => outcomes.push([kind, isGivenUp]),
  });
  const push = (...services: string[]) => {
    for (const service of services)
      queue.push(profileMessage(profileFromText('f'), defaultView, { service, labels: {} })!);
    sender.wake();
  };
  try {
    await act({ receiver, queue, sender, push, pauses, outcomes });
  } finally {
    await sender.stop(0);
  }
}

const services = ({ received }: FakeReceiver) => received.map(({ service }) => service).sort();

for (const format of receiverIds) {
  test(`${format}: what comes is sent once, and leaves the queue`, () =>
    withSender(
      async ({ receiver, queue, push, sender }) => {
        push('a', 'b', 'c', 'd', 'e', 'f');
        await receiver.until(() => receiver.received.length >= 6);
        push('g');
        await sender.stop(10_000);
        assert.deepEqual(services(receiver), ['a', 'b', 'c', 'd', 'e', 'f', 'g']);
        assert.equal(queue.count, 0);
      },
      { format },
    ));

  test(`${format}: while the receiver is busy the queue waits, longer and longer, and nothing is lost or sent twice`, () =>
    withSender(
      async ({ receiver, push, sender, pauses }) => {
        push('a', 'b', 'c', 'd', 'e');
        await receiver.until(() => receiver.requests >= 10);
        receiver.always = undefined;
        await receiver.until(() => receiver.received.length >= 5);
        await sender.stop(10_000);
        assert.deepEqual(services(receiver), ['a', 'b', 'c', 'd', 'e']);
        assert.deepEqual(pauses.slice(0, 3), [1000, 2000, 4000]);
      },
      { format, always: { status: 429 } },
    ));

  test(`${format}: a receiver says how long it is busy`, () =>
    withSender(
      async ({ receiver, push, pauses }) => {
        receiver.next.push({ status: 429, headers: { 'retry-after': '7' } });
        push('a');
        await receiver.until(() => receiver.received.length >= 1);
        assert.deepEqual(pauses, [7000]);
      },
      { format },
    ));

  test(`${format}: it stops in time though the receiver is silent, and the profile stays`, () =>
    withSender(
      async ({ receiver, queue, push, sender }) => {
        receiver.always = 'silent';
        push('a');
        await receiver.until(() => receiver.requests >= 1);
        await sender.stop(1);
        assert.equal(queue.count, 1);
      },
      { format },
    ));
}

test('what is refused is given up at once, what makes the receiver fail after three times', () =>
  withSender(
    async ({ receiver, queue, push, sender, outcomes }) => {
      receiver.next.push({ status: 400 }, { status: 500 }, { status: 500 }, { status: 500 });
      push('a');
      await receiver.until(() => receiver.requests >= 1);
      push('b');
      await receiver.until(() => receiver.requests >= 4);
      push('c');
      await receiver.until(() => receiver.received.length >= 1);
      await sender.stop(10_000);
      assert.deepEqual(services(receiver), ['c']);
      assert.equal(queue.count, 0);
      assert.deepEqual(outcomes.filter(([, isGivenUp]) => isGivenUp).length, 2);
    },
    { format: 'pyroscope' },
  ));

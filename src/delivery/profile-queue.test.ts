import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { withFolder } from '../../tests/support/recordings.js';
import type { ProfileMessage } from './profile-message.js';
import { ProfileQueue } from './profile-queue.js';

const message = (from: number, bytes = 1000): ProfileMessage => ({
  ...{ service: 'shop', labels: { pid: '7' }, from, until: from + 10_000, rate: 100 },
  body: new Uint8Array(bytes).fill(from % 256),
});

/** Takes out all that is there: when each profile began. */
function drain(queue: ProfileQueue): number[] {
  const taken: number[] = [];
  for (let next = queue.take(); next; next = queue.take()) {
    taken.push(next.message.from);
    queue.done(next.profile);
  }
  return taken;
}

/** With a queue in memory and one in a folder. */
async function each(act: (make: (limit?: number) => { queue: ProfileQueue; dropped: () => number }) => void) {
  await withFolder((folder) => {
    for (const where of [undefined, `${folder}/queue`])
      act((limit = 1e6) => {
        let dropped = 0;
        const onDrop = (count: number) => (dropped += count);
        return { queue: new ProfileQueue({ folder: where, limit, onDrop }), dropped: () => dropped };
      });
  });
}

test('what goes in comes out, the oldest first, as it was', () =>
  each((make) => {
    const { queue } = make();
    for (const from of [1, 2, 3]) queue.push(message(from));
    const first = queue.take()!;
    assert.deepEqual({ ...first.message, body: new Uint8Array(first.message.body) }, message(1));
    // Nobody else gets it meanwhile.
    assert.equal(queue.take()!.message.from, 2);
    queue.putBack(first.profile);
    assert.deepEqual(drain(queue), [1, 3]);
    assert.equal(queue.count, 1);
    queue.close();
  }));

test('beyond the limit the oldest is dropped and counted; what is being sent is not', () =>
  each((make) => {
    const { queue, dropped } = make(5000);
    queue.push(message(1));
    const { profile } = queue.take()!;
    for (const from of [2, 3, 4, 5, 6]) queue.push(message(from));
    assert.ok(queue.bytes <= 5000);
    assert.deepEqual([drain(queue), dropped()], [[4, 5, 6], 2]);
    queue.done(profile);
    assert.deepEqual([queue.count, queue.bytes], [0, 0]);
    queue.push(message(7, 6000));
    assert.deepEqual([queue.count, dropped()], [0, 3]);
    queue.close();
  }));

test('what was not delivered is there at the next start, also what had been taken', () =>
  withFolder((folder) => {
    const options = { folder, limit: 1e6, onDrop: () => assert.fail('dropped') };
    const before = new ProfileQueue(options);
    for (const from of [1, 2, 3]) before.push(message(from));
    before.done(before.take()!.profile);
    before.take();
    // As after a SIGKILL in the middle of a write.
    writeFileSync(`${folder}/000000000009.profile.part`, 'half');
    before.close();
    const after = new ProfileQueue(options);
    after.push(message(4));
    assert.deepEqual(drain(after), [2, 3, 4]);
    after.close();
    assert.deepEqual(readdirSync(folder), ['lock']);
  }));

test('files are for nobody else, and a damaged one is dropped', () =>
  withFolder((folder) => {
    let dropped = 0;
    const queue = new ProfileQueue({ folder, limit: 1e6, onDrop: (count) => (dropped += count) });
    queue.push(message(1));
    queue.push(message(2));
    const [first] = readdirSync(folder).sort();
    assert.equal(statSync(`${folder}/${first}`).mode & 0o777, 0o600);
    writeFileSync(`${folder}/${first}`, 'damaged');
    assert.deepEqual([drain(queue), dropped], [[2], 1]);
    queue.close();
  }));

test('a queue is of one process', () =>
  withFolder((folder) => {
    const options = { folder, limit: 1e6, onDrop: () => {} };
    const queue = new ProfileQueue(options);
    assert.throws(() => new ProfileQueue(options), /another agent uses the queue/);
    queue.close();
    new ProfileQueue(options).close();
  }));

test('what cannot be written is dropped, and nothing that was', () =>
  withFolder((folder) => {
    let dropped = 0;
    const queue = new ProfileQueue({
      folder: `${folder}/q`,
      limit: 1e6,
      onDrop: (count) => (dropped += count),
    });
    queue.push(message(1));
    // What stands in the way of the next file cannot be written over, even by root.
    mkdirSync(`${folder}/q/000000000002.profile.part`);
    chmodSync(`${folder}/q`, 0o700);
    queue.push(message(2));
    assert.equal(dropped, 1);
    assert.equal(queue.count, 1);
    queue.close();
  }));

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Anchor, knownAnchors } from '../../src/frameworks/request-anchors.js';
import { changingImage } from '../support/changing-image.js';
import { countingMemory } from '../support/counting-memory.js';
import { type ImageFixture, requestFixtures } from '../support/images.js';
import { requestsByThread } from '../support/requests.js';
import { SampledProcess } from '../support/sampled-process.js';
import { variableOf } from '../support/thread-variables.js';

/** Ticks of 10 ms after which what a route is called is not asked for again for a while. */
const settled = 30;
/** Requests until their pages are known, and those of which the reads are counted. */
const [learning, counted] = [3, 15];

/**
 * How many reads each of some ticks takes more than the one before, in which the thread of gunicorn has begun another
 * request: its frames and objects lie where those of the one before did, but for the time when it began.
 */
function readsOfRequests(fixture: ImageFixture, anchors: readonly Anchor[]) {
  const image = changingImage(fixture);
  const { memory, location, kernel, threadStates } = image;
  const starts = threadStates.map((state) => variableOf(image, state, 'handle_request', 'request_start'));
  const start = starts.find((address) => address > 0)!;
  const counting = countingMemory(memory);
  const it = new SampledProcess({ memory: counting, location, kernel, anchors });
  const readsOfTick = () => {
    const before = counting.reads;
    kernel.wake();
    // So late that all threads are read.
    it.tick(10_000);
    return counting.reads - before;
  };
  const counts = Array.from({ length: learning + counted }, (_, round) => {
    for (let tick = 0; tick < settled; tick++) readsOfTick();
    const usual = readsOfTick();
    // Behind its type and its hash.
    memory.setInt(start + location.layout.object.type + 16, 1000 + round);
    return readsOfTick() - usual;
  });
  return { counts: counts.slice(learning), requests: requestsByThread(it.profile()) };
}

for (const fixture of requestFixtures)
  test(`a new request of ${fixture.name} takes one read, which proves it as well`, () => {
    const { counts, requests } = readsOfRequests(fixture, knownAnchors);
    const others = readsOfRequests(fixture, []).counts;
    // At random times what is known of code is read again as well, in the one or the other.
    const more = counts.map((count, at) => count - others[at]!).sort((a, b) => a - b);
    assert.equal(more[(counted - 1) / 2], 1, more.join());
    const numbers = [...requests.values()].map((seen) => new Set(seen.map(({ request }) => request)).size);
    assert.equal(Math.max(...numbers), learning + counted + 1);
  });

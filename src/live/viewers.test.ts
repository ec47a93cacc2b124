import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import type { LiveState } from '../model/live-state.js';
import { Viewers } from './viewers.js';

/** One whose reader takes what it likes. */
class Stream extends EventEmitter {
  readonly written: string[] = [];
  readonly #taken: ((error?: Error) => void)[] = [];

  write(text: string, taken: (error?: Error) => void): boolean {
    this.written.push(text);
    this.#taken.push(taken);
    return true;
  }

  end(text: string): void {
    this.written.push(text);
  }

  take(): void {
    for (const taken of this.#taken.splice(0)) taken();
  }

  get versions(): number[] {
    return this.written.map((text) => (JSON.parse(text.slice('data: '.length)) as LiveState).version);
  }
}

const state: LiveState = { recording: 1, version: 0, status: 'sampling', pid: 1 };

function viewersOf(t: TestContext): { viewers: Viewers; add: () => Stream; grow: () => void } {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let [now, version] = [0, 0];
  t.mock.method(performance, 'now', () => now);
  const viewers = new Viewers(() => ({ ...state, version }));
  return {
    viewers,
    add: () => {
      const stream = new Stream();
      viewers.add(stream as unknown as ServerResponse);
      return stream;
    },
    grow: () => {
      version++;
      now += 400;
      t.mock.timers.tick(400);
      viewers.grown();
    },
  };
}

test('there is more at most once a second', (t) => {
  const { add, grow } = viewersOf(t);
  const stream = add();
  for (let time = 0; time < 20; time++) {
    stream.take();
    grow();
  }
  stream.take();
  // 8 seconds, and what it was told first.
  assert.ok(stream.versions.length >= 7 && stream.versions.length <= 10, `${stream.versions}`);
});

test('who does not read has one event on its way, and gets the last one then', (t) => {
  const { viewers, add, grow } = viewersOf(t);
  const [slow, fast] = [add(), add()];
  for (let time = 0; time < 1000; time++) {
    fast.take();
    grow();
  }
  assert.deepEqual(slow.versions, [0]);
  assert.ok(fast.versions.length > 300);
  slow.take();
  assert.deepEqual(slow.versions, [0, 1000]);
  slow.take();
  viewers.changed();
  assert.equal(slow.written.length, 3);
});

test('who has gone gets nothing', (t) => {
  const { viewers, add, grow } = viewersOf(t);
  const stream = add();
  stream.emit('close');
  stream.take();
  for (let time = 0; time < 10; time++) grow();
  viewers.close();
  assert.deepEqual(stream.versions, [0]);
  assert.equal(viewers.count, 0);
});

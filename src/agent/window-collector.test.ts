import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contextValue } from '../analysis/context-values.js';
import type { ProfileWindow } from '../analysis/profile-windows.js';
import { wholeOfRuns } from '../analysis/sample-weights.js';
import { RecordingEncoder } from '../recording/recording-encoder.js';
import { Pulls } from './pulls.js';
import { WindowCollector } from './window-collector.js';

const startedAt = 1_700_000_000_500;

/** A process of one thread that is sampled each 10 ms, and what is made of it. */
function recording(length: number) {
  const encoder = new RecordingEncoder({ writer: 't', startedAt, rate: 100, title: 'x' });
  const process = encoder.defineProcess({ pid: 7, parentPid: 1, commandLine: [], pythonVersion: '' });
  const thread = encoder.defineThread({ process, threadId: 7, name: 'main', interpreter: 0 });
  const about = { kind: 'python', name: 'f', qualifiedName: 'f', file: 'x.py', shortFile: 'x.py' } as const;
  const stack = encoder.defineStack(
    0,
    encoder.defineFrame(encoder.defineFunction({ ...about, firstLine: 1 }), 1),
  );
  const collector = new WindowCollector(length);
  let time = 0;
  encoder.beginTick(process, 0);
  encoder.endTick();
  return {
    encoder,
    collector,
    /** Samples up to `until` (milliseconds) and collects. */
    to(until: number, context = 0, isLast = false) {
      while (time < until) {
        time += 10;
        encoder.beginTick(process, time * 1000);
        encoder.sample(thread, stack, 0, context);
        encoder.endTick();
      }
      const payload = encoder.takeBlock();
      if (payload) collector.sink.write(payload);
      return collector.collect(time * 1000, isLast);
    },
  };
}

/** When windows begin, and the milliseconds in them: times are stored to some microseconds. */
const times = (windows: readonly ProfileWindow[]) =>
  windows.map(({ from, runs }) => [from - 1_700_000_000_000, Math.round(wholeOfRuns(runs).time / 1000)]);

test('a window comes a second after it has ended, with all that was sampled in it, and nothing comes twice', () => {
  const it = recording(1000);
  assert.deepEqual(times(it.to(400).windows), []);
  assert.deepEqual(times(it.to(1400).windows), []);
  assert.deepEqual(times(it.to(1600).windows), [[0, 500]]);
  assert.deepEqual(times(it.to(3600).windows), [
    [1000, 1000],
    [2000, 1000],
  ]);
  assert.deepEqual(times(it.to(3900, 0, true).windows), [
    [3000, 1000],
    [4000, 400],
  ]);
});

test('all requests of a route have one context, which stays when they are forgotten', () => {
  const it = recording(1000);
  const outer = it.encoder.defineContext({ kind: 'route', values: { route: 'GET /x' }, outer: 0 });
  for (let request = 1; request <= 200; request++) {
    const context = it.encoder.defineContext({ kind: 'request', values: { request: `${request}` }, outer });
    const [window] = it.to(request * 100, context).windows;
    if (!window) continue;
    const profile = it.collector.profileOf(window, 100);
    const routes = new Set<string | undefined>();
    for (let run = 0; run < profile.runs.context.length; run++)
      routes.add(contextValue(profile, profile.runs.context.at(run), 'route'));
    assert.deepEqual([...routes], ['GET /x']);
    assert.equal(profile.contexts.length, 2);
  }
});

test('what is pulled is of the time and the process that was asked for', async () => {
  const it = recording(1000);
  const pulls = new Pulls();
  const hear = (until: number) => {
    const { runs } = it.to(until);
    pulls.hear(it.collector, runs!, startedAt + until);
  };
  hear(300);
  const { signal } = new AbortController();
  const mine = pulls.add(7, 1, signal, startedAt + 350);
  const other = pulls.add(8, 1, signal, startedAt + 350);
  const gone = new AbortController();
  const left = pulls.add(7, 100, gone.signal, startedAt + 350);
  gone.abort();
  for (const until of [700, 1100, 1500]) hear(until);
  assert.equal(wholeOfRuns((await mine)!.window.runs).time, 1e6);
  assert.equal(await other, undefined);
  assert.equal(await left, undefined);
});

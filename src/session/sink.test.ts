import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { type Sample, samplesOf } from '../analysis/samples.js';
import { readRecording } from '../disk/read-recording.js';
import type { Profile } from '../model/profile.js';
import { RecordingDecoder } from '../recording/recording-decoder.js';
import { RecordingEncoder } from '../recording/recording-encoder.js';
import { KeptRecording } from './kept-recording.js';
import { ProfileSink } from './profile-sink.js';
import { RecordingKeeper } from './recording-keeper.js';
import { SampleSink } from './sample-sink.js';
import { type Sink, SinkGroup } from './sink.js';

/**
 * Payloads of a recording of two threads, one of which changes what it runs every third tick, from one payload to the
 * next too.
 */
function payloads(count = 4): Uint8Array[] {
  const encoder = new RecordingEncoder({ writer: 't', startedAt: 0, rate: 1000, title: 'x' });
  const process = encoder.defineProcess({ pid: 7, parentPid: 1, commandLine: [], pythonVersion: '' });
  const [main, worker] = ['main', 'worker'].map((name, index) =>
    encoder.defineThread({ process, threadId: 70 + index, name, interpreter: 0 }),
  );
  const stackOf = (name: string, line: number, parent = 0) => {
    const fn = { name, qualifiedName: name, file: `/app/${name}.py`, shortFile: `${name}.py`, firstLine: 1 };
    const index = encoder.defineFunction({ kind: 'python', ...fn });
    return encoder.defineStack(parent, encoder.defineFrame(index, line));
  };
  return Array.from({ length: count }, (_, block) => {
    for (let tick = block * 10; tick < block * 10 + 10; tick++) {
      const outer = stackOf('outer', 3);
      encoder.beginTick(process, tick * 1000);
      encoder.sample(main!, stackOf(Math.floor(tick / 3) % 2 === 0 ? 'even' : 'odd', tick, outer), 5);
      encoder.sample(worker!, outer, 4);
      encoder.endTick();
    }
    if (block === count - 1) encoder.finish((count * 10 - 1) * 1000);
    return encoder.takeBlock()!;
  });
}

/**
 * What a sink has of each thread: when it began to show which stack, and how many samples that is. Pieces of a stretch
 * are put together.
 */
function stretches(samples: Iterable<Sample>): Record<string, [number, string, number][]> {
  const found: Record<string, [number, string, number][]> = {};
  for (const { thread, stack, time, count } of samples) {
    found[thread.name] ??= [];
    const of = found[thread.name]!;
    const names = stack.map(({ name, line }) => `${name}:${line}`).join(' < ');
    const last = of.at(-1);
    if (last?.[1] === names) last[2] += count;
    else of.push([time, names, count]);
  }
  return found;
}

const wholeOf = (all: readonly Uint8Array[]): Profile => {
  const decoder = new RecordingDecoder();
  for (const payload of all) decoder.feed(payload);
  return decoder.snapshot();
};

interface TestedSink {
  readonly sink: Sink;
  /** What it was given, as far as it can be had of it. */
  received(): Iterable<Sample>;
  clean(): void;
}

/** Every sink there is. */
const kinds: Readonly<Record<string, (folder: string) => TestedSink>> = {
  'a recording that is the output': (folder) => {
    const sink = new RecordingKeeper(`${folder}/run.pyglass`, true, true);
    return {
      sink,
      received: () => samplesOf(readRecording(`${folder}/run.pyglass`)),
      clean: () => sink.release(),
    };
  },
  'a recording beside the output': (folder) => {
    const sink = new RecordingKeeper(`${folder}/run.svg`, false, true);
    return { sink, received: () => samplesOf(sink.readSoFar()), clean: () => sink.remove() };
  },
  'a recording without a name': () => {
    const sink = new KeptRecording('test', 'too large');
    return { sink, received: () => samplesOf(sink.readSoFar()), clean: () => sink.remove() };
  },
  'a profile': () => {
    const sink = new ProfileSink();
    return { sink, received: () => samplesOf(sink.profile()), clean: () => {} };
  },
  'a callback': () => {
    const samples: Sample[] = [];
    return {
      sink: new SampleSink((sample) => samples.push(sample)),
      received: () => samples,
      clean: () => {},
    };
  },
};

async function withSink(make: (folder: string) => TestedSink, act: (tested: TestedSink) => Promise<void>) {
  const folder = mkdtempSync(`${tmpdir()}/pyglass-test-`);
  const tested = make(folder);
  try {
    await act(tested);
  } finally {
    tested.clean();
    rmSync(folder, { recursive: true });
  }
}

/** A sink that fails at the payload of that number, and notes what it hears. */
function failing(at: number, heard: string[] = []): Sink {
  let number = 0;
  return {
    name: 'failing',
    open: () => heard.push('open'),
    write: () => {
      heard.push('write');
      if (number++ === at) throw new Error(`at ${at}`);
    },
    close: () => void heard.push('close'),
  };
}

for (const [kind, make] of Object.entries(kinds)) {
  test(`${kind} gets everything once, in order`, () =>
    withSink(make, async ({ sink, received }) => {
      const all = payloads();
      sink.open?.();
      for (const [index, payload] of all.entries()) {
        sink.write(payload);
        // As it grows, not only at its end.
        assert.deepEqual(stretches(received()), stretches(samplesOf(wholeOf(all.slice(0, index + 1)))));
      }
      await sink.close();
      assert.deepEqual(stretches(received()), stretches(samplesOf(wholeOf(all))));
      assert.equal(Object.keys(stretches(received())).length, 2);
    }));

  test(`${kind} can do without open, and does not change what it gets`, () =>
    withSink(make, async ({ sink, received }) => {
      const [all, same] = [payloads(), payloads()];
      for (const payload of all) sink.write(payload);
      await sink.close();
      assert.deepEqual(all, same);
      assert.deepEqual(stretches(received()), stretches(samplesOf(wholeOf(all))));
    }));

  test(`${kind} is closed where nothing ever came`, () =>
    withSink(make, async ({ sink }) => {
      await sink.close();
    }));

  test(`${kind} loses nothing when others fail, before and after it`, () =>
    withSink(make, async ({ sink, received }) => {
      const errors: unknown[] = [];
      const group = new SinkGroup([failing(0), failing(2), sink, failing(1)], (error) => errors.push(error));
      const all = payloads();
      for (const payload of all) group.write(payload);
      await group.close();
      assert.deepEqual(errors.map(String).sort(), ['Error: at 0', 'Error: at 1', 'Error: at 2']);
      assert.deepEqual(stretches(received()), stretches(samplesOf(wholeOf(all))));
    }));
}

test('a sink is opened once, gets nothing after its error, and is closed once', async () => {
  const heard: string[] = [];
  const errors: [unknown, string][] = [];
  const group = new SinkGroup([failing(1, heard)], (error, { name }) => errors.push([String(error), name]));
  group.open();
  group.open();
  for (const payload of payloads()) group.write(payload);
  await group.close();
  await group.close();
  group.write(payloads()[0]!);
  group.open();
  assert.deepEqual(heard, ['open', 'write', 'write', 'close']);
  assert.deepEqual(errors, [['Error: at 1', 'failing']]);
});

test('a sink that cannot be opened or closed is reported', async () => {
  const errors: string[] = [];
  const others: string[] = [];
  const sinks: Sink[] = [
    {
      name: 'opens',
      open: () => {
        throw new Error('no');
      },
      write: () => others.push('never'),
      close: () => Promise.reject(new Error('still no')),
    },
    { name: 'other', write: () => others.push('write'), close: () => void others.push('close') },
  ];
  const group = new SinkGroup(sinks, (error, { name }) => errors.push(`${name}: ${error}`));
  group.write(payloads(1)[0]!);
  await group.close();
  assert.deepEqual(errors, ['opens: Error: no', 'opens: Error: still no']);
  assert.deepEqual(others, ['write', 'close']);
});

test('a callback that throws ends the streaming alone', async () => {
  const errors: unknown[] = [];
  const profile = new ProfileSink();
  let calls = 0;
  const callback = new SampleSink(() => {
    calls++;
    throw new Error('mine');
  });
  const group = new SinkGroup([callback, profile], (error) => errors.push(String(error)));
  for (const payload of payloads()) group.write(payload);
  await group.close();
  assert.deepEqual(errors, ['Error: mine']);
  assert.equal(calls, 1);
  assert.deepEqual(stretches(samplesOf(profile.profile())), stretches(samplesOf(wholeOf(payloads()))));
});

test('samples have frames in the order that was asked for, and the state', () => {
  const seen = { inner: [] as Sample[], outer: [] as Sample[] };
  for (const [sink] of [
    [new SampleSink((sample) => seen.inner.push(sample))],
    [new SampleSink((sample) => seen.outer.push(sample), 'outermost-first')],
  ] as const)
    for (const payload of payloads(1)) sink.write(payload);
  const [inner, outer] = [seen.inner[0]!, seen.outer[0]!];
  assert.deepEqual(inner.stack, [
    { kind: 'python', name: 'even', file: '/app/even.py', shortFile: 'even.py', line: 0, firstLine: 1 },
    { kind: 'python', name: 'outer', file: '/app/outer.py', shortFile: 'outer.py', line: 3, firstLine: 1 },
  ]);
  assert.deepEqual(outer.stack, [...inner.stack].reverse());
  assert.deepEqual(inner.thread, { pid: 7, threadId: 70, name: 'main', interpreter: 0 });
  const { running, waiting, holdsGil } = inner.state;
  assert.deepEqual({ running, waiting, holdsGil }, { running: false, waiting: true, holdsGil: true });
  // The thread and the frames of the next sample are the same objects.
  const next = seen.inner.find(({ thread, time }) => thread.name === 'main' && time > inner.time)!;
  assert.equal(next.thread, inner.thread);
  assert.equal(next.stack.at(-1), inner.stack.at(-1));
});

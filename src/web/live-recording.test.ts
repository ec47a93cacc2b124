import assert from 'node:assert/strict';
import { test } from 'node:test';
import { functionTable } from '../analysis/function-table.js';
import { wholeOfRuns } from '../analysis/sample-weights.js';
import { defaultView } from '../analysis/view-options.js';
import { blockOf } from '../disk/recording-file.js';
import { zlibCompression } from '../disk/zlib-compression.js';
import { fileMagic, formatVersion } from '../recording/format.js';
import { RecordingDecoder } from '../recording/recording-decoder.js';
import { RecordingEncoder } from '../recording/recording-encoder.js';
import { LiveRecording } from './live-recording.js';

const second = 1_000_000;

/** A thread that is in `f0`, `f1`, … for a second each, ten samples a second; a block a second. */
function payloadsOf(seconds: number): Uint8Array[] {
  const encoder = new RecordingEncoder({ writer: '', startedAt: 1e12, rate: 10, title: 'app' });
  const process = encoder.defineProcess({ pid: 1, parentPid: 0, commandLine: ['app'], pythonVersion: '' });
  const thread = encoder.defineThread({ process, threadId: 1, name: 'main', interpreter: 0 });
  const payloads: Uint8Array[] = [];
  encoder.beginTick(process, 0);
  encoder.endTick();
  for (let at = 0; at < seconds; at++) {
    const name = `f${at}`;
    const names = { kind: 'python' as const, name, qualifiedName: name, file: '/a.py', shortFile: 'a.py' };
    const frame = encoder.defineFrame(encoder.defineFunction({ ...names, firstLine: 1 }), 1);
    const stack = encoder.defineStack(0, frame);
    for (let tick = 1; tick <= 10; tick++) {
      encoder.beginTick(process, at * second + (tick * second) / 10);
      encoder.sample(thread, stack, 0);
      encoder.endTick();
    }
    encoder.losses({ missed: at + 1, retried: 0, torn: 0, truncated: 0, unreadTasks: 0 });
    for (let block = encoder.takeBlock(); block; block = encoder.takeBlock()) payloads.push(block);
  }
  return payloads;
}

const header = Uint8Array.from([...fileMagic, formatVersion]);
const inflate = async (packed: Uint8Array) => zlibCompression.inflate(packed, 1e7);

async function fed(seconds: number, most?: number): Promise<LiveRecording> {
  const recording = new LiveRecording(1, most);
  await recording.add(header, inflate);
  for (const payload of payloadsOf(seconds)) {
    await recording.add(blockOf(payload), inflate);
    recording.profile('all');
  }
  return recording;
}

/** A recording has times to 128 µs. */
const seconds = (time: number) => Math.round(time / (second / 10)) / 10;
const secondsIn = (profile: ReturnType<LiveRecording['profile']>) =>
  Object.fromEntries(
    functionTable(profile, { ...defaultView, lines: 'function' }, 1000)
      .rows.map(({ label, selfTime }) => [label.split(' ')[0], seconds(selfTime)])
      .filter(([, time]) => time !== 0),
  );

test('everything is what a reader of the file gets', async () => {
  const shown = (await fed(20)).profile('all');
  const decoder = new RecordingDecoder();
  for (const payload of payloadsOf(20)) decoder.feed(payload);
  const read = decoder.snapshot();
  assert.deepEqual(secondsIn(shown), secondsIn(read));
  assert.deepEqual(wholeOfRuns(shown.runs), wholeOfRuns(read.runs));
  assert.deepEqual([shown.duration, shown.complete], [read.duration, true]);
});

test('a window has the last of it, and its losses', async () => {
  const recording = await fed(100);
  const last = recording.profile('10s');
  assert.deepEqual(
    secondsIn(last),
    Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`f${90 + at}`, 1])),
  );
  assert.equal(last.duration, 10 * second);
  assert.equal(last.losses.missed, 10);
  const minute = recording.profile('1min');
  assert.equal(Object.keys(secondsIn(minute)).length, 60);
  assert.equal(minute.losses.missed, 60);
  assert.equal(seconds((await fed(5)).profile('10s').duration), 5);
});

test('what came is shown with the next picture, and what is shown is a part of a file', async () => {
  const payloads = payloadsOf(3);
  const recording = new LiveRecording(1);
  await recording.add(Buffer.concat([header, blockOf(payloads[0]!)]), inflate);
  const { duration } = recording.profile('all');
  assert.equal(seconds(duration), 1);
  const { end } = recording.shown;
  assert.equal(end, recording.received);
  await recording.add(blockOf(payloads[1]!), inflate);
  assert.deepEqual(recording.shown, { end, duration });
  assert.equal(seconds(recording.profile('all').duration), 2);
  // While it is unpacked, the page is asked for what it shows.
  const before = recording.received;
  let unpack = () => {};
  const isUnpacked = new Promise<void>((resolve) => {
    unpack = resolve;
  });
  const added = recording.add(blockOf(payloads[2]!), async (packed) => {
    await isUnpacked;
    return inflate(packed);
  });
  assert.equal(seconds(recording.profile('all').duration), 2);
  assert.equal(recording.shown.end, before);
  unpack();
  await added;
  const half = blockOf(payloads[2]!);
  await recording.add(half.subarray(0, 5), inflate);
  recording.profile('all');
  assert.equal(recording.shown.end, recording.received - 5);
});

test('a page forgets what is too much for it, and says from when on it goes', async () => {
  const recording = await fed(50, 15);
  const all = recording.profile('all');
  assert.ok(all.runs.stack.length <= 17, `${all.runs.stack.length} runs`);
  assert.ok(recording.forgotten > 0);
  assert.equal(all.duration, recording.shown.duration - recording.forgotten);
  const times = secondsIn(all);
  const [first] = Object.keys(times).sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
  assert.equal(Number(first!.slice(1)), seconds(recording.forgotten));
  assert.equal(times['f49'], 1);
  assert.equal(all.losses.missed, 50 - seconds(recording.forgotten));
  assert.equal(seconds(recording.shown.duration), 50);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import type { Profile } from '../model/profile.js';
import { RecordingDecoder } from './recording-decoder.js';
import { RecordingEncoder } from './recording-encoder.js';

/** So high a rate that times are told to the microsecond. */
const info = { writer: '0.1.0', startedAt: 1_700_000_000_000, rate: 20_000, title: 'python app.py' };
const app = { kind: 'python', file: '/app.py', shortFile: 'app.py', firstLine: 1 } as const;

/** What one thread shows at each tick: -1 absent, otherwise a stack of that many frames of functions named by depth. */
interface Script {
  readonly deltas: readonly number[];
  readonly threads: readonly (readonly number[])[];
  /** Ticks after which a block is written. */
  readonly blocks: ReadonlySet<number>;
}

const scripts = fc
  .record({ ticks: fc.integer({ min: 1, max: 40 }), threads: fc.integer({ min: 1, max: 4 }) })
  .chain(({ ticks, threads }) =>
    fc.record({
      deltas: fc.array(fc.integer({ min: 0, max: 70_000 }), { minLength: ticks, maxLength: ticks }),
      threads: fc.array(fc.array(fc.integer({ min: -1, max: 3 }), { minLength: ticks, maxLength: ticks }), {
        minLength: threads,
        maxLength: threads,
      }),
      blocks: fc.uniqueArray(fc.integer({ min: 0, max: ticks - 1 })).map((ends) => new Set(ends)),
    }),
  );

function encode({ deltas, threads, blocks }: Script): Uint8Array[] {
  const encoder = new RecordingEncoder(info);
  const process = encoder.defineProcess({
    pid: 7,
    parentPid: 1,
    commandLine: ['python', 'é'],
    pythonVersion: '3.11.7',
  });
  const ids = threads.map((_, index) =>
    encoder.defineThread({ process, threadId: 7 + index, name: `t${index}`, interpreter: 0 }),
  );
  const stackOf = (depth: number) => {
    let stack = 0;
    for (let level = 1; level <= depth; level++) {
      const name = `f${level}`;
      const fn = encoder.defineFunction({ ...app, name, qualifiedName: name });
      stack = encoder.defineStack(stack, encoder.defineFrame(fn, level));
    }
    return stack;
  };
  const payloads: Uint8Array[] = [];
  let time = 0;
  for (const [tick, delta] of deltas.entries()) {
    time += delta;
    encoder.beginTick(process, time);
    for (const [index, states] of threads.entries())
      if (states[tick]! >= 0) encoder.sample(ids[index]!, stackOf(states[tick]!), 0);
    encoder.endTick();
    const payload = blocks.has(tick) ? encoder.takeBlock() : undefined;
    if (payload) payloads.push(payload);
  }
  encoder.finish(time);
  payloads.push(encoder.takeBlock()!);
  return payloads;
}

/** Thread, depth of the stack, start, duration and samples of each run: by the simplest means. */
function expectedRuns({ deltas, threads }: Script): number[][] {
  return threads.flatMap((states, thread) => {
    const runs: number[][] = [];
    let time = 0;
    let before = Number.NaN;
    for (const [tick, delta] of deltas.entries()) {
      time += delta;
      const start = tick === 0 ? time : time - delta;
      const state = states[tick]!;
      if (state === before && state >= 0) {
        const last = runs.at(-1)!;
        last[3]! += time - start;
        last[4]!++;
      } else if (state >= 0) runs.push([thread, state, start, time - start, 1]);
      before = state;
    }
    return runs;
  });
}

function runsOf(profile: Profile): number[][] {
  const { runs, stacks } = profile;
  const depth = (stack: number): number => (stack === 0 ? 0 : 1 + depth(stacks.parent.at(stack)));
  return Array.from({ length: runs.stack.length }, (_, run) => [
    runs.thread.at(run),
    depth(runs.stack.at(run)),
    runs.start.at(run),
    runs.duration.at(run),
    runs.samples.at(run),
  ]).sort((a, b) => a[0]! - b[0]! || a[2]! - b[2]! || a[3]! - b[3]!);
}

function decode(payloads: readonly Uint8Array[]): Profile {
  const decoder = new RecordingDecoder();
  for (const payload of payloads) decoder.feed(payload);
  return decoder.snapshot();
}

test('what is decoded is what was encoded', () => {
  fc.assert(
    fc.property(scripts, (script) => {
      const profile = decode(encode(script));
      const expected = expectedRuns(script).sort((a, b) => a[0]! - b[0]! || a[2]! - b[2]! || a[3]! - b[3]!);
      assert.deepEqual(runsOf(profile), expected);
      assert.equal(profile.damagedBlocks, 0);
      assert.equal(profile.complete, true);
      assert.deepEqual(profile.info, info);
      assert.deepEqual(profile.processes, [
        { pid: 7, parentPid: 1, commandLine: ['python', 'é'], pythonVersion: '3.11.7' },
      ]);
      assert.deepEqual(
        profile.threads.map(({ name, threadId }) => [name, threadId]),
        script.threads.map((_, index) => [`t${index}`, 7 + index]),
      );
      for (let frame = 0; frame < profile.frames.line.length; frame++) {
        const { name } = profile.functions[profile.frames.function.at(frame)]!;
        assert.equal(name, `f${profile.frames.line.at(frame)}`);
      }
    }),
  );
});

test('without its end a recording is not complete, and nothing else is missing', () => {
  const script = { deltas: [5, 1000, 1000], threads: [[1, 1, 2]], blocks: new Set([2]) };
  const [all] = encode(script);
  const profile = decode([all!]);
  assert.equal(profile.complete, false);
  assert.equal(profile.duration, 2005);
  assert.deepEqual(runsOf(profile), expectedRuns(script));
});

test('a repeated tick is one with the same samples, also as the first of a block', () => {
  const encodeWith = (repeats: boolean) => {
    const encoder = new RecordingEncoder(info);
    const [first, second] = [7, 8].map((pid) =>
      encoder.defineProcess({ pid, parentPid: 1, commandLine: [], pythonVersion: '3.11.7' }),
    );
    const [a, b, c] = [first, first, second].map((process, id) =>
      encoder.defineThread({ process: process!, threadId: id, name: '', interpreter: 0 }),
    );
    const fn = encoder.defineFunction({ ...app, name: 'f', qualifiedName: 'f' });
    const stack = encoder.defineStack(0, encoder.defineFrame(fn, 1));
    const context = encoder.defineContext({ kind: 'labels', values: { of: 'b' }, outer: 0 });
    const tick = (time: number) => {
      encoder.beginTick(first!, time);
      encoder.sample(a!, 0, 1);
      encoder.sample(b!, stack, 2, context);
      encoder.endTick();
    };
    const other = (time: number) => {
      encoder.beginTick(second!, time);
      encoder.sample(c!, stack, time % 2);
      encoder.endTick();
    };
    const again = repeats ? (time: number) => encoder.repeatTick(first!, time) : tick;
    const blocks: Uint8Array[] = [];
    const take = () => blocks.push(encoder.takeBlock()!);
    tick(100);
    other(101);
    again(200);
    take();
    other(201);
    again(300);
    again(400);
    take();
    again(500);
    encoder.finish(500);
    take();
    return blocks;
  };
  const blocks = encodeWith(true);
  assert.deepEqual(blocks, encodeWith(false));
  assert.deepEqual(
    runsOf(decode(blocks))
      .map(([thread, depth, , duration, samples]) => [thread, depth, duration, samples])
      .slice(0, 2),
    [
      [0, 0, 400, 5],
      [1, 1, 400, 5],
    ],
  );
});

test('a lost block costs its own time only; what it defined is told as lost', () => {
  const encoder = new RecordingEncoder(info);
  const process = encoder.defineProcess({ pid: 7, parentPid: 1, commandLine: [], pythonVersion: '' });
  const thread = encoder.defineThread({ process, threadId: 7, name: 'main', interpreter: 0 });
  const payloads: Uint8Array[] = [];
  for (const [index, name] of ['a', 'b', 'a'].entries()) {
    const fn = encoder.defineFunction({ ...app, name, qualifiedName: name });
    const stack = encoder.defineStack(0, encoder.defineFrame(fn, 1));
    for (let tick = 0; tick < 10; tick++) {
      encoder.beginTick(process, (index * 10 + tick) * 1000);
      encoder.sample(thread, index === 2 && tick >= 5 ? 2 : stack, 0);
      encoder.endTick();
    }
    payloads.push(encoder.takeBlock()!);
  }
  const decoder = new RecordingDecoder();
  decoder.feed(payloads[0]!);
  decoder.skipDamaged();
  decoder.feed(payloads[2]!);
  const profile = decoder.snapshot();
  assert.equal(profile.damagedBlocks, 1);
  const seen = Array.from({ length: profile.runs.stack.length }, (_, run) => {
    const frame = profile.stacks.frame.at(profile.runs.stack.at(run));
    return [profile.functions[profile.frames.function.at(frame)]!.name, profile.runs.samples.at(run)];
  });
  assert.deepEqual(seen, [
    ['a', 10],
    ['a', 5],
    ['<lost>', 5],
  ]);
});

test('kinds of entry that came later are passed over', () => {
  const script = { deltas: [5, 1000], threads: [[1, 1]], blocks: new Set<number>() };
  const [payload] = encode(script);
  const unknown = Uint8Array.from([99, 3, 255, 255, 255]);
  assert.deepEqual(
    runsOf(decode([Uint8Array.from([...unknown, ...payload!, ...unknown])])),
    expectedRuns(script),
  );
});

test('damaged payloads never throw, and are counted', () => {
  fc.assert(
    fc.property(
      scripts,
      fc.array(fc.record({ at: fc.nat(), value: fc.nat(255) }), { maxLength: 8 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (script, flips, cut) => {
        const payloads = encode(script).map((payload) => payload.slice(0, Math.ceil(payload.length * cut)));
        for (const { at, value } of flips) {
          const payload = payloads[at % payloads.length]!;
          if (payload.length > 0) payload[at % payload.length] = value;
        }
        const profile = decode(payloads);
        assert.ok(profile.damagedBlocks <= payloads.length);
        const size = payloads.reduce((sum, payload) => sum + payload.length, 0);
        assert.ok(profile.runs.stack.length <= size + 10);
        for (const [thread, , , duration, samples] of runsOf(profile)) {
          assert.ok(profile.threads[thread!] && duration! >= 0 && samples! >= 0);
        }
      },
    ),
  );
});

test('random bytes are no recording, and no error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      assert.ok(decode([bytes]).damagedBlocks <= 1);
    }),
  );
});

test('times are told in steps that suit the rate, and their errors do not add up', () => {
  for (const [rate, step] of [
    [100, 128],
    [1000, 16],
    [20_000, 1],
  ] as const) {
    const encoder = new RecordingEncoder({ ...info, rate });
    const process = encoder.defineProcess({ pid: 7, parentPid: 1, commandLine: [], pythonVersion: '' });
    const thread = encoder.defineThread({ process, threadId: 7, name: 'main', interpreter: 0 });
    const decoder = new RecordingDecoder();
    const ticks = 1000;
    const micros = (tick: number) => ((tick + ((tick * 7919) % 101) / 101) * 1e6) / rate;
    for (let tick = 0; tick < ticks; tick++) {
      encoder.beginTick(process, micros(tick));
      // Another stack at every tick: each interval is a run of its own.
      encoder.sample(thread, 0, tick % 2);
      encoder.endTick();
      if (tick % 300 === 299) decoder.feed(encoder.takeBlock()!);
    }
    decoder.feed(encoder.takeBlock()!);
    const { start, duration } = decoder.snapshot().runs;
    assert.equal(start.length, ticks);
    for (let run = 1; run < ticks; run++) {
      assert.equal(start.at(run) % step, 0);
      assert.ok(
        Math.abs(start.at(run) - micros(run - 1)) <= step / 2 + 0.5,
        `tick ${run} at ${start.at(run)}`,
      );
      assert.ok(Math.abs(start.at(run) + duration.at(run) - micros(run)) <= step / 2 + 0.5);
    }
  }
});

test('a minute at 1 kHz takes at most two bytes a sample', () => {
  const encoder = new RecordingEncoder({ ...info, rate: 1000 });
  const process = encoder.defineProcess({ pid: 7, parentPid: 1, commandLine: [], pythonVersion: '3.12.1' });
  const thread = encoder.defineThread({ process, threadId: 7, name: 'main', interpreter: 0 });
  const stacks = Array.from({ length: 30 }, (_, index) => {
    const fn = encoder.defineFunction({ ...app, name: `f${index}`, qualifiedName: `f${index}` });
    return encoder.defineStack(0, encoder.defineFrame(fn, index));
  });
  let seed = 1;
  const random = () => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return seed / 0x7fffffff;
  };
  let bytes = 0;
  let time = 0;
  const samples = 60_000;
  for (let tick = 1; tick <= samples; tick++) {
    time += 500 + random() * 1000;
    encoder.beginTick(process, time);
    // Some stacks are seen more than others, as in real programs; nine of ten samples differ from the one before.
    encoder.sample(thread, stacks[Math.floor(random() ** 2 * 30)]!, 0);
    encoder.endTick();
    if (tick % 400 === 0) bytes += 12 + deflateRawSync(encoder.takeBlock()!).length;
  }
  assert.ok(bytes / samples <= 2, `${bytes / samples} bytes a sample`);
});

test('a recording of ever new stacks remembers a bounded number of them, and tells all', () => {
  const encoder = new RecordingEncoder(info);
  const decoder = new RecordingDecoder();
  const process = encoder.defineProcess({ pid: 7, parentPid: 1, commandLine: [], pythonVersion: '' });
  const thread = encoder.defineThread({ process, threadId: 7, name: 'main', interpreter: 0 });
  const fn = encoder.defineFunction({ ...app, name: 'f', qualifiedName: 'f' });
  const defined = 500_001;
  const first = encoder.defineStack(0, encoder.defineFrame(fn, 1));
  for (let line = 2; line <= defined; line++) encoder.defineStack(first, encoder.defineFrame(fn, line));
  // It was forgotten, so it is another row; its parent is meant all the same.
  const again = encoder.defineStack(first, encoder.defineFrame(fn, 2));
  assert.equal(again, defined + 1);
  assert.equal(encoder.defineStack(first, encoder.defineFrame(fn, 2)), again);
  encoder.beginTick(process, 0);
  encoder.sample(thread, again, 0);
  encoder.endTick();
  decoder.feed(encoder.takeBlock()!);
  const { stacks, frames, runs } = decoder.snapshot();
  const stack = runs.stack.at(0);
  assert.equal(frames.line.at(stacks.frame.at(stack)), 2);
  assert.equal(frames.line.at(stacks.frame.at(stacks.parent.at(stack))), 1);
});

test('forgotten runs begin anew and go on', () => {
  const script = { deltas: [0, 1000, 1000, 1000], threads: [[1, 1, 1, 2]], blocks: new Set([1]) };
  const [first, second] = encode(script);
  const decoder = new RecordingDecoder();
  decoder.feed(first!);
  decoder.snapshot();
  decoder.forgetRuns();
  decoder.feed(second!);
  assert.deepEqual(runsOf(decoder.snapshot()), [
    [0, 1, 1000, 1000, 1],
    [0, 2, 2000, 1000, 1],
  ]);
});

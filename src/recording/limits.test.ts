import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ByteSink } from '../bytes/byte-sink.js';
import type { Profile } from '../model/profile.js';
import { EntryKind, maxBlockBytes } from './format.js';
import { RecordingDecoder } from './recording-decoder.js';
import { RecordingEncoder } from './recording-encoder.js';

const info = { writer: 't', startedAt: 0, rate: 1000, title: 'x' };

function decodeAll(encoder: RecordingEncoder): Profile {
  const decoder = new RecordingDecoder();
  for (let block = encoder.takeBlock(); block; block = encoder.takeBlock()) {
    assert.ok(block.length <= maxBlockBytes);
    decoder.feed(block);
  }
  return decoder.snapshot();
}

/** Any number at all: what stands in the memory of a process that changes may be read as one. */
const numbers = fc.oneof(
  fc.double(),
  fc.constantFrom(0, -1, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 40, 2 ** 53 - 1, 2 ** 53, 2 ** 64, 1e300),
  fc.nat(),
);
const texts = fc
  .tuple(
    fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\ud800', '\udc00', '\u0000', '')),
    fc.constantFrom(1, 3, 70_000),
  )
  .map(([text, times]) => text.repeat(times));

test('whatever the encoder is given, the decoder takes', () => {
  fc.assert(
    fc.property(
      fc.record({ rate: numbers, startedAt: numbers, title: texts, writer: texts }),
      fc.array(numbers, { minLength: 12, maxLength: 12 }),
      fc.array(numbers, { maxLength: 8 }),
      fc.array(texts, { minLength: 1, maxLength: 4 }),
      (any, n, times, words) => {
        const encoder = new RecordingEncoder(any);
        const process = encoder.defineProcess({
          ...{ pid: n[0]!, parentPid: n[1]!, commandLine: words, pythonVersion: words[0]! },
        });
        const threads = [2, 3].map((at) =>
          encoder.defineThread({ process, threadId: n[at]!, name: words[0]!, interpreter: n[at + 2]! }),
        );
        const fn = encoder.defineFunction({
          ...{ kind: 'python', name: words[0]!, qualifiedName: words.at(-1)!, file: words[0]! },
          ...{ shortFile: '', firstLine: n[6]! },
        });
        const stack = encoder.defineStack(0, encoder.defineFrame(fn, n[7]!));
        const values = Object.fromEntries(words.map((word, at) => [word, words.at(-at)!]));
        const outer = encoder.defineContext({ kind: words[0]!, values, outer: 0 });
        const context = encoder.defineContext({ kind: 'task', values, outer });
        for (const [tick, time] of times.entries()) {
          encoder.beginTick(process, time);
          for (const thread of threads)
            encoder.sample(thread, stack, Math.trunc(n[tick % 12]!) | 0, [0, outer, context][tick % 3]!);
          encoder.endTick();
        }
        encoder.renameThread(threads[1]!, words.at(-1)!);
        encoder.threadEnded(threads[0]!, n[8]!);
        encoder.losses({
          missed: n[9]!,
          retried: n[10]!,
          torn: n[11]!,
          truncated: n[0]!,
          unreadTasks: n[2]!,
        });
        encoder.finish(n[1]!);
        const profile = decodeAll(encoder);
        assert.equal(profile.damagedBlocks, 0);
        assert.equal(profile.complete, true);
        assert.equal(profile.threads.length, 2);
        assert.equal(profile.functions.length, 1);
        assert.equal(profile.contexts.length, 3);
        for (const [index, at] of [2, 3].entries()) {
          const expected = n[at]! > 0 && n[at]! < 2 ** 31 ? Math.round(n[at]!) : 0;
          assert.ok([expected, 0].includes(profile.threads[index]!.threadId));
        }
        assert.equal(profile.processes[0]!.commandLine.length, words.length);
      },
    ),
    { numRuns: 40 },
  );
});

test('what is too large for one block is several, and none is refused', () => {
  const encoder = new RecordingEncoder(info);
  const names = 400;
  for (let index = 0; index < names; index++) {
    const name = `${index}${'\u4e00'.repeat(65_000)}`;
    encoder.defineFunction({
      ...{ kind: 'python', name, qualifiedName: name, file: 'a.py', shortFile: 'a.py', firstLine: 1 },
    });
  }
  const profile = decodeAll(encoder);
  assert.equal(profile.damagedBlocks, 0);
  assert.equal(profile.functions.length, names);
  assert.ok(profile.functions.every(({ name }, index) => name.startsWith(`${index}\u4e00`)));
});

test('ticks of more changes than a block takes are several', () => {
  const encoder = new RecordingEncoder(info);
  const process = encoder.defineProcess({ pid: 7, parentPid: 1, commandLine: [], pythonVersion: '' });
  const threads = Array.from({ length: 20_000 }, (_, index) =>
    encoder.defineThread({ process, threadId: index + 1, name: '', interpreter: 0 }),
  );
  const ticks = 26;
  for (let tick = 1; tick <= ticks; tick++) {
    encoder.beginTick(process, tick * 1000);
    for (const thread of threads) encoder.sample(thread, 0, tick);
    encoder.endTick();
  }
  let blocks = 0;
  const decoder = new RecordingDecoder();
  for (let block = encoder.takeBlock(); block; block = encoder.takeBlock(), blocks++) decoder.feed(block);
  const { damagedBlocks, runs } = decoder.snapshot();
  assert.equal(damagedBlocks, 0);
  assert.ok(blocks > 1);
  assert.equal(runs.stack.length, ticks * threads.length);
});

/** A payload of one entry, with so many zeros at its end, which are never copied. */
function entry(kind: number, write: (body: ByteSink) => void, zeros = 0): Uint8Array {
  const body = new ByteSink();
  write(body);
  const out = new ByteSink();
  out.varint(kind);
  out.varint(body.length + zeros);
  out.append(body.written);
  const payload = new Uint8Array(out.length + zeros);
  payload.set(out.written);
  return payload;
}

function table(kind: number, first: number, count: number, columns: number): Uint8Array {
  return entry(
    kind,
    (body) => {
      body.varint(first);
      body.varint(count);
    },
    count * columns,
  );
}

/** Payloads that deflate to a thousandth: so many bytes are of the file. */
const stored = 62_000;

for (const [what, kind, columns, count, held] of [
  ['processes', EntryKind.processes, 4, 16_000_000, (profile: Profile) => profile.processes.length],
  ['threads', EntryKind.threads, 5, 13_000_000, (profile: Profile) => profile.threads.length],
  ['functions', EntryKind.functions, 6, 11_000_000, (profile: Profile) => profile.functions.length],
  ['frames', EntryKind.frames, 2, 32_000_000, (profile: Profile) => profile.frames.line.length],
  ['contexts', EntryKind.contexts, 3, 21_000_000, (profile: Profile) => profile.contexts.length - 1],
  ['stacks', EntryKind.stacks, 2, 32_000_000, (profile: Profile) => profile.stacks.frame.length - 1],
] as const) {
  test(`more ${what} than a file of its size can hold are damage; what came before is read`, () => {
    const decoder = new RecordingDecoder();
    const first = kind === EntryKind.stacks || kind === EntryKind.contexts ? 1 : 0;
    decoder.feed(table(kind, first, 10, columns), 100);
    const before = held(decoder.snapshot());
    decoder.feed(table(kind, first + 10, count, columns), stored);
    const profile = decoder.snapshot();
    assert.equal(profile.damagedBlocks, 1);
    assert.equal(held(profile), before);
  });
}

test('more strings, entries, runs or ticks than there may be are damage', () => {
  const refused = (payload: Uint8Array) => {
    const decoder = new RecordingDecoder();
    decoder.feed(payload, stored);
    const profile = decoder.snapshot();
    assert.equal(profile.damagedBlocks, 1);
    assert.equal(profile.runs.stack.length, 0);
  };
  refused(table(EntryKind.strings, 0, 30_000_000, 1));
  refused(new Uint8Array(30_000_000));
  refused(
    entry(
      EntryKind.ticks,
      (body) => {
        for (const value of [0, 1, 1, 0, 0, 1, 0, 0, 12_000_000]) body.varint(value);
      },
      48_000_000,
    ),
  );
  refused(
    entry(
      EntryKind.ticks,
      (body) => {
        for (const value of [0, 1, 1, 0, 0, 30_000_000]) body.varint(value);
      },
      60_000_000,
    ),
  );
});

test('contexts with more values, or further within each other, than a writer stores', () => {
  const decoder = new RecordingDecoder();
  const values = 65;
  decoder.feed(
    entry(EntryKind.contexts, (body) => {
      for (const value of [1, 1, 0, 0, values]) body.varint(value);
      body.append(new Uint8Array(2 * values));
    }),
  );
  assert.equal(decoder.snapshot().damagedBlocks, 1);
  const deep = 100_000;
  decoder.feed(
    entry(EntryKind.contexts, (body) => {
      body.varint(1);
      body.varint(deep);
      body.append(new Uint8Array(deep));
      for (let row = 0; row < deep; row++) body.varint(row === 0 ? 0 : 1);
      body.append(new Uint8Array(deep));
    }),
  );
  const { contexts, damagedBlocks } = decoder.snapshot();
  assert.equal(damagedBlocks, 1);
  assert.equal(contexts.length, 1 + deep);
  let depth = 0;
  for (let at = deep; at !== 0; at = contexts[at]!.outer) depth++;
  assert.equal(depth, 16);
});

test('a description that is deep or long is damage, and costs nothing', () => {
  for (const json of ['['.repeat(500_000), `{"title":"${'x'.repeat(3 << 20)}"}`, `${'{"a":'.repeat(20)}1`]) {
    const decoder = new RecordingDecoder();
    decoder.feed(entry(EntryKind.info, (body) => body.append(Buffer.from(json))));
    assert.equal(decoder.snapshot().damagedBlocks, 1);
  }
  const decoder = new RecordingDecoder();
  const title = '[[[[[[[[[[[[[[[[[[[[[[ "{{{\\';
  decoder.feed(
    entry(EntryKind.info, (body) => body.append(Buffer.from(JSON.stringify({ title, later: [[1]] })))),
  );
  assert.equal(decoder.snapshot().info.title, title);
});

test('a string that is longer than a writer may store is cut', () => {
  const decoder = new RecordingDecoder();
  const long = 40 << 20;
  const strings = entry(EntryKind.strings, (body) => {
    for (const value of [0, 1, long]) body.varint(value);
    body.append(new Uint8Array(long).fill(97));
  });
  decoder.feed(strings, stored);
  decoder.feed(table(EntryKind.threads, 0, 1, 5));
  const { damagedBlocks, threads } = decoder.snapshot();
  assert.equal(damagedBlocks, 0);
  assert.equal(threads[0]!.name, 'a'.repeat(65536));
});

test('ids that early writers stored too large are not known, and the rest of the block is read', () => {
  const decoder = new RecordingDecoder();
  decoder.feed(
    entry(EntryKind.threads, (body) => {
      for (const value of [0, 2, 0, 0, 2 ** 40, 7, 0, 0, 0, 0]) body.varint(value);
    }),
  );
  const { damagedBlocks, threads } = decoder.snapshot();
  assert.equal(damagedBlocks, 0);
  assert.deepEqual(
    threads.map(({ threadId }) => threadId),
    [0, 7],
  );
});

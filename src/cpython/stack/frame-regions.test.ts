import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeMemory } from '../../memory/fake-memory.js';
import { pointerAt } from '../../memory/pointers.js';
import { ReadPlan } from '../../memory/read-plan.js';
import type { Layout } from '../layout.js';
import { python3_10 } from '../layouts/python3_10.js';
import { python3_13 } from '../layouts/python3_13.js';
import { FrameRegions } from './frame-regions.js';

const base = 0x20000;
const frameBytes = 112;
/** Where the code object of all frames lies, its type, and the name of that. */
const [code, codeType, codeName] = [0x1000, 0x1100, 0x1800];

/** Memory with a code object, and what `put` writes from `base` on. */
function memoryWith(layout: Layout, put: (set: (place: number, value: number) => void) => void): FakeMemory {
  const objects = new DataView(new ArrayBuffer(4096));
  objects.setBigUint64(code - 0x1000 + layout.object.type, BigInt(codeType), true);
  objects.setBigUint64(codeType - 0x1000 + layout.type.name, BigInt(codeName), true);
  new Uint8Array(objects.buffer).set(new TextEncoder().encode('code'), codeName - 0x1000);
  const frames = new DataView(new ArrayBuffer(1 << 16));
  put((place, value) => frames.setBigUint64(place, BigInt(value), true));
  const memory = new FakeMemory();
  memory.put(0x1000, new Uint8Array(objects.buffer));
  memory.put(base, new Uint8Array(frames.buffer));
  return memory;
}

/**
 * Frame objects of 3.10 at these places after `base`, each called by the next; those from `frameCount` on are no
 * frames.
 */
function frames(places: readonly number[], frameCount = places.length) {
  const addresses = places.map((place) => base + place);
  const memory = memoryWith(python3_10, (set) => {
    places.forEach((place, at) => {
      set(place + python3_10.frame.previous, addresses[at + 1] ?? 0);
      if (at < frameCount) set(place + python3_10.frame.code, code);
    });
  });
  const regions = new FrameRegions(python3_10, frameBytes);
  regions.cover(memory, 0, addresses[0]!);
  return { addresses, memory, regions };
}

function callersIn({ addresses, memory, regions }: ReturnType<typeof frames>) {
  const plan = new ReadPlan();
  regions.addTo(plan);
  const copy = new Uint8Array(plan.bytes);
  assert.equal(memory.readMany(plan, copy), plan.bytes);
  const words = new Uint32Array(copy.buffer);
  const callers = addresses.map((address) => {
    const offset = regions.offsets[regions.regionOf(address, -1)]!;
    return pointerAt(words, offset + python3_10.frame.previous);
  });
  return { callers, regions: plan.count };
}

test('frame objects near each other are read as one, and each is found in the copy', () => {
  const near = frames([3000, 2000, 2504, 400]);
  const { callers, regions } = callersIn(near);
  assert.deepEqual(callers, [...near.addresses.slice(1), 0]);
  assert.equal(regions, 2);
});

test('frame objects far from each other are read apart', () => {
  const far = frames([0, 20000, 40000]);
  const { callers, regions } = callersIn(far);
  assert.deepEqual(callers, [...far.addresses.slice(1), 0]);
  assert.equal(regions, 3);
});

test('all frames of what cannot be read any more are forgotten, and no others', () => {
  const { regions } = frames([3000, 2000, 2504, 20000]);
  regions.drop(base + 2000, 1112);
  assert.equal(regions.count, 1);
  assert.equal(regions.regionOf(base + 20000, -1), 0);
  assert.equal(regions.regionOf(base + 2504, -1), -1);
});

test('a link that leads to something else than a frame is not followed', () => {
  const { addresses, regions } = frames([0, 20000, 40000, 50000], 2);
  assert.equal(regions.count, 2);
  assert.ok(regions.regionOf(addresses[1]!, -1) >= 0);
  assert.equal(regions.regionOf(addresses[2]!, -1), -1);
});

/** Two chunks of 3.13, a frame in each, the frame of the second called by that of the first. */
function chunks() {
  const { stackChunk, frame, threadState } = python3_13;
  const [first, second] = [base, base + 0x8000];
  const [outer, inner] = [first + stackChunk.data, second + stackChunk.data];
  const thread = 0x30000;
  const memory = memoryWith(python3_13, (set) => {
    set(stackChunk.size, 0x4000);
    set(0x8000 + stackChunk.size, 0x4000);
    set(0x8000 + stackChunk.previous, first);
    set(0x8000 + stackChunk.data + frame.previous, outer);
  });
  const state = new BigUint64Array(512);
  state[threadState.dataStackChunk >> 3] = BigInt(second);
  memory.put(thread, new Uint8Array(state.buffer));
  const regions = new FrameRegions(python3_13, frameBytes);
  regions.cover(memory, thread, inner);
  return { regions, inner, outer };
}

/**
 * A thread of 3.13 whose stack takes up `chunkCount` chunks of 16 kB, from the innermost frame's on, with two frames in
 * each. `generators`: the first frame of each chunk was called through a generator's frame, which lies outside.
 */
function manyChunks(chunkCount: number, generators: boolean) {
  const { stackChunk, frame, threadState } = python3_13;
  const [size, firstChunk, firstGenerator, thread] = [0x4000, 0x100_0000, 0x800_0000, 0x30000];
  const memory = memoryWith(python3_13, () => {});
  const piece = (address: number, length: number, values: readonly (readonly [number, number])[]) => {
    const bytes = new DataView(new ArrayBuffer(length));
    for (const [place, value] of values) bytes.setBigUint64(place, BigInt(value), true);
    memory.put(address, new Uint8Array(bytes.buffer));
  };
  const frames: number[] = [];
  for (let at = 0; at < chunkCount; at++) {
    const chunk = firstChunk + at * size;
    const outer = chunk + stackChunk.data;
    const inner = outer + 0x1000;
    const caller = at === 0 ? 0 : frames[0]!;
    const generator = firstGenerator + at * 0x1000;
    const through = generators && caller !== 0;
    if (through)
      piece(generator, 0x1000, [
        [frame.code, code],
        [frame.previous, caller],
      ]);
    piece(chunk, size, [
      [stackChunk.size, size],
      [stackChunk.previous, at === 0 ? 0 : chunk - size],
      [stackChunk.data + frame.previous, through ? generator : caller],
      [stackChunk.data + 0x1000 + frame.previous, outer],
    ]);
    frames.unshift(inner, outer, ...(through ? [generator] : []));
  }
  const state = new BigUint64Array(512);
  state[threadState.dataStackChunk >> 3] = BigInt(firstChunk + (chunkCount - 1) * size);
  memory.put(thread, new Uint8Array(state.buffer));
  return { frames, memory, regions: new FrameRegions(python3_13, frameBytes), thread };
}

for (const generators of [false, true])
  test(`a stack of 85 chunks${generators ? ' with generators between them' : ''} is covered at once`, () => {
    const { frames, memory, regions, thread } = manyChunks(85, generators);
    assert.equal(regions.cover(memory, thread, frames[0]!), true);
    assert.equal(regions.chunkCount, 85);
    for (const frame of frames) assert.ok(regions.regionOf(frame, 0) >= 0);
  });

test('generators between frames that are covered already are covered at once', () => {
  const { frames, memory, regions, thread } = manyChunks(6, true);
  const inChunks = frames.filter((frame) => frame < 0x800_0000);
  const plain = manyChunks(6, false);
  regions.cover(plain.memory, plain.thread, inChunks[0]!);
  assert.equal(regions.count, 6);
  assert.equal(regions.cover(memory, thread, frames[2]!), true);
  for (const frame of frames) assert.ok(regions.regionOf(frame, 0) >= 0);
});

test('of a stack that is deeper than is followed, no more is copied than is followed', () => {
  const { frames, memory, regions, thread } = manyChunks(4000, false);
  regions.cover(memory, thread, frames[0]!);
  let bytes = 0;
  for (let region = 0; region < regions.count; region++) bytes += regions.lengths[region]!;
  assert.ok(bytes <= 32 << 20, `${bytes} bytes`);
});

/** Adds both kinds of regions, as a thread's plan does. */
function planOf(regions: FrameRegions): ReadPlan {
  const plan = new ReadPlan();
  regions.addTo(plan);
  plan.add(base, 8);
  regions.addVanishing(plan);
  return plan;
}

test('a chunk that was unmapped once is read last, and may be missing', () => {
  const { regions, inner, outer } = chunks();
  const before = planOf(regions);
  assert.equal(before.requiredBytes, before.bytes);
  const region = regions.regionOf(inner, 0);
  assert.equal(regions.drop(regions.addresses[region]!, regions.lengths[region]!), true);
  const after = planOf(regions);
  assert.equal(after.count, before.count);
  assert.equal(after.requiredBytes, after.bytes - regions.lengths[region]!);
  assert.equal(after.addressOf(after.count - 1), regions.addresses[region]);
  regions.copied = after.requiredBytes;
  assert.equal(regions.isCopied(regions.regionOf(inner, 0)), false);
  assert.equal(regions.isCopied(regions.regionOf(outer, 0)), true);
});

test('a chunk that was unmapped and is used no more is forgotten', () => {
  const { regions, inner, outer } = chunks();
  const region = regions.regionOf(inner, 0);
  regions.drop(regions.addresses[region]!, regions.lengths[region]!);
  regions.review();
  assert.ok(regions.regionOf(inner, 0) >= 0);
  regions.review();
  assert.equal(regions.regionOf(inner, 0), -1);
  assert.ok(regions.regionOf(outer, 0) >= 0);
  const plan = planOf(regions);
  assert.equal(plan.requiredBytes, plan.bytes);
});

test('what is added after a copy was made is not taken for part of it', () => {
  const { addresses, memory, regions } = frames([0, 20000]);
  planOf(regions);
  const added = 0x50000;
  const words = new BigUint64Array(1 << 10);
  words[python3_10.frame.code >> 3] = BigInt(code);
  memory.put(added, new Uint8Array(words.buffer));
  assert.equal(regions.cover(memory, 0, added), true);
  assert.equal(regions.isCopied(regions.regionOf(added, -1)), false);
  assert.equal(regions.isCopied(regions.regionOf(addresses[1]!, -1)), true);
  planOf(regions);
  assert.equal(regions.isCopied(regions.regionOf(added, -1)), true);
});

test('more of a chunk than a copy has is not taken for part of it', () => {
  const { frames: inChunk, memory, regions, thread } = manyChunks(1, false);
  regions.cover(memory, thread, inChunk[1]!);
  planOf(regions);
  assert.equal(regions.cover(memory, thread, inChunk[0]!), true);
  assert.equal(regions.isCopied(regions.regionOf(inChunk[0]!, 0)), false);
  planOf(regions);
  assert.equal(regions.isCopied(regions.regionOf(inChunk[0]!, 0)), true);
});

test('where a frame is in the copy does not change as others are forgotten or make room', () => {
  const { addresses, regions } = frames([0, 20000, 40000]);
  planOf(regions);
  const last = regions.offsets[regions.regionOf(addresses[2]!, -1)];
  regions.drop(addresses[0]!, 8);
  assert.equal(regions.offsets[regions.regionOf(addresses[2]!, -1)], last);
});

test('an object without a type is no code, also while the type of code objects is not known', () => {
  const memory = new FakeMemory();
  const bytes = new DataView(new ArrayBuffer(4096));
  // What stands in the place of its code object is all zeros.
  bytes.setBigUint64(python3_10.frame.code, BigInt(base + 2048), true);
  memory.put(base, new Uint8Array(bytes.buffer));
  const regions = new FrameRegions(python3_10, frameBytes);
  assert.equal(regions.cover(memory, 0, base), false);
  assert.equal(regions.count, 0);
});

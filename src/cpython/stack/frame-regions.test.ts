import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeMemory } from '../../memory/fake-memory.js';
import { pointerAt } from '../../memory/pointers.js';
import { ReadPlan } from '../../memory/read-plan.js';
import { python3_10 } from '../layouts/python3_10.js';
import { FrameRegions } from './frame-regions.js';

const base = 0x20000;
const frameBytes = 112;

/** Frame objects of 3.10 at these places after `base`, each called by the next. */
function frames(...places: number[]) {
  const bytes = new Uint8Array(1 << 16);
  const view = new DataView(bytes.buffer);
  const addresses = places.map((place) => base + place);
  places.forEach((place, at) => {
    view.setBigUint64(place + python3_10.frame.previous, BigInt(addresses[at + 1] ?? 0), true);
  });
  const memory = new FakeMemory();
  memory.put(base, bytes);
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
  const near = frames(3000, 2000, 2504, 400);
  const { callers, regions } = callersIn(near);
  assert.deepEqual(callers, [...near.addresses.slice(1), 0]);
  assert.equal(regions, 2);
});

test('frame objects far from each other are read apart', () => {
  const far = frames(0, 20000, 40000);
  const { callers, regions } = callersIn(far);
  assert.deepEqual(callers, [...far.addresses.slice(1), 0]);
  assert.equal(regions, 3);
});

test('all frames of what cannot be read any more are forgotten, and no others', () => {
  const { regions } = frames(3000, 2000, 2504, 20000);
  regions.drop(base + 2000, 1112);
  assert.equal(regions.count, 1);
  assert.equal(regions.regionOf(base + 20000, -1), 0);
  assert.equal(regions.regionOf(base + 2504, -1), -1);
});

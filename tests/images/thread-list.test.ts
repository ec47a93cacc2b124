import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dictEntries } from '../../src/cpython/objects/dicts.js';
import type { FoundStrings } from '../../src/cpython/objects/strings.js';
import { findActiveThreads, namesIn, readThreadNames } from '../../src/cpython/thread-names.js';
import { readPointer } from '../../src/memory/pointers.js';
import type { TargetMemory } from '../../src/memory/target-memory.js';
import { changingImage } from '../support/changing-image.js';
import { stateFixtures } from '../support/images.js';

const fixture = stateFixtures.findLast(({ isFreeThreaded }) => !isFreeThreaded)!;

/** An image whose threads run all the time, asked for once a second whether to look at the threads again. */
function running() {
  const image = changingImage(fixture);
  const it = image.sample();
  /** In how many of so many seconds it was looked. */
  const seconds = (count: number) => {
    let looks = 0;
    for (let second = 0; second < count; second++) {
      for (let tick = 0; tick < 10; tick++) {
        image.kernel.wake();
        it.tick(100_000);
      }
      if (!it.sampler.needsLook(it.time, true)) continue;
      it.sampler.refreshThreads(it.time);
      looks++;
    }
    return looks;
  };
  return { ...image, seconds, names: () => it.profile().threads.map(({ name }) => name) };
}

/** Where the text of a thread's name lies: a multiple of 4. */
function addressOfName(name: string, { memory, location, interpreter }: ReturnType<typeof running>): number {
  let found = 0;
  const look = (address: number, bytes: Uint8Array | undefined) => {
    const at = bytes ? Buffer.from(bytes).indexOf(name) : -1;
    if (at >= 0 && (address + at) % 4 === 0) found = address + at;
    return bytes;
  };
  const reads: TargetMemory = {
    read: (address, length) => look(address, memory.read(address, length)),
    readMany: (plan, into) => {
      for (let region = 0; region < plan.count; region++)
        look(plan.addressOf(region), memory.read(plan.addressOf(region), plan.lengthOf(region)));
      return memory.readMany(plan, into);
    },
  };
  assert.ok([...readThreadNames(reads, location.layout, interpreter).values()].includes(name));
  assert.ok(found > 0, `where ${name} lies`);
  return found;
}

test('threads that stay the same are looked at ever less often, until one has another name', () => {
  const it = running();
  it.seconds(1);
  const looks = it.seconds(160);
  assert.ok(looks >= 7 && looks <= 10, `${looks} looks in 160 s`);
  const name = it.names().find((text) => text.length >= 4)!;
  it.memory.setInt(addressOfName(name, it), Buffer.from('some').readInt32LE());
  const renamed = `some${name.slice(4)}`;
  const looksUntilSeen = it.seconds(32);
  assert.ok(it.names().includes(renamed), `${it.names()} without ${renamed}`);
  // What changes once may change again: a look every 32 s would make 2.
  assert.ok(looksUntilSeen + it.seconds(8) >= 4);
});

test('while a process has a thread that runs no Python it is looked at every second', () => {
  const it = running();
  it.seconds(60);
  it.kernel.add(9999);
  assert.equal(it.seconds(10), 10);
});

test('names are found where they were in another process only when they are there', () => {
  const found: FoundStrings = new Map();
  for (const one of stateFixtures) {
    const { memory, location, interpreter } = changingImage(one);
    const { layout } = location;
    let bytes = 0;
    const counted: TargetMemory = {
      read: (...args) => memory.read(...args),
      readMany: (plan, into) => {
        bytes += plan.bytes;
        return memory.readMany(plan, into);
      },
    };
    const names = (known?: FoundStrings) => {
      bytes = 0;
      return namesIn(
        counted,
        layout,
        findActiveThreads(counted, layout, interpreter, known),
        undefined,
        known,
      );
    };
    const expected = names();
    const unknown = bytes;
    assert.ok(expected.size > 0, one.name);
    // Where they lie in a Python of another version.
    assert.deepEqual(names(found), expected, one.name);
    assert.deepEqual(names(found), expected, one.name);
    assert.ok(bytes < unknown / 4, `${bytes} of ${unknown} bytes`);
    const modules = readPointer(memory, interpreter + layout.interpreter.modules);
    for (const { key } of dictEntries(memory, layout, modules, 20)) {
      found.set('threading', key);
      assert.deepEqual(names(found), expected, one.name);
    }
  }
});

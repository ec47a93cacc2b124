import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentOf, isSameContent } from '../../src/sampler/requests/object-content.js';
import { SimulatedPython } from './simulated-python.js';

for (const version of [10, 13] as const) {
  const { python, memory } = simulated();
  const { objects, layout } = python;

  function simulated() {
    const made = new SimulatedPython(version, { main: ['main'] });
    const read = (address: number, length: number) => made.bytesAt(address, length)?.slice();
    return { python: made, memory: { read, readMany: () => 0 } };
  }

  const isSame = (address: number, change: () => void) => {
    const before = contentOf(memory, layout, address)!;
    change();
    return isSameContent(before, contentOf(memory, layout, address)!.words, 0);
  };
  const sized = (address: number, size: number) => {
    const type = Number(
      new DataView(memory.read(address + layout.object.type, 8)!.buffer).getBigUint64(0, true),
    );
    objects.set(type + layout.type.basicSize, size);
    return address;
  };

  test(`a text is the same when Python has written its hash into it, on 3.${version}`, () => {
    const text = sized(objects.string('6f1e-4711'), layout.unicode.asciiSize);
    const hash = layout.unicode.length + 8;
    assert.ok(isSame(text, () => objects.set(text + hash, 0x1234_5678)));
    assert.ok(
      isSame(text, () => objects.setInt(text, 77)),
      'and when more refer to it',
    );
    assert.ok(!isSame(text, () => objects.setInt(text + layout.unicode.asciiSize + 4, 0x3939_3939)));
    assert.ok(!isSame(text, () => objects.set(text + layout.unicode.length, 8)));
  });

  test(`so is a time, on 3.${version}`, () => {
    const time = sized(objects.instanceOf('datetime.datetime', 0), 48);
    const head = layout.object.type + 8;
    assert.ok(isSame(time, () => objects.set(time + head, 0x1234_5678)));
    assert.ok(!isSame(time, () => objects.setInt(time + head + 16, 4711)));
  });

  test(`of other objects all behind the type counts, on 3.${version}`, () => {
    const other = sized(objects.instanceOf('float', 0), 24);
    assert.ok(!isSame(other, () => objects.set(other + layout.object.type + 8, 1.5 * 2 ** 40)));
    assert.ok(
      isSame(other, () => objects.set(other + 32, 99)),
      'nothing behind its end',
    );
  });
}

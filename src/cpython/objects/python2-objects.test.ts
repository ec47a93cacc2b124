import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeMemory } from '../../memory/fake-memory.js';
import type { Layout } from '../layout.js';
import { decodeLines, lineAt } from '../lines/decode-lines.js';
import { supportedVersion } from '../versions.js';
import { dictEntries, dictValue } from './dicts.js';
import { intBits, readBigInt, readInt } from './integers.js';
import { readString } from './strings.js';
import { TypeFlag } from './type-flags.js';

const { layout } = supportedVersion(2, 7)!;
const withWidth = (characterWidth: number): Layout => ({
  ...layout,
  python2: { ...layout.python2!, characterWidth },
});

/** Python 2 objects as they lie in memory. */
class Python2Memory extends FakeMemory {
  #next = 0x10_0000;

  /** Bytes of an object, whose fields are words of 8 bytes at offsets. */
  #put(
    size: number,
    words: Readonly<Record<number, number | bigint>>,
    tail: readonly number[] = [],
    at = size,
  ): number {
    const address = this.#next;
    this.#next += 0x1000;
    const bytes = new Uint8Array(Math.max(size, at + tail.length));
    const view = new DataView(bytes.buffer);
    for (const [offset, word] of Object.entries(words)) view.setBigInt64(Number(offset), BigInt(word), true);
    bytes.set(tail, at);
    this.put(address, bytes);
    return address;
  }

  #type(flag: number, itemSize = 0): number {
    const { flags } = layout.type;
    return this.#put(512, { [flags]: BigInt(flag >>> 0), [layout.type.itemSize]: itemSize });
  }

  str(content: readonly number[]): number {
    const head = { [layout.object.type]: this.#type(TypeFlag.bytes), [layout.bytes.size]: content.length };
    return this.#put(40, head, [...content, 0], layout.bytes.data);
  }

  unicode(characters: readonly number[], width: number): number {
    const tail = characters.flatMap((one) =>
      Array.from({ length: width }, (_, at) => (one >>> (8 * at)) & 0xff),
    );
    const data = this.#put(0, {}, tail);
    const type = this.#type(TypeFlag.str);
    return this.#put(56, {
      [layout.object.type]: type,
      [layout.unicode.length]: characters.length,
      [layout.python2!.characters]: data,
    });
  }

  int(value: bigint): number {
    return this.#put(24, {
      [layout.object.type]: this.#type(TypeFlag.smallInt),
      [layout.python2!.smallInt]: value,
    });
  }

  long(digits: readonly number[], width: number, sign: 1 | -1): number {
    const tail = digits.flatMap((digit) =>
      Array.from({ length: width }, (_, at) => (digit >>> (8 * at)) & 0xff),
    );
    const head = {
      [layout.object.type]: this.#type(TypeFlag.int, width),
      [layout.long.tag]: sign * digits.length,
    };
    return this.#put(24, head, tail, layout.long.digits);
  }

  dict(slots: readonly (readonly [number, number] | undefined)[]): number {
    const words = slots.flatMap((slot, at) =>
      slot ? [[24 * at + 8, slot[0]] as const, [24 * at + 16, slot[1]] as const] : [],
    );
    const table = this.#put(24 * slots.length, Object.fromEntries(words));
    return this.#put(layout.dictObject.size, {
      [layout.object.type]: this.#type(TypeFlag.dict),
      [layout.python2!.dictMask]: slots.length - 1,
      [layout.python2!.dictTable]: table,
    });
  }
}

test('a str of Python 2 is read as UTF-8, and what is none byte by byte', () => {
  const memory = new Python2Memory();
  const read = (content: readonly number[], most?: number) =>
    readString(memory, layout, memory.str(content), most);
  const bytes = (text: string) => [...new TextEncoder().encode(text)];
  assert.equal(read([]), '');
  assert.equal(read(bytes('café 中 😀 \ufffd')), 'café 中 😀 \ufffd');
  assert.equal(read([0x63, 0x61, 0x66, 0xe9]), 'caf\\xe9');
  assert.equal(read([0xe9, ...bytes('\ufffdé'), 0xc3]), '\\xe9\ufffdé\\xc3');
  assert.equal(read(bytes('abcdef'), 3), 'abc…');
});

test('a unicode of Python 2 has characters as wide as it was built with', () => {
  const memory = new Python2Memory();
  const narrow = memory.unicode([0x64, 0xe9, 0xd83d, 0xde00], 2);
  assert.equal(readString(memory, withWidth(2), narrow), 'dé😀');
  const wide = memory.unicode([0x64, 0xe9, 0x1f600], 4);
  assert.equal(readString(memory, withWidth(4), wide), 'dé😀');
  assert.equal(readString(memory, withWidth(4), wide, 2), 'dé…');
  // Not known.
  assert.equal(readString(memory, layout, wide), undefined);
  assert.equal(readString(memory, withWidth(4), memory.unicode([], 4)), '');
});

test('numbers of Python 2: an int is a C long, and digits of a long have 15 or 30 bits', () => {
  const memory = new Python2Memory();
  for (const value of [0n, 5n, -5n, 2n ** 62n, -(2n ** 63n)])
    assert.equal(readBigInt(memory, layout, memory.int(value), 5), value);
  assert.equal(readInt(memory, layout, memory.int(-7n)), -7);
  assert.equal(readInt(memory, layout, memory.int(2n ** 62n)), undefined);
  const wide = memory.long([1, 2, 3], 4, -1);
  assert.equal(readBigInt(memory, layout, wide, 5), -(1n + 2n * 2n ** 30n + 3n * 2n ** 60n));
  assert.equal(intBits(memory, layout, wide), 90);
  const narrow = memory.long([1, 2, 3, 4], 2, 1);
  assert.equal(readBigInt(memory, layout, narrow, 2), 1n + 2n * 2n ** 15n + 3n * 2n ** 30n + 4n * 2n ** 45n);
  assert.equal(intBits(memory, layout, narrow), 60);
  assert.equal(readBigInt(memory, layout, narrow, 1), undefined);
});

test('a dict of Python 2 is a table, in which slots are empty or were left', () => {
  const memory = new Python2Memory();
  const [one, other, text] = [memory.int(1n), memory.int(2n), memory.str([0x61])];
  const dict = memory.dict([undefined, [text, one], [one, 0], [other, other]]);
  assert.deepEqual(dictEntries(memory, layout, dict, 10), [
    { key: text, value: one },
    { key: other, value: other },
  ]);
  assert.equal(dictEntries(memory, layout, dict, 1).length, 1);
  const entries = dictEntries(memory, layout, dict, 10);
  assert.equal(dictValue(memory, layout, entries, 'a'), one);
  assert.equal(dictValue(memory, layout, entries, 'b'), 0);
  assert.deepEqual(dictEntries(memory, layout, one, 10), []);
});

test('a step of a line table of Python 2 has no sign', () => {
  const table = Uint8Array.from([6, 200, 10, 255, 0, 45]);
  const python2 = decodeLines(layout.minor, 1, table);
  assert.deepEqual(
    [0, 6, 16].map((offset) => lineAt(python2, offset)),
    [1, 201, 501],
  );
  const python3 = decodeLines(9, 300, table);
  assert.deepEqual(
    [0, 6, 16].map((offset) => lineAt(python3, offset)),
    [300, 244, 288],
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endless, findGreenletFields, type GreenletStruct } from './greenlet-fields.js';

const [main, first, second, fresh] = [0x10_0000, 0x10_1000, 0x10_2000, 0x10_3000];
const stack = 0x7fff_0000;
const frames = 0x20_0000;
/** Words of the struct before what is wanted. */
const before = 5;

const pointsTo = {
  isFrame: (address: number) => address >= frames && address < frames + 0x1_0000,
  isGreenlet: (address: number) => [main, first, second, fresh].includes(address),
};

/** Beginning and end of the C stack, its copy and the bytes of that, the one before it, itself, frame, main, parent. */
function struct(address: number, words: readonly number[]): GreenletStruct {
  return { address, words: [...new Array<number>(before).fill(7), ...words] };
}

const all: readonly GreenletStruct[] = [
  struct(main, [stack, endless, 0, 0, 0, main, frames, main, 0]),
  struct(first, [stack - 800, stack - 400, 0x30_0000, 240, main, first, frames + 64, main, main]),
  struct(second, [stack - 800, stack - 300, 0, 0, first, second, 0, main, first]),
  struct(fresh, [0, 0, 0, 0, 0, fresh, 0, main, main]),
];
const fields = { stop: before + 1, frame: before + 6, main: before + 7, parent: before + 8 };

test('the fields of greenlets are where what they hold is', () => {
  assert.deepEqual(findGreenletFields(all, pointsTo), fields);
});

test('without a main greenlet they are not known', () => {
  assert.equal(findGreenletFields(all.slice(1), pointsTo), undefined);
});

test('a stack ends after it begins, and what is saved of it is no larger than one', () => {
  // The same words once more, before: as those of the first greenlet cannot be.
  for (const wrong of [
    [stack - 800, stack - 900, 0x30_0000, 240],
    [stack - 800, stack - 400, 0x30_0000, 2 ** 33],
    [stack - 800, stack - 400, 16, 240],
  ]) {
    const twice = all.map(({ address, words }) => ({
      address,
      words: [7, 7, ...(address === first ? wrong : words.slice(before, before + 4)), 7, ...words],
    }));
    const { stop } = findGreenletFields(twice, pointsTo)!;
    assert.equal(stop, fields.stop + 7);
  }
});

test('of greenlets without frames, and with one link, that one is to the parent', () => {
  const bare = all.map(({ address, words }) => ({
    address,
    words: [...words.slice(0, before + 6), 0, 0, words.at(-1)!],
  }));
  assert.deepEqual(findGreenletFields(bare, pointsTo), { ...fields, frame: -1, main: -1 });
});

test('what nearly all hold counts', () => {
  const many = Array.from({ length: 30 }, () => all[1]!);
  const odd = struct(second, [5, stack, 3, 2 ** 40, 0, 0, 0, 0, 0]);
  assert.deepEqual(findGreenletFields([...all, ...many, odd], pointsTo), fields);
  assert.equal(findGreenletFields([...all, odd], pointsTo), undefined);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadBiases } from './load-bias.js';

/**
 * Those of Debian's Python for aarch64, which is aligned to the largest page of that machine, and where a page of each
 * size begins.
 */
const [code, data] = [
  { flags: 5, offset: 0, address: 0x40_0000, fileSize: 0x5c_edf0, memorySize: 0x5c_edf0 },
  { flags: 6, offset: 0x5c_fd88, address: 0x9d_fd88, fileSize: 0x8_cc28, memorySize: 0x8_cc28 },
] as const;

for (const pageSize of [4096, 16 << 10, 64 << 10]) {
  const at = (address: number) => address - (address % pageSize);
  test(`a segment is found where its page of ${pageSize >> 10} kB begins`, () => {
    const bias = 0xaaaa_0000_0000;
    const mappings = [
      // Another part of it was mapped once more.
      { start: 0x7000_0000, offset: 0, permissions: 'r--p' },
      { start: bias + at(data.address), offset: at(data.offset), permissions: 'rw-p' },
      { start: bias + 0x40_0000, offset: 0, permissions: 'r-xp' },
    ];
    assert.equal(loadBiases([code, data], mappings)[0], bias);
    // Only of the second segment is it known.
    assert.deepEqual(loadBiases([code, data], mappings.slice(1, 2)), [bias]);
  });
}

test('a segment that is aligned to 4 kB begins on no larger page', () => {
  const segment = { flags: 6, offset: 0x2_3000, address: 0x2_4000, fileSize: 100, memorySize: 100 };
  const mapping = { start: 0x7000_0000, offset: 0x2_0000, permissions: 'rw-p' };
  assert.deepEqual(loadBiases([segment], [mapping]), []);
});

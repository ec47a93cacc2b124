import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { PyglassError } from '../../model/error.js';
import { type Elf, findSymbols, readElf } from './elf.js';
import { exportedSymbol } from './exported-symbol.js';

const file = new Uint8Array(readFileSync('/proc/self/exe'));

function elfOf(bytes: Uint8Array): Elf | undefined {
  return readElf({
    read: (offset, length) =>
      offset >= 0 && length >= 0 && offset + length <= bytes.length
        ? bytes.subarray(offset, offset + length)
        : undefined,
  });
}

test('a symbol is found where the whole table has it', () => {
  const elf = elfOf(file)!;
  const names = ['napi_create_function', 'napi_get_undefined', 'napi_throw_error'];
  const slowly = findSymbols(elf, names);
  for (const name of names) assert.equal(exportedSymbol(elf, name), slowly.get(name));
  assert.ok(slowly.size > 0);
});

test('a symbol that the file only uses, or that nobody has, is not found', () => {
  const elf = elfOf(file)!;
  for (const name of ['malloc', 'no_such_symbol_anywhere', ''])
    assert.equal(exportedSymbol(elf, name), undefined);
});

test('whatever the table holds, there is an answer or one clear error', () => {
  const elf = elfOf(file)!;
  const table = elf.sections.find(({ type }) => type === 0x6fff_fff6)!;
  fc.assert(
    fc.property(fc.nat(255), fc.array(fc.nat(255), { maxLength: 32 }), (seed, head) => {
      const source = {
        read: (offset: number, length: number) => {
          const bytes = elf.source.read(offset, length)?.slice();
          if (bytes && offset === table.offset) bytes.set(head.slice(0, length));
          else if (bytes && offset > table.offset && offset < table.offset + table.size) bytes.fill(seed);
          return bytes;
        },
      };
      try {
        const found = exportedSymbol({ ...elf, source }, 'napi_create_function');
        assert.ok(found === undefined || typeof found === 'number');
      } catch (error) {
        assert.ok(error instanceof PyglassError);
      }
    }),
    { numRuns: 200 },
  );
});

import assert from 'node:assert/strict';
import type { Layout } from '../../src/cpython/layout.js';
import { findThreadIdOffset, readThreadId } from '../../src/cpython/native-thread-ids.js';
import { readBytes } from '../../src/cpython/objects/bytes.js';
import { dictEntries, dictValue } from '../../src/cpython/objects/dicts.js';
import { attributeOf, typeName } from '../../src/cpython/objects/instances.js';
import { readInt } from '../../src/cpython/objects/integers.js';
import { readString } from '../../src/cpython/objects/strings.js';
import { readThreadNames } from '../../src/cpython/thread-names.js';
import { supportedVersion } from '../../src/cpython/versions.js';
import { ProcMem } from '../../src/process/proc-mem.js';
import { eachPython } from '../support/pythons.js';
import { programFile, withTarget } from '../support/targets.js';

/** What tests/programs/objects.py prints: addresses, and what lies there. */
interface Objects {
  readonly interpreter: number;
  readonly pid: number;
  readonly strings: readonly [number, string][];
  readonly integers: readonly [number, number][];
  readonly tooLarge: readonly number[];
  readonly bytes: readonly [number, number[]][];
  readonly dicts: readonly [number, [string | number, number][]][];
  readonly instances: readonly [number, string, Record<string, string | null>][];
  readonly threads: readonly [number, string, number][];
  readonly mainThread: number;
}

eachPython('objects are read', (python, context) =>
  withTarget(python, programFile('objects.py'), async (target) => {
    const { layout } = supportedVersion(python.minor)!;
    const memory = new ProcMem(target.pid);
    try {
      const objects: Objects = JSON.parse(await target.line());
      const longest = 20_000;

      await context.test('strings', () => {
        for (const [address, text] of objects.strings)
          assert.equal(readString(memory, layout, address, longest), text);
      });
      await context.test('long strings are cut', () => {
        for (const [address, text] of objects.strings) {
          const characters = [...text];
          const cut = characters.length > 7 ? `${characters.slice(0, 7).join('')}…` : text;
          assert.equal(readString(memory, layout, address, 7), cut);
        }
      });
      await context.test('integers', () => {
        for (const [address, value] of objects.integers)
          assert.equal(readInt(memory, layout, address), value);
        for (const address of objects.tooLarge) assert.equal(readInt(memory, layout, address), undefined);
      });
      await context.test('bytes', () => {
        for (const [address, content] of objects.bytes) {
          assert.deepEqual([...readBytes(memory, layout, address, longest)!], content);
          if (content.length > 0)
            assert.equal(readBytes(memory, layout, address, content.length - 1), undefined);
        }
      });
      await context.test('dicts', () => {
        for (const [address, content] of objects.dicts) {
          const entries = dictEntries(memory, layout, address, 200_000);
          const sorted = (pairs: unknown[][]) => pairs.map(String).sort();
          assert.deepEqual(
            sorted(
              entries.map(({ key, value }) => [keyOf(memory, layout, key), readInt(memory, layout, value)]),
            ),
            sorted(content as unknown[][]),
          );
          for (const [key, value] of content.slice(-3)) {
            if (typeof key === 'string')
              assert.equal(readInt(memory, layout, dictValue(memory, layout, entries, key)), value);
          }
          assert.equal(dictValue(memory, layout, entries, 'no such key'), 0);
        }
      });
      await context.test('a string that is none', () => {
        for (const [address] of [...objects.integers, ...objects.bytes, ...objects.dicts]) {
          assert.equal(readString(memory, layout, address, longest), undefined);
        }
        for (const [address] of [...objects.strings, ...objects.integers]) {
          assert.deepEqual(dictEntries(memory, layout, address, 10), []);
          assert.equal(readBytes(memory, layout, address, longest), undefined);
        }
      });
      for (const [address, kind, attributes] of objects.instances) {
        await context.test(`attributes of ${kind}`, () => {
          assert.equal(typeName(memory, layout, address), kind);
          for (const [name, text] of Object.entries(attributes)) {
            const value = attributeOf(memory, layout, address, name);
            assert.equal(value === 0 ? null : readString(memory, layout, value, longest), text, name);
          }
        });
      }
      await context.test('names of threads', () => {
        const names = readThreadNames(memory, layout, objects.interpreter);
        const cut = (name: string) => (name.length > 200 ? `${name.slice(0, 200)}…` : name);
        assert.deepEqual(names, new Map(objects.threads.map(([ident, name]) => [ident, cut(name)])));
      });
      await context.test('ids of threads', () => {
        const idents = objects.threads.map(([ident]) => ident);
        const offset = findThreadIdOffset(memory, idents, new Set(objects.threads.map(([, , id]) => id)));
        assert.ok(offset > 0);
        for (const [ident, name, id] of objects.threads)
          assert.equal(readThreadId(memory, ident, offset), id, name);
      });
    } finally {
      memory.close();
    }
  }),
);

function keyOf(memory: ProcMem, layout: Layout, address: number): string | number | undefined {
  return readInt(memory, layout, address) ?? readString(memory, layout, address, 100);
}

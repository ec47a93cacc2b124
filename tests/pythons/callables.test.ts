import assert from 'node:assert/strict';
import { test } from 'node:test';
import { publicModule } from '../../src/cpython/calls/c-names.js';
import { CallKind } from '../../src/cpython/calls/call-sites.js';
import { readCallable } from '../../src/cpython/calls/callables.js';
import { supportedVersion } from '../../src/cpython/versions.js';
import { ProcMem } from '../../src/process/proc-mem.js';
import { extensionOf } from '../support/extensions.js';
import { anyPython, eachPython, type TestPython } from '../support/pythons.js';
import { programFile, type TargetOptions, withTarget } from '../support/targets.js';

/** What kind it is, where it lies, and the names that are right; none where no name is. */
type Found = readonly [kind: string, address: number, names: readonly string[]];

/** Compares every name with what tests/programs/callables.py says, and returns how many of each kind there are. */
async function compareNames(python: TestPython, options: TargetOptions = {}): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  await withTarget(
    python,
    programFile('callables.py'),
    async (target) => {
      const { layout } = supportedVersion(python.minor)!;
      const found: readonly Found[] = JSON.parse(await target.line());
      const memory = new ProcMem(target.pid);
      try {
        for (const [kind, address, names] of found) {
          const { name } = readCallable(memory, layout, address, CallKind.call);
          assert.ok(
            names.length === 0 ? name === '' : names.map(inPublic).includes(name),
            `${kind}: '${name}', not ${names}`,
          );
          counts.set(kind, (counts.get(kind) ?? 0) + 1);
        }
      } finally {
        memory.close();
      }
    },
    options,
  );
  return counts;
}

function inPublic(name: string): string {
  const [, module, rest] = /^([^.]+)\.(.*)$/.exec(name) ?? [];
  return module === undefined ? name : `${publicModule(module)}.${rest}`;
}

eachPython('every C callable of the library has the name that Python gives it', async (python) => {
  const counts = await compareNames(python);
  for (const kind of ['function', 'descriptor', 'bound']) assert.ok(counts.get(kind)! > 100, kind);
});

eachPython(
  'what a function gets as self says what it belongs to only when that defines it',
  async (python, context) => {
    const extension = extensionOf(python, programFile('made.c'));
    if ('reason' in extension) return context.skip(extension.reason);
    const counts = await compareNames(python, { args: ['made'], env: extension.env });
    assert.equal(counts.get('m_self is capsule'), 1);
  },
);

for (const [version, flags] of [
  ['3.3.1', []],
  ['3.3.1', ['-DPy_LIMITED_API=0x030b0000']],
  ['3.2.9', ['-DPy_LIMITED_API=0x030b0000']],
] as const)
  test(`functions of Cython ${version} ${flags.join(' ')} have their names, or none`, async (context) => {
    const python = anyPython();
    const extension = extensionOf(python, programFile('fastlim.pyx'), { cython: version, flags });
    if ('reason' in extension) return context.skip(extension.reason);
    const counts = await compareNames(python, { args: ['cython'], env: extension.env });
    assert.equal(counts.get('cython busy'), 2);
  });

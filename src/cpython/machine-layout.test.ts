import assert from 'node:assert/strict';
import { test } from 'node:test';
import { before3_7_4 } from './layouts/python3_7.js';
import { layoutOnMachine } from './machine-layout.js';
import { freeThreadedVersions, supportedVersion, supportedVersions } from './versions.js';

/** Measured with a compiler for aarch64 and glibc; the other offsets are those of x86-64. */
const gilThreadStates: ReadonlyMap<number, number> = new Map([
  ...([
    [7, 1496],
    [8, 1384],
    [9, 584],
  ] as const),
  ...([
    [10, 584],
    [11, 592],
  ] as const),
]);

test("glibc's longer mutexes make the GIL longer, and move what lies behind it", () => {
  for (const { minor, layout } of [...supportedVersions, ...freeThreadedVersions]) {
    if (layout.python2) continue;
    const { runtime, gil, ...others } = layoutOnMachine(layout, 'aarch64', () => 'glibc')!;
    const { runtime: runtimeOnX86, gil: gilOnX86, ...othersOnX86 } = layout;
    assert.deepEqual(others, othersOnX86);
    const gilThreadState = gilThreadStates.get(minor) ?? runtimeOnX86.gilThreadState;
    assert.deepEqual(runtime, { ...runtimeOnX86, gilThreadState }, `3.${minor}`);
    const size = minor === 6 ? -1 : layout.freeThreading ? 232 : 224;
    assert.deepEqual(gil, { ...gilOnX86, size }, `3.${minor}`);
  }
  const early = { ...supportedVersion(3, 7)!.layout, ...before3_7_4 };
  assert.equal(layoutOnMachine(early, 'aarch64', () => 'glibc')!.runtime.gilThreadState, 1408);
});

test('with musl, and on x86-64, nothing differs', () => {
  for (const { layout } of supportedVersions) {
    assert.equal(
      layoutOnMachine(layout, 'aarch64', () => 'musl'),
      layout,
    );
    assert.equal(
      layoutOnMachine(layout, 'x86-64', () => assert.fail('not asked')),
      layout,
    );
  }
});

test('where the C library is not known, only what does not depend on it is', () => {
  const minors = supportedVersions.filter(
    ({ layout }) => !layout.python2 && layoutOnMachine(layout, 'aarch64', () => undefined),
  );
  assert.deepEqual(
    minors.map(({ minor }) => minor),
    [6, 12, 13, 14, 15],
  );
});

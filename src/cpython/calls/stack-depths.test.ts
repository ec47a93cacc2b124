import assert from 'node:assert/strict';
import { test } from 'node:test';
import { opcodesOf } from '../versions.js';
import { stackDepths } from './stack-depths.js';

/** `try: pass` with a `finally` that has the same within it, as the compilers write it. */
const nested: Readonly<Record<number, readonly (readonly [string, number])[]>> = {
  7: [
    ...([
      ['SETUP_FINALLY', 4],
      ['POP_BLOCK', 0],
      ['LOAD_CONST', 0],
    ] as const),
    ...([
      ['SETUP_FINALLY', 4],
      ['POP_BLOCK', 0],
      ['LOAD_CONST', 0],
    ] as const),
    ...([
      ['NOP', 0],
      ['END_FINALLY', 0],
      ['NOP', 0],
      ['END_FINALLY', 0],
      ['NOP', 0],
    ] as const),
  ],
  8: [
    ...([
      ['SETUP_FINALLY', 4],
      ['POP_BLOCK', 0],
      ['BEGIN_FINALLY', 0],
    ] as const),
    ...([
      ['SETUP_FINALLY', 4],
      ['POP_BLOCK', 0],
      ['BEGIN_FINALLY', 0],
    ] as const),
    ...([
      ['NOP', 0],
      ['END_FINALLY', 0],
      ['NOP', 0],
      ['END_FINALLY', 0],
      ['NOP', 0],
    ] as const),
  ],
};

for (const minor of [7, 8])
  test(`3.${minor}: what lies on the stack in a finally is not known until the outermost ends`, () => {
    const table = opcodesOf(minor)!;
    const codes = new Map(table.byCode.flatMap((one) => (one ? [[one.name, one.code] as const] : [])));
    const code = Uint8Array.from(nested[minor]!.flatMap(([name, argument]) => [codes.get(name)!, argument]));
    const depths = stackDepths(table, { code, flags: 0, exceptionTable: new Uint8Array(0) })!;
    assert.deepEqual([...depths.slice(0, 3)], [0, 0, 0]);
    assert.deepEqual([...depths.slice(3, 10)], new Array(7).fill(-1));
    assert.equal(depths[10], 0);
  });

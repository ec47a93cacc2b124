import assert from 'node:assert/strict';
import { test } from 'node:test';
import { opcodesOf } from '../versions.js';
import { CallKind, callableSource, callSiteAt } from './call-sites.js';
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

test('2.7: instructions have one byte or three, and calls two numbers in one argument', () => {
  const table = opcodesOf(-1)!;
  const codes = new Map(table.byCode.flatMap((one) => (one ? [[one.name, one.code] as const] : [])));
  const instructions: readonly (readonly [string, number?])[] = [
    ['LOAD_GLOBAL', 1],
    ['LOAD_CONST', 0],
    ['LOAD_CONST', 1],
    ['LOAD_CONST', 145],
    ['LOAD_FAST', 0],
    // One value, one by name, and those of `*`.
    ['CALL_FUNCTION_VAR', 0x0101],
    ['POP_TOP'],
    ['EXTENDED_ARG', 1],
    ['LOAD_NAME', 2],
    ['RETURN_VALUE'],
  ];
  const code = Uint8Array.from(
    instructions.flatMap(([name, argument]) =>
      argument === undefined ? [codes.get(name)!] : [codes.get(name)!, argument & 0xff, argument >> 8],
    ),
  );
  const depths = stackDepths(table, { code, flags: 0, exceptionTable: new Uint8Array(0) })!;
  assert.deepEqual(
    [...depths.entries()].filter(([, depth]) => depth >= 0),
    [
      ...([
        [0, 0],
        [3, 1],
        [6, 2],
        [9, 3],
        [12, 4],
      ] as const),
      ...([
        [15, 5],
        [18, 1],
        [19, 0],
        [22, 0],
        [25, 1],
      ] as const),
    ],
  );
  const site = callSiteAt(table, code, depths, 15)!;
  assert.deepEqual([site.kind, site.slot, site.orNext], [CallKind.call, 0, false]);
  assert.deepEqual(callableSource(table, code, depths, 15, site), { name: 1, isGlobal: true });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { opcodesOf, supportedVersions, versionName } from '../versions.js';
import { WayToCall, waysToCall } from './call-sites.js';
import { onlyTaking, opcodeClasses, opcodeGroups } from './opcode-classes.js';

const allNames = new Set(
  supportedVersions.flatMap(({ opcodes }) => opcodes().instructions.map(({ name }) => name)),
);

for (const { minor, opcodes: make } of supportedVersions) {
  const opcodes = make();
  test(`every opcode of ${versionName(minor)} is classified`, () => {
    const missing = opcodes.instructions.filter(({ name }) => !opcodeClasses.has(name));
    assert.deepEqual(
      missing.map(({ name }) => name),
      [],
      'add them to src/cpython/calls/opcode-classes.ts',
    );
  });

  test(`what every opcode of ${versionName(minor)} does to the stack is known`, () => {
    // Two numbers in one argument: `growthBy` of stack-depths.ts.
    const twoNumbers = minor < 0 ? /^CALL_FUNCTION/ : /^UNPACK_EX$/;
    const effects = opcodes.instructions.filter(({ effect, name }) => !effect && !twoNumbers.test(name));
    assert.deepEqual(effects, []);
    const jumps = opcodes.instructions.filter(({ jump }) => jump !== undefined);
    assert.ok(jumps.length > 5);
    for (const { name, jump, jumpEffect } of jumps) {
      assert.ok(['absolute', 'forward', 'back'].includes(jump!), name);
      assert.ok(jumpEffect, name);
    }
  });

  test(`specialized instructions of ${versionName(minor)} stand for one of its own`, () => {
    const codes = new Set(opcodes.instructions.map(({ code }) => code));
    assert.equal(codes.size, opcodes.instructions.length);
    const specialized = opcodes.specialized.map(([code]) => code!);
    assert.equal(new Set(specialized).size, specialized.length);
    for (const [code, base] of opcodes.specialized) {
      assert.ok(codes.has(base!), `${base}`);
      assert.ok(!codes.has(code!), `${code}`);
    }
  });
}

test('nothing is classified that no version has', () => {
  assert.deepEqual(
    [...opcodeClasses.keys(), ...onlyTaking].filter((name) => !allNames.has(name)),
    [],
  );
});

test('no opcode is classified twice', () => {
  const all = Object.values(opcodeGroups).flat();
  assert.deepEqual(
    all.filter((name, at) => all.indexOf(name) !== at),
    [],
  );
});

test('an instruction that is in no table is not taken for any', () => {
  const table = opcodesOf(12)!;
  const free = table.byCode.findIndex((instruction, code) => code > 0 && !instruction);
  const call = table.byCode.findIndex((instruction) => instruction?.name === 'CALL');
  const depths = new Int32Array([2, 2]);
  assert.equal(waysToCall(table, new Uint8Array([call, 0, free, 0]), depths, 1), undefined);
  assert.equal(
    waysToCall(table, new Uint8Array([call, 0, call, 0]), depths, 1),
    WayToCall.directly | WayToCall.throughC,
  );
});

test('what an instruction may call does not follow from how its name begins', () => {
  const ways = (minor: number, name: string) => {
    const table = opcodesOf(minor)!;
    const code = table.byCode.findIndex((instruction) => instruction?.name === name);
    return waysToCall(table, new Uint8Array([code, 0]), new Int32Array([4]), 0);
  };
  // `[*a, *b]` and `f(*a, *b)` go through iterators, which may be generators.
  assert.equal(ways(8, 'BUILD_LIST_UNPACK'), WayToCall.throughC);
  assert.equal(ways(8, 'BUILD_TUPLE_UNPACK_WITH_CALL'), WayToCall.throughC);
  assert.equal(ways(8, 'BUILD_TUPLE'), 0);
  // Functions written in C, which the interpreter does not go on in.
  assert.equal(ways(12, 'CALL_INTRINSIC_1'), WayToCall.throughC);
  // A jump.
  assert.equal(ways(8, 'CALL_FINALLY'), 0);
});

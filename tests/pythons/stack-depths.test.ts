import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { stackDepths } from '../../src/cpython/calls/stack-depths.js';
import { opcodesOf } from '../../src/cpython/versions.js';
import { everyPython } from '../support/pythons.js';
import { programFile } from '../support/targets.js';

interface CompiledCode {
  readonly name: string;
  readonly code: string;
  readonly flags: number;
  readonly exceptionTable: string;
  readonly stackSize: number;
}

everyPython('the depth of the stack is what the compiler says', (python) => {
  const [file, ...words] = [...python.command, python.place(programFile('bytecode.py'))];
  const lines = execFileSync(file, words, { encoding: 'utf8', maxBuffer: 1 << 28 })
    .trim()
    .split('\n');
  const table = opcodesOf(python.minor)!;
  let exact = 0;
  for (const line of lines) {
    const { name, code, flags, exceptionTable, stackSize } = JSON.parse(line) as CompiledCode;
    const depths = stackDepths(table, {
      code: Buffer.from(code, 'hex'),
      flags,
      exceptionTable: Buffer.from(exceptionTable, 'hex'),
    });
    assert.ok(depths, name);
    const deepest = depths.reduce((most, depth) => Math.max(most, depth), 0);
    assert.ok(deepest <= stackSize, `${name}: ${deepest} of ${stackSize}`);
    if (deepest === stackSize) exact++;
  }
  assert.ok(lines.length > 1000);
  // The compiler rounds up here and there, so the deepest place is not always reached; a wrong effect would show nearly
  // everywhere.
  assert.ok(exact > lines.length * 0.5, `${exact} of ${lines.length} reach what the compiler says`);
});

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { opcodesOf } from '../../src/cpython/versions.js';
import { everyPython } from '../support/pythons.js';

/** Every instruction by its number, those included that the interpreter puts in place of others. */
const program = `
import dis, json, opcode
print(json.dumps(getattr(dis, '_all_opmap', opcode.opmap)))
`;

/**
 * What takes the place of others while a program is traced or compiled, and what is no instruction: then it is not
 * known what runs.
 */
const notKnown = /^(INSTRUMENTED_.*|ENTER_EXECUTOR|RESERVED|CACHE)$/;

everyPython('every opcode of the interpreter is in the table', ({ command, minor }) => {
  const [file, ...words] = command;
  const byName: Record<string, number> = JSON.parse(
    execFileSync(file, [...words, '-c', program], { encoding: 'utf8' }),
  );
  const { byCode } = opcodesOf(minor)!;
  const wrong: string[] = [];
  const inInterpreter = new Set<number>();
  for (const [name, code] of Object.entries(byName)) {
    // Above 255 are those of the compiler alone.
    if (code > 255) continue;
    inInterpreter.add(code);
    if ((byCode[code] === undefined) !== notKnown.test(name)) wrong.push(name);
  }
  for (const [code, instruction] of byCode.entries())
    if (instruction && !inInterpreter.has(code)) wrong.push(`${code}: ${instruction.name}`);
  assert.deepEqual(wrong, []);
  assert.ok(inInterpreter.size > 100);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command } from 'commander';
import stringWidth from 'string-width';
import { buildProgram } from './program.js';

const program = await buildProgram(
  () => {},
  () => {},
);

/** Help as it is printed on a terminal of 80 columns, with what stands before and after it. */
function helpOf(command: Command): string {
  let text = '';
  const writeOut = (part: string) => {
    text += part;
  };
  command.configureOutput({ writeOut, getOutHelpWidth: () => 80 });
  command.outputHelp();
  return text;
}

for (const command of [program, ...program.commands]) {
  test(`the help of ${command.name()} begins with examples, fits 80 columns, lists exit statuses`, () => {
    const lines = helpOf(command).split('\n');
    assert.equal(lines[0], 'Examples:');
    assert.match(lines[1]!, /pyglass/);
    assert.deepEqual(
      lines.filter((line) => stringWidth(line) > 80),
      [],
    );
    assert.ok(lines.includes('Exit status:'));
  });

  test(`everything of ${command.name()} is described`, () => {
    const described = [command, ...command.options, ...command.registeredArguments].map((part) =>
      typeof part.description === 'function' ? part.description() : part.description,
    );
    assert.ok(described.every((text) => text.length > 0));
  });
}

/** What a description may not have: relative clauses, asides, and what belongs into brackets as the default. */
const notInHelp = /^(also|so|the same)\b|\b(that|which|who|whose)\b|when absent|by default|\.$/;

for (const command of program.commands) {
  test(`the help of ${command.name()} describes in imperatives and noun phrases`, () => {
    const described = [
      command.description(),
      ...[...command.options, ...command.registeredArguments].map((part) => part.description),
    ];
    assert.deepEqual(
      described.filter((text) => notInHelp.test(text)),
      [],
    );
  });
}

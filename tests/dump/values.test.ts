import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { dumpJson, dumpText, variablesOf } from '../support/dumps.js';
import { withPackages } from '../support/packages.js';
import { eachPython, pythons, type TestPython } from '../support/pythons.js';
import { programFile, type Target, withTarget } from '../support/targets.js';

eachPython(
  'values are shown as the program itself shows them',
  (python) =>
    withTarget(python, programFile('values.py'), async (target) => {
      const expected: Record<string, string> = JSON.parse(await target.line());
      assert.ok(Object.keys(expected).length > 130);
      const variables = variablesOf(await dumpJson(target.pid, '--locals', '--show-secrets'), 'hold');
      for (const [name, text] of Object.entries(expected))
        assert.equal(variables.get(name)?.value, text, name);
    }),
  { since: 7, what: 'dataclasses' },
);

eachPython('what has no text of its own is shown by its attributes', (python) =>
  withTarget(python, programFile('attributes.py'), async ({ pid }) => {
    const variables = variablesOf(await dumpJson(pid, '--locals'), 'hold');
    const shown = Object.fromEntries([...variables].map(([name, { value }]) => [name, value]));
    assert.deepEqual(shown, {
      plain: "<Plain first=1, second='two'>",
      with_slots: '<Slots alpha=1, zulu=[2]>',
      with_both: "<Both alpha=1, zulu=2, extra='in dict'>",
      with_own_text: '<Own number=5>',
      integer: 'Money(5)',
      mapping: "Settings({'a': 1})",
      part: "<partial func=<class 'int'>, args=(), keywords={'base': 2}>",
      bound: '<bound method Plain.method of __main__.Plain object>',
      nested: '<Plain first=<Plain first=1, second=2>, second=[<Plain first=3, second=4>]>',
    });
  }),
);

eachPython('variables are distinguished, and those without a value left out', (python) =>
  withTarget(python, programFile('variables.py'), async ({ pid }) => {
    const processes = await dumpJson(pid, '--locals');
    const of = (name: string) =>
      [...variablesOf(processes, name).values()].map(({ name: own, isArgument, value }) => [
        own,
        isArgument ? 'argument' : 'local',
        value.replace(/0x[0-9a-f]+/, '…'),
      ]);
    assert.deepEqual(of('arguments'), [
      ['positional', 'argument', '1'],
      ['default', 'argument', '2'],
      ['keyword', 'argument', '5'],
      ['other', 'argument', '5'],
      ['rest', 'argument', '(3, 4)'],
      ['more', 'argument', "{'extra': 6}"],
      ['local', 'local', "'local'"],
    ]);
    assert.deepEqual(of('method'), [
      ['self', 'argument', '<__main__.Thing object at …>'],
      ['given', 'argument', "'cell argument'"],
      ['later', 'local', '<function Thing.method.<locals>.<lambda> at …>'],
    ]);
    const inner = variablesOf(processes, 'inner');
    assert.equal(inner.get('free')?.value, "'free!'");
    assert.equal(inner.get('argument')?.value, "'cell argument'");
    assert.equal(inner.get('squares')?.value, '[0, 2, 4]');
    const closing = variablesOf(processes, 'closes_over');
    assert.equal(closing.get('argument')?.isArgument, true);
    assert.equal(closing.get('free')?.value, "'free!'");
    assert.deepEqual(of('<module>'), [['setting', 'local', "'module level'"]]);
  }),
);

eachPython('endless, huge and misleading values are cut', (python) =>
  withTarget(python, programFile('hostile.py'), async ({ pid }) => {
    const text = await dumpText(pid, '--locals');
    for (const line of text.split('\n')) assert.ok(line.length < 400, line);
    assert.equal(/[^\P{C}\n]/u.exec(text), null);
    const shown = new Map(
      text.split('\n').flatMap((line) => {
        const match = /^ {12}(\w+): (.*)$/.exec(line);
        return match ? [[match[1]!, match[2]!] as const] : [];
      }),
    );
    const begins = (name: string, beginning: string) =>
      assert.ok(shown.get(name)?.startsWith(beginning), `${name}: ${shown.get(name)}`);
    assert.equal(shown.get('endless'), '[[...]]');
    assert.equal(shown.get('twice'), '[[[...]], [[...]]]');
    assert.equal(shown.get('node'), '<Node next=<Node ...>, children=[<Node ...>, <Node ...>, <Node ...>]>');
    assert.equal(shown.get('deep'), '[[[[[[…]]]]]]');
    assert.equal(shown.get('huge'), '<int of 10000020 bits>');
    assert.equal(shown.get('lies'), "Lies({'a': 1})");
    begins('circle', "{'next': {'number': 0, 'next': {'number': 1");
    begins('long_text', "'xxxxx");
    begins('long_bytes', "b'yyyyy");
    begins('long_list', '[None, None');
    begins('long_dict', '{0: 0, 1: 1');
    begins('long_set', '{0, 1, 2');
    begins('long_queue', 'deque([0, 1, 2');
    begins('wide', '[[[[0, 1, 2');
    begins('many', '<Many attribute_0=0, attribute_1=1');
    begins('steering', "'title \\x1b]0;owned\\x07 \\x1b[2J \\u202e reversed'");
    begins('named', '<Evil\\x1b[2J\\u202e line\\nbreak=1>');
    const json = await dumpJson(pid, '--locals');
    for (const { name, value } of variablesOf(json, 'hold').values())
      assert.ok(value.length <= 10_000, `${name} has ${value.length} characters`);
  }),
);

eachPython('buffers are shown with what they hold', (python) =>
  withTarget(python, programFile('buffers.py'), async (target) => {
    const expected: Record<string, string> = JSON.parse(await target.line());
    const variables = variablesOf(await dumpJson(target.pid, '--locals', '--show-secrets'), 'hold');
    for (const [name, text] of Object.entries(expected)) assert.equal(variables.get(name)?.value, text, name);
  }),
);

/** Compares the variables of some functions of a program, which needs a package, with what it prints. */
async function compareWith(
  python: TestPython,
  context: TestContext,
  [wanted, program, functions]: readonly [string, string, readonly string[]],
): Promise<void> {
  let env: NodeJS.ProcessEnv;
  try {
    ({ env } = withPackages(python, [wanted]));
  } catch (error) {
    context.skip(`${wanted} could not be installed: ${String((error as Error).message).split('\n')[0]}`);
    return;
  }
  const act = async (target: Target) => {
    const expected: Record<string, string> = JSON.parse(await target.line());
    const processes = await dumpJson(target.pid, '--locals');
    const variables = new Map(functions.flatMap((one) => [...variablesOf(processes, one)]));
    for (const [variable, text] of Object.entries(expected))
      assert.equal(variables.get(variable)?.value, text, variable);
  };
  await withTarget(python, programFile(program), act, { env });
}

eachPython(
  'numbers and arrays of numpy',
  (python, context) => compareWith(python, context, ['numpy', 'arrays.py', ['numbers', 'arrays']]),
  { since: 8, what: 'numpy that writes its types as it does today' },
);

// pandas is large; these have its versions 2.0 and 3.
for (const minor of [8, 13]) {
  const python = pythons().get(minor);
  const name = `tables and times of pandas on 3.${minor}`;
  if (python === undefined || typeof python === 'string') test(name, { skip: python });
  else test(name, (context) => compareWith(python, context, ['pandas', 'frames.py', ['times', 'tables']]));
}

import assert from 'node:assert/strict';
import { dumpJson, variablesOf } from '../support/dumps.js';
import { eachPython } from '../support/pythons.js';
import { programFile, withTarget } from '../support/targets.js';

eachPython('of more than a thousand variables the first are shown, each with its own value', (python) =>
  withTarget(python, programFile('many_variables.py'), async ({ pid }) => {
    const shown = variablesOf(await dumpJson(pid, '--locals'), 'many');
    assert.ok(shown.size > 900, `${shown.size} variables`);
    for (const [name, { value }] of shown) if (name.startsWith('v')) assert.equal(value, name.slice(1));
    // Up to 3.10 it comes last, and is not shown.
    assert.ok(
      [undefined, "'in a cell'"].includes(shown.get('argument')?.value),
      shown.get('argument')?.value,
    );
  }),
);

import assert from 'node:assert/strict';
import { type DumpedThread, dumpJson, variablesOf } from '../support/dumps.js';
import { onPython2 } from '../support/pythons.js';
import { programFile, withTarget } from '../support/targets.js';

const namesAndLines = ({ frames }: DumpedThread) =>
  frames.filter(({ kind }) => kind === 'python').map(({ name, line }) => [name, line]);

onPython2('names and lines are those that Python says, innermost first', (python) =>
  withTarget(python, programFile('python2/stacks.py'), async (target) => {
    const stacks: Record<string, [string, number][]> = JSON.parse(await target.line());
    const { threads } = (await dumpJson(target.pid))[0]!;
    assert.equal(Object.keys(stacks).length, 6);
    for (const [ident, stack] of Object.entries(stacks)) {
      const thread = threads.find((one) => one.ident === Number(ident))!;
      assert.deepEqual(namesAndLines(thread), stack);
      assert.deepEqual(
        [thread.name, thread.state, thread.waitingFor],
        ['waits', 'waiting', 'waiting for a lock'],
      );
      assert.deepEqual(thread.frames[0]?.qualifiedName, 'thread.lock.acquire');
    }
    assert.equal(threads.length, 7);
    assert.equal(threads[0]?.name, 'MainThread');
  }),
);

/** What Python 2 writes otherwise than pyglass does, on purpose. */
const otherwise: Readonly<Record<string, string>> = {
  bytes_array: "bytearray(b'ab')",
  counted: "Counter({'a': 2, 'b': 1})",
  named: "UUID('00000010-0000-0000-0000-000000000000')",
};

onPython2('values of variables are those that repr() gives', (python) =>
  withTarget(python, programFile('python2/values.py'), async (target) => {
    const expected: Record<string, string> = JSON.parse(await target.line());
    const shown = variablesOf(await dumpJson(target.pid, '--locals'), 'hold');
    assert.ok(Object.keys(expected).length > 40);
    const differing = Object.entries(expected).flatMap(([name, text]) => {
      const value = shown.get(name)?.value;
      return value === (otherwise[name] ?? text) ? [] : [[name, value, text]];
    });
    assert.deepEqual(differing, []);
    assert.equal(shown.get('argument')?.isArgument, true);
  }),
);

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePythonCommand } from './python-command.js';

const cases: readonly [words: string, runs: string, what: string, args: string][] = [
  ['python app.py --port 80', 'script', 'app.py', '--port 80'],
  ['python -u -X dev -W ignore -OO app.py -m x', 'script', 'app.py', '-m x'],
  ['python -Xdev app.py', 'script', 'app.py', ''],
  ['python --check-hash-based-pycs always app.py', 'script', 'app.py', ''],
  ['python -m flask run', 'module', 'flask', 'run'],
  ['python -um flask run', 'module', 'flask', 'run'],
  ['python -mflask run', 'module', 'flask', 'run'],
  ['python -I -c pass a', 'code', 'pass', 'a'],
  ['python -', 'stdin', '', ''],
  ['python', 'interactive', '', ''],
  ['python -i -q', 'interactive', '', ''],
  ['python -m', 'module', '', ''],
];
for (const [words, runs, what, args] of cases) {
  test(words, () => {
    assert.deepEqual(parsePythonCommand(words.split(' ')), {
      runs,
      what,
      args: args === '' ? [] : args.split(' '),
    });
  });
}

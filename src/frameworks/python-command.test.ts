import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePythonCommand, wordsOfPython } from './python-command.js';

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

for (const [words, found] of [
  ['qemu-aarch64 -L /srv/arm /srv/arm/usr/bin/python3.13 -u app.py', '/srv/arm/usr/bin/python3.13 -u app.py'],
  // As the kernel starts it for a program of another machine.
  ['/usr/bin/qemu-aarch64-static /usr/bin/python3 python3 app.py', 'python3 app.py'],
  ['/lib/ld-linux-aarch64.so.1 --library-path /x ./python app.py python3', './python app.py python3'],
  ['gunicorn: master [app]', 'gunicorn: master [app]'],
  ['/usr/bin/python3 app.py', '/usr/bin/python3 app.py'],
  ['emulator -c /etc/emulator.conf image', 'emulator -c /etc/emulator.conf image'],
] as const) {
  test(`the words of python in: ${words}`, () => {
    assert.deepEqual(wordsOfPython(words.split(' ')), found.split(' '));
  });
}

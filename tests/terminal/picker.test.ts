import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { main } from '../support/command.js';
import { Pyglass } from '../support/pyglass.js';
import { anyPython } from '../support/pythons.js';
import { withFolder } from '../support/recordings.js';
import { programFile, withTarget } from '../support/targets.js';
import { withoutTmux, withTmux } from '../support/tmux.js';

/** A shell that says how pyglass ended, and whether it is as it was before. */
const shell = (words: string) => [
  'sh',
  '-c',
  `before=$(stty -g); ${words}; echo "ended $?"; [ "$before" = "$(stty -g)" ] && echo sane; cat`,
];
const record = (output: string) => shell(`"${process.execPath}" "${main}" record -d 0.5 -o "${output}"`);

test('without --pid a process is chosen with the keyboard', { skip: withoutTmux }, () =>
  withFolder((folder) =>
    withTarget(
      anyPython(),
      programFile('busy.py'),
      (target) =>
        withTmux(record(`${folder}/x.svg`), { columns: 100 }, async (terminal) => {
          const list = await terminal.shows(/Which process\?[\s\S]*Type: to search/);
          assert.match(list, /PID +USER +PYTHON +CPU% +MEMORY +THREADS +UPTIME +WHAT/);
          terminal.type('like-no-process');
          await terminal.shows(/No matches found/);
          terminal.press('Enter');
          await terminal.shows(/No matching process/);
          terminal.press(...'like-no-process'.split('').map(() => 'BSpace'));
          await terminal.shows(/Search: _/);
          terminal.type(`chosen-by-hand ${target.pid}`);
          // The only row that is left, among however many there were.
          await terminal.shows(
            new RegExp(`Search: chosen-by-hand ${target.pid}[^○]*● +${target.pid} [^○]*↑/↓`),
          );
          terminal.press('Enter');
          const end = await terminal.shows(/ended 0\nsane/);
          assert.match(end, new RegExp(`process\\s+${target.pid}, Python`));
          assert.ok(existsSync(`${folder}/x.svg`));
          assert.ok(terminal.cursorIsShown());
        }),
      { args: ['chosen-by-hand'] },
    ),
  ),
);

for (const key of ['C-c', 'Escape']) {
  test(`${key} leaves the list, and the terminal is as it was`, { skip: withoutTmux }, () =>
    withFolder((folder) =>
      withTarget(anyPython(), programFile('busy.py'), () =>
        withTmux(record(`${folder}/x.svg`), {}, async (terminal) => {
          await terminal.shows(/Type: to search/);
          terminal.press(key);
          const end = await terminal.shows(/ended 130\nsane/);
          assert.doesNotMatch(end, /pyglass:|Error/);
          assert.ok(!existsSync(`${folder}/x.svg`));
          assert.ok(terminal.cursorIsShown());
        }),
      ),
    ),
  );
}

test('a signal ends the list as Ctrl-C does', { skip: withoutTmux }, () =>
  withTarget(anyPython(), programFile('busy.py'), () =>
    withTmux(
      shell(`sh -c 'echo pid $$; exec "${process.execPath}" "${main}" record'`),
      {},
      async (terminal) => {
        const screen = await terminal.shows(/pid \d+[\s\S]*Type: to search/);
        process.kill(Number(/pid (\d+)/.exec(screen)![1]), 'SIGTERM');
        await terminal.shows(/ended 130\nsane/);
        assert.ok(terminal.cursorIsShown());
      },
    ),
  ),
);

test('where nobody can be asked, what to type is said', async () => {
  const run = new Pyglass(['record']);
  const { status, stderr } = await run.outcome();
  assert.equal(status, 2);
  assert.match(
    stderr,
    /^pyglass: no process given: use --pid PID, or a program after -- \(pyglass ps lists processes\)\n$/,
  );
});

/** A look at the machine in which nothing but our own runs. */
const alone = ['unshare', '--pid', '--fork', '--mount-proc'];
const whyNotAlone =
  withoutTmux ??
  (spawnSync(alone[0]!, [...alone.slice(1), 'true']).status === 0
    ? undefined
    : 'pid namespaces cannot be made');

test('where no Python runs, that is said in one line', { skip: whyNotAlone }, () =>
  withTmux(shell(`${alone.join(' ')} "${process.execPath}" "${main}" record`), {}, async (terminal) => {
    const end = await terminal.shows(/ended 3\nsane/);
    assert.match(end, /^pyglass: no Python process is visible here\n/);
  }),
);

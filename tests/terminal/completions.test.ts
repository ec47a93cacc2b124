import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { main } from '../support/command.js';
import { pyglass } from '../support/pyglass.js';
import { anyPython } from '../support/pythons.js';
import { withFolder } from '../support/recordings.js';
import { programFile, withTarget } from '../support/targets.js';
import { withoutTmux, withTmux } from '../support/tmux.js';

/** How each shell is started with nothing of the user's own, reading only `start` in the folder. */
const shells: readonly {
  name: string;
  startFile: string;
  start: string;
  command: (folder: string) => string[];
}[] = [
  {
    name: 'bash',
    startFile: 'bashrc',
    start: `PS1='> '`,
    command: (folder) => ['bash', '--noprofile', '--rcfile', `${folder}/bashrc`, '-i'],
  },
  {
    name: 'zsh',
    startFile: '.zshrc',
    start: `PS1='> '; autoload -Uz compinit; compinit -D -u`,
    command: (folder) => ['env', `ZDOTDIR=${folder}`, 'zsh', '-d', '-i'],
  },
  {
    name: 'fish',
    startFile: 'config',
    start: `function fish_prompt; echo '> '; end; set -g fish_autosuggestion_enabled 0`,
    command: (folder) => ['fish', '--no-config', '--private', '-C', `source ${folder}/config`],
  },
];

function whyNot(shell: string): string | undefined {
  if (withoutTmux !== undefined) return withoutTmux;
  try {
    execFileSync(shell, ['-c', 'true'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return `${shell} is not installed`;
  }
}

for (const { name, startFile, start, command } of shells) {
  test(`${name} completes commands, options, choices, pids and files`, { skip: whyNot(name) }, () =>
    withFolder(async (folder) => {
      const { status, stdout } = await pyglass('completions', name);
      assert.equal(status, 0);
      writeFileSync(`${folder}/completions`, stdout);
      writeFileSync(`${folder}/${startFile}`, `${start}\ncd ${folder}\nsource ${folder}/completions\n`);
      writeFileSync(`${folder}/run-of-mine.pyglass`, '');
      writeFileSync(`${folder}/pyglass`, `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`);
      chmodSync(`${folder}/pyglass`, 0o755);
      const started = ['env', `PATH=${folder}:${process.env['PATH']}`, ...command(folder)];
      const target = () => withTarget.bind(undefined, anyPython(), programFile('busy.py'));
      await target()((one) =>
        target()((other) =>
          withTmux(started, { columns: 120, rows: 50 }, async (terminal) => {
            await terminal.shows(/^>/m);
            terminal.type('pyglass rec');
            terminal.press('Tab');
            await terminal.shows(/^> pyglass record$/m);
            terminal.type('-f spee');
            terminal.press('Tab');
            await terminal.shows(/-f speedscope$/m);
            terminal.type('--nolin');
            terminal.press('Tab');
            await terminal.shows(/--nolineno$/m);
            terminal.type('--pid ');
            // The first may type what all pids begin with; bash wants two more then to list them.
            terminal.press('Tab', 'Tab', 'Tab');
            await terminal.shows(new RegExp(`\\b${one.pid}\\b.*busy\\.py`));
            await terminal.shows(new RegExp(`\\b${other.pid}\\b.*busy\\.py`));
            // Keys, which wait for their turn; Ctrl-C would end what still completes.
            terminal.press('C-u', 'C-l');
            // A pid that is the only one is completed where it stands, without what it is.
            terminal.type(`pyglass record --pid ${other.pid}`);
            terminal.press('Tab');
            terminal.type('x');
            await terminal.shows(new RegExp(`--pid ${other.pid} x$`, 'm'));
            terminal.press('C-u', 'C-l');
            terminal.type('pyglass report run-of');
            terminal.press('Tab');
            await terminal.shows(/pyglass report run-of-mine\.pyglass/);
          }),
        ),
      );
    }),
  );
}

test('for an unknown shell the known ones are listed', async () => {
  const { status, stderr } = await pyglass('completions', 'csh');
  assert.equal(status, 2);
  assert.match(stderr, /bash, zsh, fish/);
});

import { type Command, Option } from 'commander';
import { parseDuration, parsePid, parseRate } from '../arguments.js';
import { refuseOtherMachine } from '../other-machine.js';
import type { TopFlags } from '../top/top-flags.js';
import { byRequestOption, labelOption, modeOption, requestOption } from '../view-flags.js';
import { targetPid } from './target.js';

const examples = `Examples:
  pyglass top --pid 12345                 live; ? shows its keys, q quits
  pyglass top                             choose a process from a list
  pyglass top -s --pid 12345              with its workers (gunicorn)
  pyglass top -- python app.py            start a program and watch it
  pyglass top --once -d 10 --pid 12345    one table after ten seconds
  pyglass top --json --pid 12345          the same as JSON, for scripts
`;

export function declareTop(program: Command, end: (status: number) => void): void {
  const command = program
    .command('top')
    .description('show a live table of where the time of a process goes')
    .argument('[command...]', 'a program to start and watch, after --; ended when top ends')
    .passThroughOptions()
    .option('-p, --pid <pid>', 'process to watch [choose from a list]', parsePid)
    .option('-s, --subprocesses', 'include child processes and their children')
    .option('-r, --rate <rate>', 'samples a second', parseRate, 100)
    .option('--delay <seconds>', 'time between screen updates', parseDuration, 0.5)
    .addOption(
      new Option('-d, --duration <seconds>', 'stop after this time')
        .argParser(parseDuration)
        .default(undefined, 'until q; 5 for one table'),
    )
    .option('--once', 'print one table and exit [on when standard output is not a terminal]')
    .option('-j, --json', 'print one table as JSON (docs/top-json.md)')
    .addOption(modeOption())
    .option('-g, --gil', 'same as --mode gil')
    .option('-i, --idle', 'include idle threads')
    .addOption(labelOption())
    .addOption(byRequestOption())
    .addOption(requestOption())
    .option('-l, --lines', 'one row per line')
    .option('-F, --function', 'one row per function [on without -l]')
    .option('--full-filenames', 'show full paths of files')
    .option('--nonblocking', 'accepted for py-spy compatibility; pyglass never pauses the target')
    .addHelpText('before', examples)
    .hook('preAction', refuseOtherMachine)
    .action(async (args: string[], flags: TopFlags) => {
      const pid = await targetPid(command, args, flags.pid);
      const { top } = await import('../commands/top.js');
      end(await top(pid === undefined ? flags : { ...flags, pid }, args));
    });
}

import { type Command, Option } from 'commander';
import { modes } from '../../analysis/view-options.js';
import { parseDuration, parsePid, parseRate } from '../arguments.js';
import { refuseOtherMachine } from '../other-machine.js';
import type { TopFlags } from '../top/top-flags.js';
import { labelOption } from '../view-flags.js';
import { targetPid } from './target.js';

const examples = `Examples:
  pyglass top --pid 12345                 live; ? shows its keys, q quits
  pyglass top                             choose a process from a list
  pyglass top -s --pid 12345              with its workers (gunicorn)
  pyglass top -- python app.py            start a program and watch it
  pyglass top --once -d 10 --pid 12345    one table after ten seconds
  pyglass top --json --pid 12345          the same for scripts: docs/top-json.md
`;

export function declareTop(program: Command, end: (status: number) => void): void {
  const command = program
    .command('top')
    .description('show live where the time of a process goes')
    .argument('[command...]', 'a program to start and watch, after --; it ends with top')
    .passThroughOptions()
    .option('-p, --pid <pid>', 'process to watch; when absent, choose from a list', parsePid)
    .option('-s, --subprocesses', 'also its child processes, and theirs')
    .option('-r, --rate <rate>', 'samples a second', parseRate, 100)
    .option('--delay <seconds>', 'from one picture to the next', parseDuration, 0.5)
    .addOption(
      new Option('-d, --duration <seconds>', 'end after this time')
        .argParser(parseDuration)
        .default(undefined, '5 for one table, otherwise until q'),
    )
    .option('--once', 'one table, then end; so also where output is no terminal')
    .option('-j, --json', 'the same as JSON')
    .addOption(
      new Option('--mode <mode>', 'which time: all of it, on a CPU, holding the GIL, waiting for the GIL')
        .choices(modes)
        .default(undefined, 'wall'),
    )
    .option('-g, --gil', 'only the thread that holds the GIL: --mode gil')
    .option('-i, --idle', 'include idle threads')
    .addOption(labelOption())
    .option('-l, --lines', 'a row for each line')
    .option('-F, --function', 'a row for each function: so anyway without -l')
    .option('--full-filenames', 'whole paths of files')
    .option('--nonblocking', 'accepted for those used to it: the process is never paused')
    .addHelpText('before', examples)
    .hook('preAction', refuseOtherMachine)
    .action(async (words: string[], flags: TopFlags) => {
      const pid = await targetPid(command, words, flags.pid);
      const { top } = await import('../commands/top.js');
      end(await top(pid === undefined ? flags : { ...flags, pid }, words));
    });
}

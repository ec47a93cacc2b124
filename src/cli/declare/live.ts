import { type Command, InvalidArgumentError } from 'commander';
import { parsePid, parseRate } from '../arguments.js';
import type { LiveFlags } from '../commands/live.js';
import { refuseOtherMachine } from '../other-machine.js';
import { modeOption } from '../view-flags.js';
import { targetPid } from './target.js';

const examples = `Examples:
  pyglass live --pid 12345                   prints the address of the page
  pyglass live                               choose a process from a list
  pyglass live -s --pid 12345                with its child processes
  pyglass live -- python app.py              start a program and watch it
  pyglass live -o run.pyglass --pid 12345    keep the recording too
  ssh -L 8000:127.0.0.1:8000 HOST pyglass live --port 8000 --pid 12345
                                             of another machine, in your browser
`;

export function declareLive(program: Command, end: (status: number) => void): void {
  const command = program
    .command('live')
    .description('serve a live page of a running process, to this machine only')
    .argument('[command...]', 'a program to start and watch, after --; ended when live ends')
    .passThroughOptions()
    .option('-p, --pid <pid>', 'process to watch [choose from a list]', parsePid)
    .option('-o, --output <file>', 'keep the recording in this file')
    .option('-s, --subprocesses', 'include child processes and their children')
    .option('-r, --rate <rate>', 'samples a second', parseRate, 100)
    .option('--port <port>', 'port of the page [a free one]', parsePort)
    .option('--no-open', 'do not open a browser')
    .addOption(modeOption())
    .option('-g, --gil', 'same as --mode gil')
    .option('-i, --idle', 'include idle threads')
    .option('-F, --function', 'group by function instead of by line')
    .option('--nolineno', 'leave out line numbers')
    .option('--full-filenames', 'show full paths of files')
    .option('--nonblocking', 'accepted for py-spy compatibility; pyglass never pauses the target')
    .addHelpText('before', examples)
    .hook('preAction', refuseOtherMachine)
    .action(async (args: string[], flags: LiveFlags) => {
      const pid = await targetPid(command, args, flags.pid);
      const { live } = await import('../commands/live.js');
      end(await live(pid === undefined ? flags : { ...flags, pid }, args));
    });
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65535) return port;
  throw new InvalidArgumentError('It is a whole number from 1 to 65535.');
}

import { type Command, Option } from 'commander';
import { formats } from '../../formats/formats.js';
import { parseDuration, parsePid, parseRate } from '../arguments.js';
import type { RecordFlags } from '../commands/record.js';
import { refuseOtherMachine } from '../other-machine.js';
import { addPushFlags } from '../push.js';
import { addViewFlags, recordingFormat, requestAnchorOption, withSourceOption } from '../view-flags.js';
import { targetPid } from './target.js';

const examples = `Examples:
  pyglass record -o profile.svg --pid 12345       until Ctrl-C; then open it
  pyglass record -d 10 -o profile.svg -p 12345    ten seconds
  pyglass record -o profile.svg -- python app.py  start a program and record it
  pyglass record                                  choose a process from a list
  pyglass record -s -o profile.svg -p 12345       with its workers (gunicorn)
  pyglass record -d 60 -p 12345 --push http://localhost:4040   to Pyroscope
`;

const signals = `
Signals:
  INT, TERM, HUP, QUIT, USR2   end the recording and write the output
  USR1                         write the output so far and continue`;

export function declareRecord(program: Command, end: (status: number) => void): void {
  const command = program
    .command('record')
    .description('record a process until Ctrl-C and write a profile')
    .argument('[command...]', 'a program to start and record, after --')
    .passThroughOptions()
    .option('-p, --pid <pid>', 'process to record [choose from a list]', parsePid)
    .option(
      '-o, --output <file>',
      'file to write, - for standard output [PROGRAM-TIME.svg] (docs/outputs.md)',
    )
    .option('-r, --rate <rate>', 'samples a second', parseRate, 1000)
    .addOption(
      new Option(
        '-d, --duration <seconds>',
        'stop after this time; a started program goes on, and pyglass waits for it',
      )
        .argParser(parseDuration)
        .default(Number.POSITIVE_INFINITY, 'until Ctrl-C or the process ends'),
    )
    .option('-s, --subprocesses', 'include child processes and their children');
  addPushFlags(addViewFlags(command, [...formats.map(({ id }) => id), recordingFormat]))
    .addOption(withSourceOption())
    .addOption(requestAnchorOption())
    .option('--tasks', 'include suspended tasks and greenlets, as waiting (docs/tasks.md)')
    .option('--no-c-functions', 'leave C functions out of stacks')
    .option('--kill', 'end the started program when the recording ends')
    .option('--stats-json <file>', 'write the counts and costs of sampling to this file')
    .option('--nonblocking', 'accepted for py-spy compatibility; pyglass never pauses the target')
    .addHelpText('before', examples)
    .addHelpText('after', signals)
    .hook('preAction', refuseOtherMachine)
    .action(async (args: string[], flags: RecordFlags) => {
      const pid = await targetPid(command, args, flags.pid);
      const { record } = await import('../commands/record.js');
      end(await record(pid === undefined ? flags : { ...flags, pid }, args));
    });
}

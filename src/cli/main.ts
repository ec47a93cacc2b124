#!/usr/bin/env node
import { Command, CommanderError, Option } from 'commander';
import { formats } from '../formats/formats.js';
import { PyglassError } from '../model/error.js';
import { parseDuration, parsePid, parseRate } from './arguments.js';
import { type RecordFlags, record } from './commands/record.js';
import { type ReportFlags, report } from './commands/report.js';
import { declareTop } from './declare/top.js';
import { exitCodes, exitCodesHelp } from './exit-codes.js';
import { explainError } from './explain-error.js';
import { nearest } from './nearest.js';
import { version } from './version.js';
import { addViewFlags, recordingFormat } from './view-flags.js';

let status: number = exitCodes.success;

function buildProgram(): Command {
  const program = new Command('pyglass')
    .description(
      'Where a running Python program spends its time. The program is not changed, restarted or paused.',
    )
    .version(version, '-V, --version')
    .enablePositionalOptions()
    .helpCommand(false)
    .addHelpText('after', `\n${exitCodesHelp}`);

  const ids = formats.map(({ id }) => id);
  const recordCommand = program
    .command('record')
    .description('record a process until Ctrl-C, and write where its time went')
    .argument('[command...]', 'a program to start and record, after --')
    .passThroughOptions()
    .option('-p, --pid <pid>', 'process to record', parsePid)
    .option('-o, --output <file>', 'file to write, - for standard output')
    .option('-r, --rate <rate>', 'samples a second', parseRate, 1000)
    .addOption(
      new Option('-d, --duration <seconds>', 'end after this time')
        .argParser(parseDuration)
        .default(Number.POSITIVE_INFINITY, 'until Ctrl-C or the end of the process'),
    )
    .option('-s, --subprocesses', 'also its child processes, and theirs');
  addViewFlags(recordCommand, [...ids, recordingFormat])
    .option('--kill', 'end the started program when the recording ends')
    .option('--stats-json <file>', 'write what sampling itself did and cost')
    .option('--nonblocking', 'accepted for those used to it: the process is never paused')
    .addHelpText('after', recordExamples)
    .action(async (command: string[], flags: RecordFlags) => {
      checkTarget(recordCommand, command, flags);
      status = await record(flags, command);
    });

  const reportCommand = program
    .command('report')
    .description('write any view of a recording')
    .argument('<recording>', 'file that record -o x.pyglass wrote, or left behind')
    .option('-o, --output <file>', 'file to write, - for standard output');
  addViewFlags(reportCommand, ids)
    .option('-s, --subprocesses', 'a root frame for each process')
    .addHelpText('after', reportExamples)
    .action((path: string, flags: ReportFlags) => {
      status = report(path, flags);
    });

  declareTop(program, (ended) => {
    status = ended;
  });

  for (const command of program.commands.concat(program)) {
    command.exitOverride().showSuggestionAfterError(true);
    // Errors are told in one place, at the end.
    command.configureOutput({ outputError: () => {} });
  }
  return program;
}

const recordExamples = `
Examples:
  pyglass record -o profile.svg --pid 12345       record until Ctrl-C, then open profile.svg in a browser
  pyglass record -d 10 -o profile.svg -p 12345    ten seconds
  pyglass record -o profile.svg -- python app.py  start a program and record it
  pyglass record -s -o profile.svg -p 12345       with its workers: gunicorn, multiprocessing`;

const reportExamples = `
Examples:
  pyglass report run.pyglass -o run.svg
  pyglass report run.pyglass -f raw -o - | sort -k2 -n`;

function checkTarget(command: Command, words: readonly string[], flags: RecordFlags): void {
  if (flags.pid !== undefined && words.length > 0)
    command.error('error: give either --pid or a program to start, not both');
  if (flags.pid !== undefined) return;
  if (words.length === 0) command.error('error: which process? Give --pid PID, or a program after --');
  if (words.length === 1 && /^\d+$/.test(words[0]!)) command.error(`error: did you mean --pid ${words[0]}?`);
}

/** A command may be given by its beginning. */
function completeCommand(program: Command, words: readonly string[]): string[] {
  const [first, ...rest] = words;
  if (first === undefined || first.startsWith('-')) return [...words];
  const names = program.commands.map((command) => command.name());
  if (names.includes(first)) return [...words];
  const starting = names.filter((name) => name.startsWith(first));
  if (starting.length === 1) return [starting[0]!, ...rest];
  const near = starting.length > 1 ? starting.join(' or ') : nearest(first, names);
  return program.error(
    `error: unknown command ${JSON.stringify(first)}${near ? ` (did you mean ${near}?)` : ''}`,
  );
}

function explain(error: unknown): number {
  if (error instanceof CommanderError) {
    // Help and the version are "errors" of commander that end well.
    if (error.exitCode === 0) return exitCodes.success;
    if (error.code === 'commander.help') return exitCodes.usage;
    tell(error.message.replace(/^error: /, '').replace(/\n\(D/, ' (d'));
    return exitCodes.usage;
  }
  if (error instanceof PyglassError) {
    const { exitCode, remedy } = explainError(error);
    tell(error.message, remedy);
    return exitCode;
  }
  const message = error instanceof Error ? error.message : String(error);
  tell(`a mistake of pyglass: ${message}`, ['Please report it with the command you typed.']);
  return exitCodes.internal;
}

function tell(message: string, remedy: readonly string[] = []): void {
  process.stderr.write(`pyglass: ${[message, ...remedy].join('\n')}\n`);
}

const program = buildProgram();
try {
  const words = completeCommand(program, process.argv.slice(2));
  if (words.length === 0) program.help();
  await program.parseAsync(words, { from: 'user' });
} catch (error) {
  status = explain(error);
}
process.exitCode = status;

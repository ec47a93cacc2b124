import { type Command, CommanderError } from 'commander';
import { PyglassError } from '../model/error.js';
import { exitCodes } from './exit-codes.js';
import { explainError } from './explain-error.js';
import { nearest } from './nearest.js';
import { print } from './print.js';
import { buildProgram } from './program.js';
import { plainLines, standardError } from './terminal.js';

let status: number = exitCodes.success;

/** A command may be given by its beginning. */
function completeCommand(program: Command, args: readonly string[]): string[] {
  const [first, ...rest] = args;
  if (first === undefined || first.startsWith('-')) return [...args];
  const names = program.commands.map((command) => command.name());
  if (names.includes(first)) return [...args];
  const starting = names.filter((name) => name.startsWith(first));
  if (starting.length === 1) return [starting[0]!, ...rest];
  const near = starting.length > 1 ? starting.join(' or ') : nearest(first, names);
  return program.error(
    `error: unknown command ${JSON.stringify(first)}${near ? ` (did you mean ${near}?)` : ''}`,
  );
}

/** `command`: the one that was typed. */
function explain(error: unknown, command: string | undefined): number {
  if (error instanceof CommanderError) {
    // Help and the version are "errors" of commander that end well.
    if (error.exitCode === 0) return exitCodes.success;
    if (error.code === 'commander.help') return exitCodes.usage;
    report(error.message.replace(/^error: /, '').replace(/\n\(D/, ' (d'));
    return exitCodes.usage;
  }
  if (error instanceof PyglassError) {
    // The user cancelled the process picker; no message needed.
    if (error.code === 'choice-left') return exitCodes.interrupted;
    const { exitCode, remedy } = explainError(error, command);
    report(error.message, remedy);
    return exitCode;
  }
  const message = error instanceof Error ? error.message : String(error);
  report(`internal error: ${message}`, ['Please report this, with the command line.']);
  return exitCodes.internal;
}

/** Messages have names in them that others chose, such as command lines and paths. */
function report(message: string, remedy: readonly string[] = []): void {
  standardError().write(`pyglass: ${plainLines([message, ...remedy].join('\n'))}\n`);
}

/** What was typed first. */
let command: string | undefined;

/** Runs the command of our arguments, and sets the exit status. */
export async function runCommandLine(): Promise<void> {
  // What happens while nobody waits for it.
  process.on('uncaughtException', (error) => process.exit(explain(error, command)));
  // Help and the version: commander writes them at once, and knows nothing of a full disk.
  const printed: string[] = [];
  const typed = process.argv.slice(2);
  const program = await buildProgram(
    (ended) => {
      status = ended;
    },
    (text) => printed.push(text),
    typed[0],
  );
  try {
    const args = completeCommand(program, typed);
    [command] = args;
    if (args.length === 0) program.help();
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    status = explain(error, command);
  }
  try {
    if (printed.length > 0) await print(printed);
  } catch (error) {
    status = explain(error, command);
  }
  process.exitCode = status;
}

import { Command } from 'commander';
import { version } from '../session/version.js';
import { declarations } from './declare/declarations.js';
import { exitCodesHelp } from './exit-codes.js';

const examples = `Examples:
  pyglass ps                                  the Python processes that run here
  pyglass record -o profile.svg --pid 12345   where its time goes, until Ctrl-C
  pyglass report run.pyglass -f speedscope    any other view of a recording
  pyglass record --help                       more of them, for each command
`;

/**
 * All commands with their flags and help, which go to `writeOut`. An action hands its exit status to `end`; errors of usage are thrown,
 * not printed.
 */
export function buildProgram(end: (status: number) => void, writeOut: (text: string) => void): Command {
  const program = new Command('pyglass')
    .description(
      'Where a running Python program spends its time. The program is not changed, restarted or paused.',
    )
    .version(version, '-V, --version')
    .enablePositionalOptions()
    .helpCommand(false)
    .addHelpText('before', examples);
  for (const declare of declarations) declare(program, end);
  for (const command of [program, ...program.commands]) {
    command.exitOverride().showSuggestionAfterError(true).addHelpText('after', `\n${exitCodesHelp}`);
    // Errors are told in one place, at the end.
    command.configureOutput({ outputError: () => {}, writeOut });
  }
  return program;
}

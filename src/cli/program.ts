import { Command, type Option } from 'commander';
import { version } from '../session/version.js';
import { declarationsFor } from './declare/declarations.js';
import { exitCodesHelp } from './exit-codes.js';

const examples = `Examples:
  pyglass ps                                 the Python processes here
  pyglass record -o profile.svg --pid 12345  record until Ctrl-C, then open it
  pyglass report run.pyglass -f speedscope   another view of a recording
  pyglass record --help                      examples and options of a command
`;

/** `what it does (its choices) [its default]`. */
function optionDescription({
  description,
  argChoices,
  defaultValue,
  defaultValueDescription,
}: Option): string {
  const choices = argChoices === undefined ? '' : ` (${argChoices.join(', ')})`;
  // Switches are off by default; commander keeps `true` for what --no-… turns off.
  const value = defaultValueDescription ?? (typeof defaultValue === 'boolean' ? undefined : defaultValue);
  return `${description}${choices}${value === undefined ? '' : ` [${value}]`}`;
}

/**
 * The command of that name, or all, with flags and help, which go to `writeOut`. An action hands its exit status to
 * `end`; errors of usage are thrown, not printed.
 */
export async function buildProgram(
  end: (status: number) => void,
  writeOut: (text: string) => void,
  name?: string,
): Promise<Command> {
  const program = new Command('pyglass')
    .description(
      'Show where a running Python program spends its time, without changing, restarting or pausing it.',
    )
    .version(version, '-V, --version')
    .enablePositionalOptions()
    .helpCommand(false)
    .addHelpText('before', examples);
  for (const declare of await declarationsFor(name)) declare(program, end);
  for (const command of [program, ...program.commands]) {
    command.configureHelp({ optionDescription });
    command.exitOverride().showSuggestionAfterError(true).addHelpText('after', `\n${exitCodesHelp}`);
    // Errors are reported in one place, at the end.
    command.configureOutput({ outputError: () => {}, writeOut });
  }
  return program;
}

import type { Argument, Command, Option } from 'commander';

/** What the value of an option or an argument is completed from. */
export type Values =
  | { readonly from: 'choices'; readonly choices: readonly string[] }
  | { readonly from: 'pids' | 'files' | 'program' | 'nothing' };

export interface CompletedOption {
  /** Without dashes. */
  readonly short: string | undefined;
  readonly long: string | undefined;
  readonly description: string;
  /** `undefined` for a flag, which takes no value. */
  readonly values: Values | undefined;
}

export interface CompletedCommand {
  readonly name: string;
  readonly description: string;
  readonly options: readonly CompletedOption[];
  /** The first one; others are completed from the same. */
  readonly argument: { readonly name: string; readonly values: Values; readonly count: number } | undefined;
}

/** By the name between the brackets of the declaration: `--pid <pid>`. Choices that are declared need no line. */
const valuesByName: Readonly<Record<string, Values>> = {
  pid: { from: 'pids' },
  file: { from: 'files' },
  folder: { from: 'files' },
  recording: { from: 'files' },
  before: { from: 'files' },
  command: { from: 'program' },
};

/** The program's own options, as a command without a name, and its commands. */
export function commandTree(program: Command): { root: CompletedCommand; commands: CompletedCommand[] } {
  return { root: completed(program), commands: program.commands.map(completed) };
}

function completed(command: Command): CompletedCommand {
  const [argument] = command.registeredArguments;
  const help = command.createHelp();
  return {
    name: command.name(),
    description: plain(command.description()),
    options: help.visibleOptions(command).map(completedOption),
    argument: argument && {
      ...{ name: argument.name(), values: valuesOf(argument, argument.name()) },
      count: command.registeredArguments.length,
    },
  };
}

function completedOption(option: Option): CompletedOption {
  const takesValue = option.required || option.optional;
  const name = /[<[]([\w-]+)/.exec(option.flags)?.[1] ?? '';
  return {
    short: option.short?.slice(1),
    long: option.long?.slice(2),
    description: plain(option.description),
    values: takesValue ? valuesOf(option, name) : undefined,
  };
}

function valuesOf({ argChoices }: Option | Argument, name: string): Values {
  if (argChoices) return { from: 'choices', choices: argChoices };
  return valuesByName[name] ?? { from: 'nothing' };
}

/** One line without the default, of characters without a meaning in any shell, whatever quotes it is put in. */
function plain(text: string): string {
  return text
    .replace(/ \[[^\]]*\]/g, '')
    .replace(/['"`$\\[\]]/g, '’')
    .replace(/\s+/g, ' ');
}

/** `--pid` and `-p`, as they are typed. */
export function spellings({ short, long }: CompletedOption): string[] {
  return [...(short === undefined ? [] : [`-${short}`]), ...(long === undefined ? [] : [`--${long}`])];
}

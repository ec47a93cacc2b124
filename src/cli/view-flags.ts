import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Mode, modes, type ViewOptions } from '../analysis/view-options.js';
import { formatById, formatForPath, formats } from '../formats/formats.js';
import type { OutputFormat } from '../formats/output-format.js';
import { nearest } from './nearest.js';

/** The recording itself as an output. */
export const recordingFormat = 'pyglass';
const recordingSuffix = '.pyglass';

export interface ViewFlags {
  readonly format?: string;
  readonly function?: boolean;
  readonly nolineno?: boolean;
  readonly threads?: boolean;
  readonly gil?: boolean;
  readonly idle?: boolean;
  readonly mode?: Mode;
  readonly fullFilenames?: boolean;
  readonly subprocesses?: boolean;
}

/** Adds the flags that say how a recording is shown. They mean what they mean in py-spy. */
export function addViewFlags(command: Command, ids: readonly string[]): Command {
  return command
    .addOption(
      new Option('-f, --format <format>', formatHelp(ids)).argParser((id: string) => {
        if (!ids.includes(id)) throw new InvalidArgumentError(unknownFormat(id, ids));
        return id;
      }),
    )
    .option('-F, --function', 'one frame a function, at its first line, not one a line')
    .option('--nolineno', 'no line numbers')
    .option('-t, --threads', 'a root frame for each thread')
    .addOption(
      new Option('--mode <mode>', 'which time: all of it, on a CPU, holding the GIL, waiting for the GIL')
        .choices(modes)
        .default(undefined, 'wall'),
    )
    .option('-g, --gil', 'only the thread that holds the GIL: --mode gil')
    .option('-i, --idle', 'also threads that wait for work with nothing in hand')
    .option('--full-filenames', 'whole paths of files');
}

export function viewOptions(flags: ViewFlags): ViewOptions {
  return {
    lines: flags.nolineno ? 'none' : flags.function ? 'function' : 'current',
    threads: flags.threads ?? false,
    processes: flags.subprocesses ?? false,
    fullFileNames: flags.fullFilenames ?? false,
    idle: flags.idle ?? false,
    mode: flags.mode ?? (flags.gil ? 'gil' : 'wall'),
    ownCode: false,
  };
}

/** `undefined`: the recording itself. Without `-f` the file's ending says it, and without one it is the first of the list. */
export function chooseFormat(flags: ViewFlags, path: string): OutputFormat | undefined {
  if (flags.format === recordingFormat) return undefined;
  if (flags.format !== undefined) return formatById(flags.format);
  if (path.endsWith(recordingSuffix)) return undefined;
  return formatForPath(path) ?? formats[0];
}

function formatHelp(ids: readonly string[]): string {
  const known = formats.filter(({ id }) => ids.includes(id));
  const endings = known.map(({ id, extensions }) => `${id} (${extensions[0]})`);
  if (ids.includes(recordingFormat)) endings.push(`${recordingFormat} (${recordingSuffix})`);
  return `${endings.join(', ')}; told by the file's ending when absent`;
}

function unknownFormat(id: string, ids: readonly string[]): string {
  const near = nearest(id, ids);
  return near ? `Did you mean ${near}?` : `Known are ${ids.join(', ')}.`;
}

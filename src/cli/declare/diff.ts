import { type Command, InvalidArgumentError, Option } from 'commander';
import { bases } from '../../analysis/diff/units.js';
import { diffFormatIds } from '../../formats/diff/diff-format-ids.js';
import type { DiffFlags, DiffLimit } from '../commands/diff.js';
import { byRequestOption, idlePatternOption, labelOption, modeOption, requestOption } from '../view-flags.js';

const examples = `Examples:
  pyglass diff before.pyglass after.pyglass    what grew, what shrank
  pyglass diff a.pyglass b.pyglass -o d.html   and as a page, with a flame graph
  pyglass diff a.pyglass b.pyglass -o d.svg    and as a flame graph alone
  pyglass diff --fail-above 10% main.pyglass branch.pyglass   for CI
  pyglass diff --fail-above 'GET /slow=5%' main.pyglass branch.pyglass
  pyglass diff --before a?.pyglass --after b?.pyglass   several runs of each
`;

export function declareDiff(program: Command, end: (status: number) => void): void {
  program
    .command('diff')
    .description('show what changed from one recording to another')
    .argument('[before]', 'a recording of the program as it was')
    .argument('[after]', 'a recording of the program as it is now')
    .option('--before <files...>', 'several recordings of the program as it was; with --after')
    .option('--after <files...>', 'several recordings of the program as it is now')
    .addOption(
      new Option('--per <unit>', 'compare time per second of recording, or per request')
        .choices(bases)
        .default(undefined, 'request where both recordings have them'),
    )
    .option('-o, --output <file>', 'page or flame graph to write, coloured by change; - for standard output')
    .addOption(
      new Option('-f, --format <format>', 'output format')
        .choices(diffFormatIds)
        .default(undefined, 'by file suffix: .html, .svg'),
    )
    .addOption(
      new Option('--base <recording>', 'recording to draw; a page has both and begins with this one')
        .choices(['before', 'after'])
        .default(undefined, 'after'),
    )
    .addOption(
      new Option(
        '--fail-above <growth>',
        "exit with 8 if anything grew by more, such as 10%; 'NAME=5%': only this route or function (repeatable)",
      ).argParser(addLimit),
    )
    .option('-a, --all', 'list all functions, even those within sampling error')
    .option('-j, --json', 'print JSON, for scripts (docs/diff-json.md)')
    .addOption(labelOption())
    .addOption(byRequestOption())
    .addOption(requestOption())
    .addOption(modeOption())
    .option('-g, --gil', 'same as --mode gil')
    .option('-i, --idle', 'include idle threads')
    .addOption(idlePatternOption())
    .option('--full-filenames', 'show full paths of files')
    .addHelpText('before', examples)
    .addHelpText(
      'after',
      `
A function is the same in both by its name and file, whatever its line. What
chance explains is called no change: docs/diff.md.`,
    )
    .action(async (before: string | undefined, after: string | undefined, flags: DiffFlags) => {
      const { diff } = await import('../commands/diff.js');
      end(await diff([before, after], flags));
    });
}

/** `10%`, or `NAME=10%`. */
function addLimit(text: string, before: readonly DiffLimit[] = []): DiffLimit[] {
  const [, name, percent] = /^(?:(.+)=)?(\d{1,6}(?:\.\d{1,6})?)%$/s.exec(text) ?? [];
  if (percent === undefined)
    throw new InvalidArgumentError("It is a growth, such as 10%, or one of a name: 'GET /slow=5%'.");
  return [...before, { growth: Number(percent) / 100, ...(name === undefined ? {} : { pattern: name }) }];
}

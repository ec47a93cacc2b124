import type { Command } from 'commander';
import { formats } from '../../formats/formats.js';
import type { ReportFlags } from '../commands/report.js';
import { addPushFlags } from '../push.js';
import { addSummaryFlags, addViewFlags, withSourceOption } from '../view-flags.js';

const examples = `Examples:
  pyglass report run.pyglass -o run.svg
  pyglass report run.pyglass --summary             as text
  pyglass report run.pyglass -f raw -o - | sort -k2 -n
  pyglass report run.pyglass --push http://localhost:4040   to Pyroscope
`;

export function declareReport(program: Command, end: (status: number) => void): void {
  const command = program
    .command('report')
    .description('write a view of a recording')
    .argument('<recording>', 'a recording, such as record -o x.pyglass writes; - for standard input')
    .option('-o, --output <file>', 'file to write, - for standard output [RECORDING.svg]');
  const ids = formats.map(({ id }) => id);
  addPushFlags(addSummaryFlags(addViewFlags(command, ids)))
    .addOption(withSourceOption())
    .option('-s, --subprocesses', 'add a root frame for each process')
    .addHelpText('before', examples)
    .action(async (path: string, flags: ReportFlags) => {
      const { report } = await import('../commands/report.js');
      end(await report(path, flags));
    });
}

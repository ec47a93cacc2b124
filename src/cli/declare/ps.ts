import { type Command, Option } from 'commander';
import type { PsFlags } from '../commands/ps.js';
import { refuseOtherMachine } from '../other-machine.js';

const examples = `Examples:
  pyglass ps                                 what runs, and which pid to record
  pyglass ps --json | jq '.processes[].pid'  for scripts: docs/ps-json.md
`;

export function declarePs(program: Command, end: (status: number) => void): void {
  program
    .command('ps')
    .description('show the Python processes of this machine')
    .option('-j, --json', 'everything that is known of them, as JSON')
    .addOption(new Option('-b, --brief', 'pid and what it is, a tab between: at once').conflicts('json'))
    .addHelpText('before', examples)
    .addHelpText(
      'after',
      `
CPU% is that of one core, over a fifth of a second. A process is listed when it
has a CPython among its files, whatever its name; where we may not look, when it
has the name of one.`,
    )
    .hook('preAction', refuseOtherMachine)
    .action(async (flags: PsFlags) => {
      const { ps } = await import('../commands/ps.js');
      end(await ps(flags));
    });
}

import { type Command, Option } from 'commander';
import type { PsFlags } from '../commands/ps.js';
import { refuseOtherMachine } from '../other-machine.js';

const examples = `Examples:
  pyglass ps                                 which processes there are
  pyglass ps --json | jq '.processes[].pid'  for scripts: docs/ps-json.md
`;

export function declarePs(program: Command, end: (status: number) => void): void {
  program
    .command('ps')
    .description('show the Python processes of this machine')
    .option('-j, --json', 'print everything known about them as JSON')
    .addOption(
      new Option('-b, --brief', 'print pid and program, separated by a tab, without measuring CPU').conflicts(
        'json',
      ),
    )
    .addHelpText('before', examples)
    .addHelpText(
      'after',
      `
CPU% is of one core, measured over 0.2 s. Lists every process with CPython
loaded; where permission is missing, every process named like one.`,
    )
    .hook('preAction', refuseOtherMachine)
    .action(async (flags: PsFlags) => {
      const { ps } = await import('../commands/ps.js');
      end(await ps(flags));
    });
}

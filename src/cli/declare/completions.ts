import { Argument, type Command } from 'commander';
import { shells } from '../completions/shells.js';
import { exitCodes } from '../exit-codes.js';
import { print } from '../print.js';

const examples = `Examples:
${shells.map(({ install }) => `  ${install}`).join('\n')}
`;

export function declareCompletions(program: Command, end: (status: number) => void): void {
  program
    .command('completions')
    .description('print a completion script for a shell: commands, options, pids')
    .addArgument(new Argument('<shell>', 'the shell').choices(shells.map(({ id }) => id)))
    .addHelpText('before', examples)
    .action(async (id: string) => {
      await print([shells.find((shell) => shell.id === id)!.script(program)]);
      end(exitCodes.success);
    });
}

import type { Command } from 'commander';
import { parsePid } from '../arguments.js';
import type { DumpFlags } from '../commands/dump.js';
import { refuseOtherMachine } from '../other-machine.js';
import { targetPid } from './target.js';

const examples = `Examples:
  pyglass dump --pid 12345        each thread: its stack, and its wait
  pyglass dump                    choose a process from a list
  pyglass dump -s -p 12345        with its workers: gunicorn, multiprocessing
  pyglass dump --locals -p 12345  with variables; secrets are hidden
  pyglass dump -lj -p 12345 | jq -r '.processes[].threads[].state'
`;

export function declareDump(program: Command, end: (status: number) => void): void {
  const command = program
    .command('dump')
    .description('print what every thread is doing now')
    .option('-p, --pid <pid>', 'process to show [choose from a list]', parsePid)
    .option('-s, --subprocesses', 'include child processes and their children')
    .option('-l, --locals', 'show the variables of each function and their values')
    .option('--show-secrets', 'show values of secrets too: passwords, tokens, cookies')
    .option('-j, --json', 'print JSON, for scripts (docs/dump-json.md)')
    .option('--full-filenames', 'show full paths of files')
    .option('--nonblocking', 'accepted for py-spy compatibility; pyglass never pauses the target')
    .addHelpText('before', examples)
    .hook('preAction', refuseOtherMachine)
    .action(async (flags: Omit<DumpFlags, 'pid'> & { pid?: number }) => {
      const pid = await targetPid(command, [], flags.pid);
      const { dump } = await import('../commands/dump.js');
      if (pid !== undefined) end(await dump({ ...flags, pid }));
    });
}

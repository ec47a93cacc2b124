import type { Command } from 'commander';
import { parsePid } from '../arguments.js';
import type { DumpFlags } from '../commands/dump.js';
import { refuseOtherMachine } from '../other-machine.js';
import { targetPid } from './target.js';

const examples = `Examples:
  pyglass dump --pid 12345        where each thread is, and what it waits for
  pyglass dump                    choose a process from a list
  pyglass dump -s -p 12345        with its workers: gunicorn, multiprocessing
  pyglass dump --locals -p 12345  with the variables; secrets are hidden
  pyglass dump -lj -p 12345 | jq -r '.processes[].threads[].state'
`;

export function declareDump(program: Command, end: (status: number) => void): void {
  const command = program
    .command('dump')
    .description('print what every thread is doing now')
    .option('-p, --pid <pid>', 'process to look at; when absent, choose from a list', parsePid)
    .option('-s, --subprocesses', 'also its child processes, and theirs')
    .option('-l, --locals', 'the variables of each function and what they hold')
    .option('--show-secrets', 'also of variables named like secrets: passwords, tokens, cookies')
    .option('-j, --json', 'as JSON, for programs (docs/dump-json.md)')
    .option('--full-filenames', 'whole paths of files')
    .option('--nonblocking', 'accepted for those used to it: the process is never paused')
    .addHelpText('before', examples)
    .hook('preAction', refuseOtherMachine)
    .action(async (flags: Omit<DumpFlags, 'pid'> & { pid?: number }) => {
      const pid = await targetPid(command, [], flags.pid);
      const { dump } = await import('../commands/dump.js');
      if (pid !== undefined) end(await dump({ ...flags, pid }));
    });
}

import { type Command, Option } from 'commander';
import type { CoreFile } from '../../session/core-files.js';
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
  pyglass dump -c core.12345      what each thread did when it crashed
  zstd -dc core.zst | pyglass dump -c -
`;

export function declareDump(program: Command, end: (status: number) => void): void {
  const command = program
    .command('dump')
    .description('print what every thread is doing now, or did in a core file')
    .option('-p, --pid <pid>', 'process to show [choose from a list]', parsePid)
    .addOption(
      new Option(
        '-c, --core <file>',
        'core file to show instead of a process; - for standard input (docs/core-files.md)',
      ).conflicts(['pid', 'subprocesses']),
    )
    .option('--executable <file>', "executable of the core file's program [where it was]")
    .option('--sysroot <folder>', "folder with the files of the core file's machine [/]")
    .option('-s, --subprocesses', 'include child processes and their children')
    .option('-l, --locals', 'show the variables of each function and their values')
    .option('--show-secrets', 'show values of secrets too: passwords, tokens, cookies')
    .option('-j, --json', 'print JSON, for scripts (docs/dump-json.md)')
    .option('--all-tasks', 'show each task or greenlet by itself, even of hundreds at the same place')
    .option('--full-filenames', 'show full paths of files')
    .option('--nonblocking', 'accepted for py-spy compatibility; pyglass never pauses the target')
    .addHelpText('before', examples)
    .hook('preAction', refuseOtherMachine)
    .action(async (flags: TargetFlags) => {
      const target = coreFile(command, flags) ?? (await targetPid(command, [], flags.pid));
      const { dump } = await import('../commands/dump.js');
      if (target !== undefined) end(await dump({ ...flags, target }));
    });
}

type TargetFlags = Omit<DumpFlags, 'target'> & { readonly pid?: number } & Partial<CoreFile>;

function coreFile(command: Command, { core, executable, sysroot }: TargetFlags): CoreFile | undefined {
  if (core !== undefined) return { core, executable, sysroot };
  const alone = executable === undefined ? (sysroot === undefined ? '' : '--sysroot') : '--executable';
  return alone === '' ? undefined : command.error(`error: ${alone} needs a core file: --core FILE`);
}

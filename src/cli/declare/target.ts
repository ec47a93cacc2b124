import type { Command } from 'commander';

/**
 * Which process a command is about: `pid` as it was given, `undefined` when `args` start a program, or what is chosen
 * from a list when neither was said and someone is there to choose. Ends in an error of usage otherwise.
 */
export async function targetPid(
  command: Command,
  args: readonly string[],
  pid: number | undefined,
): Promise<number | undefined> {
  if (pid !== undefined && args.length > 0)
    command.error('error: --pid and a program to start cannot be combined');
  if (pid !== undefined) return pid;
  if (args.length === 1 && /^\d+$/.test(args[0]!)) command.error(`error: did you mean --pid ${args[0]}?`);
  if (args.length > 0) return undefined;
  const { canAsk, pickProcess } = await import('../pick-process.js');
  if (canAsk()) return pickProcess();
  const orProgram = command.registeredArguments.length > 0 ? ', or a program after --' : '';
  return command.error(`error: no process given: use --pid PID${orProgram} (pyglass ps lists processes)`);
}

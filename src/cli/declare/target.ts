import type { Command } from 'commander';

/**
 * Which process a command is about: `pid` as it was given, `undefined` when `words` start a program, or what is chosen from a
 * list when neither was said and someone is there to choose. Ends in an error of usage otherwise.
 */
export async function targetPid(
  command: Command,
  words: readonly string[],
  pid: number | undefined,
): Promise<number | undefined> {
  if (pid !== undefined && words.length > 0)
    command.error('error: --pid and a program to start cannot be combined');
  if (pid !== undefined) return pid;
  if (words.length === 1 && /^\d+$/.test(words[0]!)) command.error(`error: did you mean --pid ${words[0]}?`);
  if (words.length > 0) return undefined;
  const { canAsk, pickProcess } = await import('../pick-process.js');
  if (canAsk()) return pickProcess();
  const orProgram = command.registeredArguments.length > 0 ? ', or a program after --' : '';
  return command.error(`error: no process given: use --pid PID${orProgram} (pyglass ps lists processes)`);
}

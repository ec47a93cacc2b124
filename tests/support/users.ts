import { spawnSync } from 'node:child_process';
import { main } from './command.js';
import type { Outcome } from './pyglass.js';

export const nobody = 65534;
/** Why tests cannot be another user. */
export const whyNotNobody: string | undefined =
  process.geteuid?.() !== 0
    ? 'only root can become another user'
    : spawnSync(process.execPath, [main, '--version'], { uid: nobody, gid: nobody }).status !== 0
      ? 'another user cannot run this checkout, or this Node'
      : undefined;

/** Why tests cannot give up capabilities. */
export const whyNotWithout: string | undefined =
  process.geteuid?.() !== 0
    ? 'only root has capabilities to give up'
    : spawnSync('setpriv', ['--bounding-set', '-sys_ptrace', 'true']).status !== 0
      ? 'setpriv is not installed'
      : undefined;

/** The command line of another user, or of what `before` starts; ends in time whatever it waits for. */
export function pyglassBy(
  who: { readonly uid: number } | { readonly before: readonly string[] },
  ...args: string[]
): Outcome {
  const user = 'uid' in who ? { uid: who.uid, gid: who.uid } : {};
  const [file, ...words] = ['before' in who ? who.before : [], process.execPath, main, args].flat();
  const { status, signal, stdout, stderr } = spawnSync(file!, words, {
    ...user,
    encoding: 'utf8',
    timeout: longest,
    killSignal: 'SIGKILL',
  });
  return { status: status ?? -1, stdout, stderr: stderr + (signal ?? '') };
}

/** Milliseconds after which it hangs. */
const longest = 20_000;

/** What starts a program as root without these capabilities, such as `sys_ptrace`. */
export function without(...capabilities: string[]): { readonly before: readonly string[] } {
  return { before: ['setpriv', '--bounding-set', capabilities.map((name) => `-${name}`).join(',')] };
}

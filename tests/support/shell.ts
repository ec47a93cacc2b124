import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { main } from './command.js';
import type { Outcome } from './pyglass.js';

/** Runs a script of bash in which `pyglass` is the command line as a user runs it; `words` are its $1, $2 and so on. */
export async function shell(script: string, ...words: readonly string[]): Promise<Outcome> {
  const withCommand = `pyglass() { "$NODE" "$PYGLASS" "$@"; }\n${script}`;
  const child = spawn('bash', ['-c', withCommand, 'bash', ...words], {
    env: { ...process.env, NODE: process.execPath, PYGLASS: main },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  try {
    const [code] = await once(child, 'close');
    return { status: (code as number | null) ?? -1, stdout, stderr };
  } finally {
    child.kill('SIGKILL');
  }
}

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readdirSync } from 'node:fs';
import { withFolder } from '../tests/support/recordings.js';

const installed = '/usr/lib/postgresql';
/** It does not run as root. */
const user = 'nobody';

/** Runs `act` with a PostgreSQL of its own, from Debian's package, that answers at this socket; gone afterwards. */
export async function withPostgresql<T>(act: (socket: string) => Promise<T>): Promise<T> {
  const version = existsSync(installed) ? readdirSync(installed).at(-1) : undefined;
  if (version === undefined) throw new Error('no PostgreSQL here: apt-get install postgresql');
  const programs = `${installed}/${version}/bin`;
  return withFolder(async (folder) => {
    const data = `${folder}/data`;
    const asUser = ['--reuid', user, '--regid', 'nogroup', '--clear-groups'];
    chmodSync(folder, 0o777);
    const make = [...asUser, `${programs}/initdb`, '-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync'];
    execFileSync('setpriv', make, { stdio: 'ignore', cwd: folder });
    const run = [...asUser, `${programs}/postgres`, '-D', data, '-k', folder, '-c', 'listen_addresses='];
    const server = spawn('setpriv', run, { stdio: ['ignore', 'ignore', 'pipe'], cwd: folder });
    const ended = once(server, 'exit');
    try {
      await saysReady(server.stderr);
      return await act(`${folder}/.s.PGSQL.5432`);
    } finally {
      server.kill('SIGQUIT');
      await ended;
    }
  });
}

async function saysReady(log: NodeJS.ReadableStream): Promise<void> {
  let text = '';
  for await (const part of log) {
    text += part;
    if (text.includes('ready to accept connections')) return void log.resume();
  }
  throw new Error(`PostgreSQL did not start: ${text}`);
}

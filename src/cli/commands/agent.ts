import { Agent } from '../../agent/agent.js';
import { jsonLog } from '../../agent/agent-log.js';
import { readConfig } from '../../agent/read-config.js';
import { PyglassError } from '../../model/error.js';
import { useLittleMemory } from '../../process/little-memory.js';
import { version } from '../../session/version.js';
import { exitCodes } from '../exit-codes.js';
import { standardError } from '../terminal.js';

/** `pyglass agent`: profiles processes until a signal ends it. Returns the exit status. */
export async function agent(flags: Readonly<Record<string, unknown>>, file?: string): Promise<number> {
  const read = () => readConfig({ flags, environment: process.env, file });
  const config = read();
  if (config.push === undefined && config.folder === undefined && config.listen === undefined)
    throw new PyglassError('bad-option', 'the agent has nowhere to leave profiles', {
      remedy: ['Name a receiver, a folder or an address:', '  pyglass agent --push http://localhost:4040'],
    });
  useLittleMemory();
  const log = jsonLog((line) => standardError().write(line));
  const running = new Agent({ config, environment: process.env, log, version });
  const signals = endingSignal();
  const reload = () => {
    try {
      running.reload(read());
    } catch (error) {
      if (!(error instanceof PyglassError)) throw error;
      log('error', 'the configuration stays as it was', { reason: error.message });
    }
  };
  process.on('SIGHUP', reload);
  try {
    await running.start();
    await signals.came;
    return exitCodes.success;
  } finally {
    // Also where it could not start: what is in the queue is being sent by then.
    await running.stop();
    process.off('SIGHUP', reload);
    signals.release();
  }
}

const ending = ['SIGINT', 'SIGTERM', 'SIGQUIT'] as const;

/** A second signal ends the process as it would have without us. */
function endingSignal(): { readonly came: Promise<void>; release(): void } {
  let hear = () => {};
  const came = new Promise<void>((resolve) => {
    hear = () => {
      release();
      resolve();
    };
  });
  const release = () => {
    for (const signal of ending) process.off(signal, hear);
  };
  for (const signal of ending) process.on(signal, hear);
  return { came, release };
}

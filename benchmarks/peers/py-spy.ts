import { readFileSync } from 'node:fs';
import { parseRaw } from '../../tests/support/recordings.js';
import { fromPyPi } from './from-pypi.js';
import { numberIn, type Peer } from './peer.js';

export const pySpy: Peer = {
  name: 'py-spy',
  find: () => {
    const found = fromPyPi('py-spy', ['bin/py-spy']);
    if (typeof found === 'string') return found;
    return {
      version: found.version,
      reads: [8, 9, 10, 11, 12, 13, 14],
      // Its -d counts samples, not time, so it has to be interrupted in any case.
      command: ({ pid, rate, output }) => [
        ...([found.file('bin/py-spy'), 'record', '--idle', '-f', 'raw'] as const),
        ...['-p', `${pid}`, '-r', `${rate}`, '-o', output],
      ],
      tally: ({ text, secondsSince }, { output }) => ({
        seconds: secondsSince(/Sampling process/),
        failed: numberIn(text, /Errors: (\d+)/),
        torn: 0,
        stacks: parseRaw(readFileSync(output, 'utf8')),
      }),
    };
  },
};

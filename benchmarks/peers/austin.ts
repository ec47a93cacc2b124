import { debianAustin } from '../../tools/debian-python.js';
import { debianLibraries, loadedBy } from './debian-loader.js';
import { fromPyPi } from './from-pypi.js';
import { mojoStacks } from './mojo.js';
import { type FoundPeer, flatOut, numberIn, type Peer } from './peer.js';

/** The newest one. */
export const austin: Peer = {
  name: 'Austin 4',
  find: () => {
    const found = fromPyPi('austin-dist', ['bin/austin']);
    return typeof found === 'string' ? found : foundAustin(found.file('bin/austin'), found.version, []);
  },
};

/** The one that Debian carries. */
export const austin3: Peer = {
  name: 'Austin 3',
  find: () => {
    const found = debianAustin();
    return 'reason' in found ? found.reason : foundAustin(found.file, found.version, ['--binary']);
  },
};

function foundAustin(file: string, version: string, more: readonly string[]): FoundPeer | string {
  const debian = debianLibraries();
  if (typeof debian === 'string') return debian;
  return {
    version,
    reads: [11, 12, 13],
    command: ({ pid, rate, output }) => [
      ...loadedBy(debian.root, file),
      ...more,
      ...['-i', `${rate === flatOut ? 1 : 1e6 / rate}us`, '-o', output, '-p', `${pid}`],
    ],
    tally: ({ text }, { output }) => {
      const plain = text.replaceAll(colours, '');
      return {
        seconds: numberIn(plain, /(?:Total|Sampling) duration[ .:]*([\d.]+)/),
        failed: numberIn(plain, /Error rate[ .:]*(\d+)\//),
        torn: 0,
        stacks: mojoStacks(output),
      };
    },
  };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is how colours begin
const colours = /\u001b\[[\d;]*m/g;

import { readFileSync } from 'node:fs';
import { pythons } from '../../tests/support/pythons.js';
import { loadedBy } from './debian-loader.js';
import { numberIn, type Peer, type PeerStack } from './peer.js';

/** CPython's own, of the standard library from 3.15; it reads only its own version. */
export const profilingSampling: Peer = {
  name: 'profiling.sampling',
  find: () => {
    const python = pythons().get(15);
    if (python === undefined || typeof python === 'string') return python ?? 'no Python 3.15';
    const { root, command } = python;
    // Not by chroot: it needs /proc, and finds the target's files by the names they have outside.
    const unpacked = root !== '/';
    const own = unpacked ? loadedBy(root, `${root}/usr/bin/python3.15`) : command;
    return {
      version: python.version,
      reads: [15],
      command: ({ pid, rate, output }) => [
        ...own,
        ...[
          '-m',
          'profiling.sampling',
          'attach',
          '-a',
          '-r',
          `${rate}`,
          '--collapsed',
          '-o',
          output,
          `${pid}`,
        ],
      ],
      env: { ...(unpacked ? { PYTHONHOME: `${root}/usr` } : {}), LC_ALL: 'C' },
      tally: ({ text }, { output }) => {
        const stacks = [...parseCollapsed(readFileSync(output, 'utf8'))];
        const ticks = numberIn(text, /Captured ([\d,]+) samples/);
        const failedPart = numberIn(text, /Error rate: ([\d.]+)/) / 100;
        // An error costs all threads their sample.
        const good = stacks.reduce((sum, { count }) => sum + count, 0);
        const seconds = numberIn(text, /samples in ([\d.]+) seconds/);
        const failed = failedPart < 1 ? (good / (1 - failedPart)) * failedPart : ticks;
        return { seconds, failed, torn: 0, stacks };
      },
    };
  },
};

/** `tid:1234;file:function:line;… count`. */
function* parseCollapsed(text: string): Iterable<PeerStack> {
  for (const line of text.split('\n')) {
    const at = line.lastIndexOf(' ');
    if (at < 0) continue;
    const [, ...frames] = line.slice(0, at).split(';');
    yield {
      names: frames.map((frame) => frame.split(':').at(-2) ?? frame),
      count: Number(line.slice(at + 1)),
    };
  }
}

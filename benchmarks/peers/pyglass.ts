import { readFileSync } from 'node:fs';
import { readRecording } from '../../src/disk/read-recording.js';
import { main } from '../../tests/support/command.js';
import { supportedMinors } from '../../tests/support/pythons.js';
import { namesOf } from '../../tests/support/recordings.js';
import type { Peer, PeerStack } from './peer.js';

const packageFile = new URL('../../../package.json', import.meta.url);

export const pyglass: Peer = {
  name: 'pyglass',
  find: () => ({
    version: JSON.parse(readFileSync(packageFile, 'utf8')).version,
    reads: supportedMinors,
    command: ({ pid, rate, output }) => [
      ...([process.execPath, main, 'record', '-p', `${pid}`, '-r', `${rate}`] as const),
      ...['-o', `${output}.pyglass`, '--stats-json', `${output}.json`],
    ],
    tally: (_, { output }) => {
      const stats = JSON.parse(readFileSync(`${output}.json`, 'utf8'));
      return {
        seconds: stats.wallSeconds,
        failed: 0,
        torn: stats.torn,
        stacks: stacksOf(`${output}.pyglass`),
      };
    },
  }),
};

function* stacksOf(path: string): Iterable<PeerStack> {
  const profile = readRecording(path);
  const { stack, samples } = profile.runs;
  const counts = new Map<number, number>();
  for (let run = 0; run < stack.length; run++)
    counts.set(stack.at(run), (counts.get(stack.at(run)) ?? 0) + samples.at(run));
  for (const [id, count] of counts) yield { names: namesOf(profile, id), count };
}

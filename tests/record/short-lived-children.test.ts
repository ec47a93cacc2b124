import assert from 'node:assert/strict';
import { readRecording } from '../../src/disk/read-recording.js';
import { firstCore } from '../support/cores.js';
import { Pyglass } from '../support/pyglass.js';
import { eachPython } from '../support/pythons.js';
import { withFolder } from '../support/recordings.js';
import { runsOf } from '../support/sampled-process.js';

const program = new URL('../../../benchmarks/programs/children.py', import.meta.url).pathname;

for (const how of ['spawn', 'fork'])
  eachPython(`every child with some work is in the recording: ${how}`, (python) =>
    withFolder(async (folder) => {
      const output = `${folder}/x.pyglass`;
      // One after another, each until it has used 0.2 s of CPU, all on one processor: there the kernel gives each
      // thread of pyglass as much as the child, however busy the machine is. On several, pyglass may get none for
      // seconds while its children run elsewhere.
      const command = [...python.command, python.place(program), how, '0', '3', '0.2', 'cpu'];
      const run = new Pyglass(['record', '-s', '-o', output, '--', ...command], process.env, firstCore());
      try {
        const { status, stdout, stderr } = await run.outcome();
        assert.equal(status, 0, stderr);
        const started = /^children (.+)$/m.exec(stdout)![1]!.split(' ').map(Number);
        const profile = readRecording(output);
        const sampled = new Set(
          [...runsOf(profile)].map(({ thread }) => profile.processes[profile.threads[thread]!.process]!.pid),
        );
        assert.equal(started.length, 3);
        assert.deepEqual(
          started.filter((pid) => !sampled.has(pid)),
          [],
          stderr,
        );
      } finally {
        await run.stop();
      }
    }),
  );

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readRecording } from '../../src/disk/read-recording.js';
import { cpuShareOf } from '../../src/model/profile.js';
import { Pyglass } from '../support/pyglass.js';
import { eachPython } from '../support/pythons.js';
import { namesOf, untilGrown, withFolder } from '../support/recordings.js';
import { programFile, withTarget } from '../support/targets.js';

const known = { one: 'one of them runs', two: 'both run', none: 'both compute' } as const;

for (const first of ['one', 'two', 'none'] as const)
  eachPython(
    `interpreters within threads count once, recorded when ${known[first]}`,
    (python) =>
      withFolder((folder) =>
        withTarget(
          python,
          programFile('inner_work.py'),
          async (target) => {
            const output = `${folder}/run.pyglass`;
            const stats = `${folder}/stats.json`;
            const run = new Pyglass([
              ...['record', '-p', String(target.pid), '-d', '3', '-o', output],
              ...['--stats-json', stats],
            ]);
            try {
              await run.said(/Recording/);
              await untilGrown(output);
              target.say('go on');
              assert.equal((await run.outcome()).status, 0, run.stderr);
            } finally {
              await run.stop();
            }
            const profile = readRecording(output);
            const { runs, threads } = profile;
            const threadsOf = new Map<string, Set<number>>();
            let cpu = 0;
            for (let at = 0; at < runs.stack.length; at++) {
              const names = namesOf(profile, runs.stack.at(at));
              const thread = threads[runs.thread.at(at)]!;
              cpu += (runs.duration.at(at) * cpuShareOf(runs.flags.at(at))) / 1e6;
              for (const inner of ['inner_one', 'inner_two']) {
                if (!names.includes(inner)) continue;
                // Where the call that enters the interpreter could not be seen, the stack says so.
                const outer = names.slice(0, names.indexOf(inner));
                assert.ok(outer.includes('enter') || outer.includes('<unread>'), String(names));
                threadsOf.set(inner, (threadsOf.get(inner) ?? new Set()).add(thread.threadId));
                assert.equal(thread.name, inner.replace('inner_', 'sub-'));
              }
            }
            const { targetCpuSeconds } = JSON.parse(readFileSync(stats, 'utf8'));
            assert.ok(
              Math.abs(cpu - targetCpuSeconds) < 0.1 + targetCpuSeconds * 0.05,
              `${cpu} s of ${targetCpuSeconds} s`,
            );
            const ids = [...threadsOf.values()].flatMap((set) => [...set]);
            // Up to 3.12 it is only seen while no other is entered which thread runs an interpreter.
            const least = python.minor >= 13 ? 2 : first === 'one' ? 1 : 0;
            assert.ok(ids.length >= least && ids.length <= 2, String(ids));
            assert.equal(new Set([...ids, target.pid, 0]).size, ids.length + 2);
          },
          { args: [first] },
        ),
      ),
    { since: 8, what: 'module for interpreters' },
  );

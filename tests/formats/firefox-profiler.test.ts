import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { summaryReport } from '../../src/formats/summary/summary-json.js';
import { render } from '../../src/session/render.js';
import { withFirefoxProfiler } from '../support/firefox-profiler.js';
import { profileFromText } from '../support/profile-from-text.js';
import { withFolder } from '../support/recordings.js';

const profile = profileFromText(
  { one: `${'main '.repeat(6)} | ${'work '.repeat(3)} sleep work .`, two: 'f f f . f' },
  {
    functions: {
      sleep: { kind: 'c', qualifiedName: 'time.sleep' },
      f: { qualifiedName: 'a\u001b[31m\n\u202e\ud800b' },
    },
    states: { one: 'RRrWCr', two: 'rWR.R' },
    jobs: { one: 'xxx...' },
  },
);

interface Loaded {
  readonly threads: readonly { readonly name: string; readonly cpuMs: number }[];
  readonly categoryBreakdown: {
    readonly totalSamples: number;
    readonly categories: readonly { readonly name: string; readonly samples: number }[];
  };
  readonly topFunctionsBySelf: readonly { readonly name: string; readonly selfSamples: number }[];
  readonly flatMarkers: readonly {
    readonly label: string;
    readonly start: number;
    readonly duration: number;
  }[];
}

test('the Firefox Profiler itself shows the same times, states and markers', () =>
  withFolder(async (folder) => {
    const file = `${folder}/run.json`;
    writeFileSync(file, [...render(profile, 'firefox')].join(''));
    const { time } = summaryReport(profile);
    await withFirefoxProfiler(folder, file, async (ask) => {
      const all = ['--include-idle', '--thread'];
      const [list, one, two, markers] = (await Promise.all([
        ask('thread', 'list'),
        ask('thread', 'samples', ...all, 't-0'),
        ask('thread', 'samples', ...all, 't-1'),
        ask('thread', 'markers', '--list', '--thread', 't-0'),
      ])) as [Loaded, Loaded, Loaded, Loaded];
      assert.deepEqual(
        list.threads.map(({ name }) => name),
        ['thread (100): one', 'thread (101): two'],
      );
      const cpu = list.threads.reduce((sum, { cpuMs }) => sum + cpuMs, 0);
      assert.ok(Math.abs(cpu / 1e3 - time.cpuSeconds!) < 1e-6, `${cpu} ms`);
      const wall = one.categoryBreakdown.totalSamples + two.categoryBreakdown.totalSamples;
      assert.ok(Math.abs(wall / 1e3 - time.shownSeconds) < 1e-6, `${wall} ms`);
      assert.deepEqual(
        one.categoryBreakdown.categories.map(({ name, samples }) => [name, samples]),
        [
          ['Application', 40],
          ['Waiting', 10],
          ['Garbage collector', 10],
        ],
      );
      assert.deepEqual(
        one.topFunctionsBySelf.map(({ name, selfSamples }) => [name, selfSamples]),
        [
          ['work', 30],
          ['main', 10],
          ['time.sleep', 10],
          ['<gc>', 10],
        ],
      );
      assert.deepEqual(
        markers.flatMarkers.map(({ label, start, duration }) => [label, start, duration]),
        [
          ['job: x', 0, 30],
          ['Garbage collector', 40, 10],
        ],
      );
    });
  }));

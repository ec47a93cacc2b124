// A program that was recorded for a day, at 20 samples a second: whether its report can be made and opened, and how
// fast.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRecording } from '../src/disk/read-recording.js';
import { RecordingFile } from '../src/disk/recording-file.js';
import { RunFlag } from '../src/model/profile.js';
import { RecordingEncoder } from '../src/recording/recording-encoder.js';
import { browserFile } from '../tests/support/browser.js';
import { Pyglass } from '../tests/support/pyglass.js';
import { seededRandom } from '../tests/support/simulated-load.js';
import { type PageCosts, pageCosts } from './html-report.js';

export interface DayCosts extends PageCosts {
  readonly ticks: number;
  readonly threads: number;
  readonly runs: number;
  readonly megabytes: number;
  readonly writeSeconds: number;
}

const rate = 20;
const ticks = 24 * 3600 * rate;
/** By thread: in how many of its samples it does something else than in the one before. */
const restlessness = [0.9, 0.3, 0.1, 0.1, 0.001];

/** `undefined` where there is no browser. */
export async function dayCosts(): Promise<DayCosts | undefined> {
  if (browserFile === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'pyglass-day-'));
  try {
    const [recording, file] = [join(folder, 'day.pyglass'), join(folder, 'day.html')];
    writeDay(recording);
    const begin = performance.now();
    const run = new Pyglass(['report', recording, '-o', file]);
    const { status, stderr } = await run.outcome();
    if (status !== 0) throw new Error(stderr);
    const writeSeconds = (performance.now() - begin) / 1e3;
    const runs = readRecording(recording).runs.stack.length;
    return {
      ...{ ticks, threads: restlessness.length, runs, writeSeconds },
      megabytes: statSync(file).size / 1e6,
      ...(await pageCosts(file, browserFile)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function writeDay(path: string): void {
  const random = seededRandom(3);
  const encoder = new RecordingEncoder({ writer: 't', startedAt: 0, rate, title: 'python service.py' });
  const process = encoder.defineProcess({
    ...{ pid: 7, parentPid: 1, commandLine: ['python', 'service.py'], pythonVersion: '3.13.0' },
  });
  const threads = restlessness.map((_, at) =>
    encoder.defineThread({ process, threadId: 7 + at, name: `worker-${at}`, interpreter: 0 }),
  );
  const stacks = [0];
  for (let at = 1; at <= 8000; at++) {
    const name = `function_${at % 900}`;
    const file = `/srv/app/module_${at % 90}.py`;
    const about = { kind: 'python', name, qualifiedName: name, file, shortFile: file.slice(9) } as const;
    const frame = encoder.defineFrame(encoder.defineFunction({ ...about, firstLine: at % 900 }), at % 907);
    const parent = at <= 9 ? 0 : stacks[1 + Math.floor(random() * (at - 1))]!;
    stacks.push(encoder.defineStack(parent, frame));
  }
  const states = [RunFlag.running | RunFlag.holdsGil, RunFlag.waiting, RunFlag.waiting | RunFlag.waitsForGil];
  const now = restlessness.map(() => ({ stack: stacks[1]!, flags: states[0]! }));
  const file = new RecordingFile(path, false);
  for (let tick = 0; tick <= ticks; tick++) {
    encoder.beginTick(process, (tick * 1e6) / rate);
    for (const [at, thread] of threads.entries()) {
      const { stack, flags } = now[at]!;
      if (tick > 0) encoder.sample(thread, stack, flags);
      if (random() >= restlessness[at]!) continue;
      now[at] = {
        stack: stacks[1 + Math.floor(random() ** 4 * (stacks.length - 1))]!,
        flags: states[Math.floor(random() * states.length)]!,
      };
    }
    encoder.endTick();
    if (tick % 1000 === 0) file.append(encoder.takeBlock()!);
  }
  encoder.finish((ticks * 1e6) / rate);
  const last = encoder.takeBlock();
  if (last) file.append(last);
  file.close();
}

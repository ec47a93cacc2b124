// What it takes from the start of a command to its first stack, beside the start of Node itself, in turn within each
// round.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tryAttach } from '../src/sampler/attach.js';
import { takeSnapshot } from '../src/sampler/snapshot.js';
import { main } from '../tests/support/command.js';
import { paddedPython } from '../tests/support/embedded-python.js';
import type { TestPython } from '../tests/support/pythons.js';
import { withFolder } from '../tests/support/recordings.js';
import { withTarget } from '../tests/support/targets.js';
import type { Figure } from './peer-rounds.js';
import { median, spread } from './statistics.js';

/** All in milliseconds. */
export interface StartRow {
  readonly python: string;
  readonly target: string;
  readonly rounds: number;
  /** `node -e 0`: nothing can start faster. */
  readonly node: Figure;
  /** `pyglass --version`: loading, and reading the command line. */
  readonly version: Figure;
  /** `pyglass dump`. */
  readonly dump: Figure;
  /** From the start of `pyglass record` to its first sample. */
  readonly firstSample: Figure;
  /** Attaching and reading all stacks once, in a process that has done so before. */
  readonly attach: Figure;
  /** `firstSample`, in starts of Node: does not depend on how fast or busy the machine is. */
  readonly nodeStarts: number;
}

const code = (mappings: number) => `
import mmap, sys, time
protections = [mmap.PROT_READ, mmap.PROT_READ | mmap.PROT_WRITE]
file = open(sys.executable, "rb")
kept = [mmap.mmap(file.fileno(), 4096, flags=mmap.MAP_PRIVATE, prot=protections[i % 2]) for i in range(${mappings})]
print("ready", flush=True)
while True: time.sleep(0.001)
`;

/** Without modules that are files: they need the symbols. */
const plainCode = `
import sys, time
sys.stdout.write("ready\\n")
sys.stdout.flush()
while True: time.sleep(0.001)
`;

const manyMappings = 2000;
const padding = 100e6;
const firstBySearch = 7;

/** A Python as it is, one with thousands of mappings, and a stripped program of 100 MB with Python in it. */
export async function startTimes(
  python: TestPython,
  rounds: number,
  say: (row: StartRow) => void,
): Promise<StartRow[]> {
  const rows: StartRow[] = [];
  const measure = async (target: string, from: TestPython, text: string, env = process.env) => {
    const row = await withTarget(from, { code: text }, ({ pid }) => measured(python, target, pid, rounds), {
      env,
    });
    say(row);
    rows.push(row);
  };
  await measure('as it is', python, code(0));
  await measure(`${manyMappings} mappings`, python, code(manyMappings));
  // Without symbols, 3.6 is not found.
  if (python.minor < firstBySearch) return rows;
  await withFolder(async (folder) => {
    const made = paddedPython(python, folder, padding);
    if ('padded' in made) await measure('100 MB, no symbols', made.padded, plainCode, made.env);
  });
  return rows;
}

async function measured(python: TestPython, target: string, pid: number, rounds: number): Promise<StartRow> {
  const times: Record<'node' | 'version' | 'dump' | 'firstSample' | 'attach', number[]> = {
    ...{ node: [], version: [], dump: [], firstSample: [], attach: [] },
  };
  await withFolder(async (folder) => {
    for (let round = 0; round < rounds; round++) {
      times.node.push(timeOf('-e', '0'));
      times.version.push(timeOf(main, '--version'));
      times.dump.push(timeOf(main, 'dump', '-p', `${pid}`));
      const output = ['-o', `${folder}/out.pyglass`, '--stats-json', `${folder}/stats.json`];
      timeOf(main, 'record', '-d', '0.05', '-p', `${pid}`, ...output);
      times.firstSample.push(
        JSON.parse(readFileSync(`${folder}/stats.json`, 'utf8')).secondsToFirstSample * 1000,
      );
      times.attach.push(attachTime(pid));
    }
  });
  const figure = (of: keyof typeof times): Figure => ({
    median: median(times[of]),
    spread: spread(times[of]),
  });
  const [node, firstSample] = [figure('node'), figure('firstSample')];
  return {
    ...{ python: python.version, target, rounds, node, firstSample },
    ...{ version: figure('version'), dump: figure('dump'), attach: figure('attach') },
    nodeStarts: median(times.firstSample.map((first, round) => first / times.node[round]!)),
  };
}

function timeOf(...words: string[]): number {
  const begin = performance.now();
  execFileSync(process.execPath, words, { stdio: 'ignore' });
  return performance.now() - begin;
}

function attachTime(pid: number): number {
  const begin = performance.now();
  const attached = tryAttach(pid);
  if (!attached) throw new Error(`process ${pid} has no Python`);
  try {
    takeSnapshot(pid, attached, {});
    return performance.now() - begin;
  } finally {
    attached.live.close();
  }
}

// What pyglass promises, each with what was measured of it.
import type { AccuracyRow } from './accuracy.js';
import type { PeerRow } from './peer-rounds.js';
import { type PeerScenario, peerScenario } from './peer-scenarios.js';
import { flatOut } from './peers/peer.js';
import type { Results } from './results.js';

export interface Promised {
  readonly promise: string;
  readonly measured: string;
  /** null: it was not measured. */
  readonly met: boolean | null;
}

const fast = peerScenario(20, 1, flatOut);
const fastWithThreads = peerScenario(20, 8, flatOut);
const usual = peerScenario(20, 1, 1000);
const manyThreads = peerScenario(20, 150, 100);

export const promisedScenarios: readonly PeerScenario[] = [fast, fastWithThreads, usual, manyThreads];

/** Minor version of Python on which pyglass and a peer are compared. */
const comparedOn: Readonly<Record<string, number>> = {
  'profiling.sampling': 15,
  'Austin 4': 13,
  'Austin 3': 13,
  'py-spy': 13,
};

export function promises(results: Results): Promised[] {
  const peers = new PeerTable(results);
  const rows = Object.values(results.accuracy).flatMap(({ value }) => value);
  return [
    ...[13, 15].map((minor) => {
      const good = peers.figure(fast, 'pyglass', minor, 'goodStacksPerSecond');
      return line(
        `flat out on 3.${minor}: at least 200,000 good stacks a second`,
        good,
        'stacks/s',
        (value) => value >= 200_000,
      );
    }),
    peers.atLeast(4, fast, 'profiling.sampling'),
    peers.atLeast(4, fast, 'Austin 4'),
    peers.atLeast(4, fast, 'Austin 3'),
    peers.atLeast(50, fast, 'py-spy'),
    peers.atLeast(5, fastWithThreads, 'profiling.sampling'),
    peers.costsAtMost(1 / 3, 'profiling.sampling'),
    peers.costsAtMost(1 / 10, 'py-spy'),
    peers.costsAtMost(1, 'Austin 4'),
    peers.costsAtMost(1, 'Austin 3'),
    worst(
      'torn on separate cores: at most 0.1 %',
      rows.filter(({ sameCore }) => !sameCore),
      'tornPercent',
      '%',
      (value) => value <= 0.1,
    ),
    worst(
      'torn on one core: at most 1 %',
      rows.filter(({ sameCore }) => sameCore),
      'tornPercent',
      '%',
      (value) => value <= 1,
    ),
    noImpossible(results, rows),
    ...[1000, 10_000].map((rate) =>
      worst(
        `shares at ${rate} a second: within 1 point of the truth`,
        rows.filter((row) => row.rate === rate && !row.sameCore),
        'worstPoints',
        'points',
        (value) => value <= 1,
      ),
    ),
    ...[13, 15].flatMap((minor) => [
      peers.slowsDown(usual, minor, 1),
      peers.slowsDown(manyThreads, minor, 2),
    ]),
    line(
      'memory in the last five sixths of a run: less than 10 MB more an hour',
      megabytes(results.memory?.value.growthPerHourBytes),
      'MB',
      (value) => value < 10,
    ),
    slowest(results, 'attach and first stack: below 200 ms', 'attach', 200),
    slowest(results, 'first sample of a recording: within 250 ms', 'firstSample', 250),
    line(
      'recording: at most 3 bytes a sample',
      results.memory?.value.recordingBytesPerSample,
      'bytes',
      (value) => value <= 3,
    ),
  ];
}

function line(
  promise: string,
  value: number | undefined,
  unit: string,
  holds: (value: number) => boolean,
): Promised {
  if (value === undefined) return { promise, measured: 'not measured', met: null };
  return { promise, measured: `${shown(value)} ${unit}`, met: holds(value) };
}

function worst(
  promise: string,
  rows: readonly AccuracyRow[],
  of: 'tornPercent' | 'worstPoints',
  unit: string,
  holds: (value: number) => boolean,
): Promised {
  const row = [...rows].sort((a, b) => b[of] - a[of])[0];
  const { measured, met } = line(promise, row?.[of], unit, holds);
  if (!row) return { promise, measured, met };
  const noise = of === 'worstPoints' ? ` ± ${shown(row.noisePoints)}` : '';
  return { promise, measured: `${measured}${noise} (${row.program} on ${row.python}, the worst)`, met };
}

function slowest(
  results: Results,
  promise: string,
  of: 'attach' | 'firstSample',
  milliseconds: number,
): Promised {
  const rows = Object.values(results.start).flatMap(({ value }) => value);
  const row = [...rows].sort((a, b) => b[of].median - a[of].median)[0];
  const { measured, met } = line(promise, row?.[of].median, 'ms', (value) => value < milliseconds);
  return {
    promise,
    measured: row ? `${measured} (${row.target}, ${row.python}, the slowest)` : measured,
    met,
  };
}

function noImpossible(results: Results, rows: readonly AccuracyRow[]): Promised {
  const all = [...rows, ...Object.values(results.impossible).map(({ value }) => value)];
  const samples = all.reduce((sum, row) => sum + row.samples, 0);
  const impossible = all.reduce((sum, row) => sum + row.impossible, 0);
  const promise = 'impossible stacks: none in a million samples';
  if (samples === 0) return { promise, measured: 'not measured', met: null };
  return {
    promise,
    measured: `${impossible} in ${samples.toLocaleString('en')}`,
    met: samples < 1e6 && impossible === 0 ? null : impossible === 0,
  };
}

class PeerTable {
  readonly #rows: readonly PeerRow[];

  constructor({ peers }: Results) {
    this.#rows = Object.values(peers).flatMap(({ value }) => value);
  }

  figure(
    scenario: PeerScenario,
    peer: string,
    minor: number,
    of: keyof PeerRow['figures'],
  ): number | undefined {
    const row = this.#rows.find(
      (one) => one.scenario === scenario.name && one.peer === peer && one.python.startsWith(`3.${minor}.`),
    );
    return row?.figures[of]?.median;
  }

  atLeast(times: number, scenario: PeerScenario, peer: string): Promised {
    const ratio = this.#ratio(scenario, peer, 'goodStacksPerSecond');
    const threads = scenario.busy + scenario.waiting;
    const what = threads === 1 ? 'good stacks' : `good stacks of ${threads} threads`;
    return line(
      `flat out, ${what}: at least ${times} times ${peer}'s`,
      ratio,
      'times',
      (value) => value >= times,
    );
  }

  costsAtMost(part: number, peer: string): Promised {
    const ratio = this.#ratio(usual, peer, 'cpuPercent');
    return line(
      `CPU at 1,000 a second: at most ${shown(part)} of ${peer}'s`,
      ratio,
      'of it',
      (value) => value <= part,
    );
  }

  slowsDown(scenario: PeerScenario, minor: number, percent: number): Promised {
    const value = this.figure(scenario, 'pyglass', minor, 'slowdownPercent');
    const promised = line(
      `slowdown at ${scenario.name} on 3.${minor}: below ${percent} %`,
      value,
      '%',
      (slower) => slower < percent,
    );
    const other = this.figure(scenario, 'py-spy', minor, 'slowdownPercent');
    return other === undefined
      ? promised
      : { ...promised, measured: `${promised.measured} (py-spy ${shown(other)} %)` };
  }

  #ratio(scenario: PeerScenario, peer: string, of: keyof PeerRow['figures']): number | undefined {
    const minor = comparedOn[peer]!;
    const ours = this.figure(scenario, 'pyglass', minor, of);
    const theirs = this.figure(scenario, peer, minor, of);
    return ours === undefined || theirs === undefined ? undefined : ours / theirs;
  }
}

function megabytes(bytes: number | undefined): number | undefined {
  return bytes === undefined ? undefined : bytes / 1e6;
}

/** Three digits that count. */
export function shown(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 3 });
}

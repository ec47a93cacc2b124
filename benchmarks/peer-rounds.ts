// pyglass beside other profilers on the same targets, in turn within each round.
import { pythons, type TestPython } from '../tests/support/pythons.js';
import { withFolder } from '../tests/support/recordings.js';
import { CountingTarget } from './counting-target.js';
import { measurePeer, type PeerFigures } from './measure-peer.js';
import type { PeerScenario } from './peer-scenarios.js';
import type { FoundPeer } from './peers/peer.js';
import { peers } from './peers/peers.js';
import { median, spread } from './statistics.js';

/** A figure over the rounds. */
export interface Figure {
  readonly median: number;
  /** The middle half of the rounds. */
  readonly spread: readonly [number, number];
}

export interface PeerRow {
  readonly scenario: string;
  readonly peer: string;
  readonly peerVersion: string;
  readonly python: string;
  readonly rounds: number;
  /** Why there are fewer rounds than asked for, or none. */
  readonly error: string | null;
  readonly figures: Readonly<
    Record<keyof Omit<PeerFigures, 'targetSpeed'> | 'slowdownPercent', Figure | null>
  >;
}

/** Why a peer is not in the table. */
export interface AbsentPeer {
  readonly peer: string;
  readonly reason: string;
}

export interface PeerResults {
  readonly rows: readonly PeerRow[];
  readonly absent: readonly AbsentPeer[];
}

/** Seconds of the target alone. */
const alone = 0.7;

/** 3.13 is what most of them read, 3.15 what CPython's own does. */
const minors = [13, 15];

/** Looked for once: fetching them takes a while. */
let found: readonly FoundOrNot[] | undefined;

interface FoundOrNot {
  readonly name: string;
  readonly peer: FoundPeer | string;
}

export async function comparePeers(
  scenario: PeerScenario,
  rounds: number,
  say: (row: PeerRow) => void,
): Promise<PeerResults> {
  found ??= peers.map(({ name, find }) => ({ name, peer: find() }));
  const absent = found.flatMap(({ name, peer }) =>
    typeof peer === 'string' ? [{ peer: name, reason: peer }] : [],
  );
  const candidates = found;
  const rows = await withFolder((folder) => compareIn(scenario, rounds, candidates, folder));
  for (const row of rows) say(row);
  return { rows, absent };
}

interface Pair {
  readonly name: string;
  readonly peer: FoundPeer;
  readonly target: CountingTarget;
  readonly figures: (PeerFigures & { slowdownPercent: number })[];
  error: string | null;
}

async function compareIn(
  scenario: PeerScenario,
  rounds: number,
  candidates: readonly FoundOrNot[],
  folder: string,
): Promise<PeerRow[]> {
  const targets: CountingTarget[] = [];
  try {
    for (const python of wantedPythons()) targets.push(await CountingTarget.start(python, scenario, folder));
    const pairs = targets.flatMap((target) =>
      candidates.flatMap(({ name, peer }): Pair[] =>
        typeof peer === 'string' || !peer.reads.includes(target.python.minor)
          ? []
          : [{ name, peer, target, figures: [], error: null }],
      ),
    );
    for (let round = 0; round < rounds; round++)
      for (const target of targets)
        await measureInTurn(
          pairs.filter((pair) => pair.target === target),
          scenario,
        );
    return pairs.map((pair) => rowOf(pair, scenario));
  } finally {
    for (const target of targets) await target.stop();
  }
}

function wantedPythons(): TestPython[] {
  return minors.flatMap((minor) => {
    const python = pythons().get(minor);
    return python === undefined || typeof python === 'string' ? [] : [python];
  });
}

async function measureInTurn(pairs: readonly Pair[], { rate, seconds }: PeerScenario): Promise<void> {
  const [first] = pairs;
  if (!first) return;
  const { target } = first;
  target.goOn();
  try {
    let before = (await target.work(alone)).speed;
    for (const pair of pairs) {
      let figures: PeerFigures | undefined;
      try {
        figures = await measurePeer(pair.peer, target, rate, seconds);
      } catch (error) {
        pair.error = (error as Error).message;
      }
      const after = (await target.work(alone)).speed;
      // Between the two without, so that a machine that grows slower or faster does not count.
      if (figures)
        pair.figures.push({
          ...figures,
          slowdownPercent: (1 - figures.targetSpeed / ((before + after) / 2)) * 100,
        });
      before = after;
    }
  } finally {
    target.rest();
  }
}

function rowOf({ name, peer, target, figures, error }: Pair, scenario: PeerScenario): PeerRow {
  const figure = (of: (one: (typeof figures)[number]) => number): Figure | null => {
    const values = figures.map(of);
    return values.length === 0 ? null : { median: median(values), spread: spread(values) };
  };
  return {
    scenario: scenario.name,
    peer: name,
    peerVersion: peer.version,
    python: target.python.version,
    rounds: figures.length,
    error,
    figures: {
      achievedRate: figure((one) => one.achievedRate),
      goodStacksPerSecond: figure((one) => one.goodStacksPerSecond),
      goodStacksPerCpuSecond: figure((one) => one.goodStacksPerCpuSecond),
      lostPercent: figure((one) => one.lostPercent),
      wrongPercent: figure((one) => one.wrongPercent),
      cpuPercent: figure((one) => one.cpuPercent),
      peakMemoryBytes: figure((one) => one.peakMemoryBytes),
      slowdownPercent: figure((one) => one.slowdownPercent),
      offByPoints: figure((one) => one.offByPoints),
    },
  };
}

import type { Profile } from '../../model/profile.js';
import type { SampleWeight } from '../sample-weights.js';
import { sampleTime } from './contention.js';

/** What the time of a recording is divided by. */
export const bases = ['second', 'request'] as const;
export type Basis = (typeof bases)[number];

/**
 * Slices that a recording is cut into, for the errors of its times (block-sums.ts): eight for each of the fastest waves
 * that are measured, so that a call which lies across the edge of one makes no difference.
 */
export const blockCount = 128;

/** The part of a weight that is in a block; of one route, or of all time. */
export type PutPart = (block: number, stratum: number, part: number) => void;

/**
 * The seconds of a recording, or its requests, by block. Requests are of several strata, their routes: each counts as
 * much in both recordings, so that more requests of a slow route are no change.
 */
export interface Units {
  readonly strata: readonly Stratum[];
  /** Microseconds per unit of a single sample: nothing is known to less. */
  readonly tick: number;
  /** Hands the blocks of a weight to `put`, and what part of it is in each. What is of no stratum is left out. */
  readonly place: (weight: SampleWeight, put: PutPart) => void;
}

/** What a comparison counts of a weight. The object is the same each time. */
export interface Counted {
  readonly time: number;
  /** Whether a thread ran in that time: it takes longer where others use the processors. */
  readonly hasRun: boolean;
  /**
   * What the weight has of the time without a processor beyond its part. The kernel takes the processor away where it
   * is asked for something rather than anywhere: a function that does little but that had 7 to 25 % of the wall time,
   * from one run to another of a program in which it has 4 %.
   */
  readonly doubt: number;
}

export type Count = (weight: SampleWeight) => Counted;

/** Units, and what of a weight is counted in them. */
export interface CountedUnits extends Units {
  readonly count: Count;
  /** Standard errors by how fast and how busy the machine was, of what waited and of what ran, as parts of it. */
  readonly machine: { readonly waits: number; readonly ran: number };
  /** By block, how far all that ran strays, as a part of it, as far as it is no stray of a row that ran. */
  readonly common?: Float64Array;
}

export interface Stratum {
  /** How much a microsecond of it counts: 1 over its units in the recording, times the part that it is of all. */
  readonly scale: number;
  /** The part of its units that is in each block; 1 together. */
  readonly parts: readonly number[];
}

/** Seconds of the recording, in blocks of equal length. */
export function secondsOf(profile: Profile): Units {
  const length = profile.duration / blockCount;
  const { runs, suspended } = profile;
  const scale = profile.duration > 0 ? 1e6 / profile.duration : 0;
  return {
    strata: [{ scale, parts: new Array<number>(blockCount).fill(1 / blockCount) }],
    tick: sampleTime(profile) * scale,
    place: ({ run, thread }, put) => {
      const table = thread < 0 ? suspended.runs : runs;
      const start = table.start.at(run);
      const end = start + table.duration.at(run);
      const first = blockAt(start, length);
      const last = blockAt(end, length);
      if (first === last || end <= start) return put(first, 0, 1);
      for (let block = first; block <= last; block++) {
        const from = Math.max(start, block * length);
        const to = block === last ? end : (block + 1) * length;
        put(block, 0, (to - from) / (end - start));
      }
    },
  };
}

function blockAt(time: number, length: number): number {
  return length > 0 ? Math.max(0, Math.min(blockCount - 1, Math.floor(time / length))) : 0;
}

import type { ThreadSteps } from './thread-steps.js';
import { blockCount, type Units } from './units.js';

/**
 * Samples are not independent: one call of 20 ms is 20 of them, and a neighbour on the machine slows all for a second.
 * So their number says little. A sum over a recording has the variance that its slowest waves have: those of calls are
 * even in all of them, a machine that grows slower and faster has more. Each wave is one independent measurement of it,
 * which is what the t distribution with as many degrees of freedom accounts for (the equal-weighted cosine estimator of
 * Müller, and of Lazarus, Lewis, Stock and Watson). Means of sixteen blocks, the older way, count a call that lies
 * across the edge of two as error: a function that is called every 240 ms had twice the error in 10 s.
 */
const waveCount = 16;
/** By wave: half a turn over the whole recording, two halves, and so on. */
const cosines = Float64Array.from({ length: waveCount * blockCount }, (_, index) => {
  const [wave, block] = [1 + Math.floor(index / blockCount), index % blockCount];
  return Math.SQRT2 * Math.cos((Math.PI * wave * (block + 0.5)) / blockCount);
});

/** A time per unit, and how far it is known. Microseconds per second of recording, or per request. */
export interface Estimate {
  readonly value: number;
  /** What of it threads ran. */
  readonly ran: number;
  /** By wave, how far the time of the recording strays from even, and what ran of it. */
  readonly waves: Float64Array;
  readonly ranWaves: Float64Array;
  /** How many waves there are. */
  readonly freedom: number;
  /** The variance that so many samples have at least: waves are few, and may show less by chance. */
  readonly least: number;
  /** The variance of a single sample, which is not known of what was never seen, either. */
  readonly tick: number;
}

/** Time by row, each in blocks: what its time per unit is, and how far that is known, follows from them. */
export class BlockSums {
  readonly #units: Units;
  readonly #steps: ThreadSteps;
  readonly #rows: (Row | undefined)[] = [];

  /** `steps`: of the weights that are added. */
  constructor(units: Units, steps: ThreadSteps) {
    this.#units = units;
    this.#steps = steps;
  }

  /** `hasRun`: whether a thread ran in that time. */
  add(row: number, block: number, stratum: number, time: number, hasRun: boolean): void {
    let sums = this.#rows[row];
    if (sums === undefined) {
      sums = new Row(blockCount + this.#units.strata.length);
      this.#rows[row] = sums;
    }
    const scaled = time * this.#units.strata[stratum]!.scale;
    sums.all[block]! += scaled;
    sums.all[blockCount + stratum]! += scaled;
    if (hasRun) {
      sums.ran[block]! += scaled;
      sums.ran[blockCount + stratum]! += scaled;
    }
    sums.visit(this.#steps);
  }

  value(row: number): number {
    return total(this.#rows[row]?.all);
  }

  /**
   * What a row's blocks are expected to have follows from its strata; how far they stray from it, in slow waves, is how
   * far the row is known. A row that only few blocks can have, such as one of a rare route, has fewer waves.
   *
   * One visit of a function by samples is one independent sample at most, as where calls are much shorter than the
   * interval: so many visits have the variance of so many samples.
   */
  estimate(row: number): Estimate {
    const sums = this.#rows[row];
    const [value, ran, tick] = [total(sums?.all), total(sums?.ran), this.#units.tick ** 2];
    const nothing = new Float64Array(waveCount);
    if (sums === undefined || value === 0)
      return { value, ran, waves: nothing, ranWaves: nothing, freedom: waveCount, least: 0, tick };
    let squares = 0;
    for (let block = 0; block < blockCount; block++) squares += this.#expected(sums.all, block) ** 2;
    return {
      ...{ value, ran, waves: this.#waves(sums.all), ranWaves: this.#waves(sums.ran) },
      freedom: Math.max(1, Math.min(waveCount, Math.floor(value ** 2 / squares) - 1)),
      ...{ least: sums.visits * tick, tick },
    };
  }

  /** The same number for rows that have the same time in each block, which are one thing to be tested. */
  fingerprint(row: number): number {
    const sums = this.#rows[row]?.all;
    let hash = 0;
    // A hundredth of a microsecond: the same times may have been added in another order.
    for (let block = 0; sums !== undefined && block < blockCount; block++)
      hash = (hash * 1_000_003 + Math.round(sums[block]! * 100)) % 9_007_199_254;
    return hash;
  }

  #waves(sums: Float64Array): Float64Array {
    const waves = new Float64Array(waveCount);
    for (let block = 0; block < blockCount; block++) {
      const stray = sums[block]! - this.#expected(sums, block);
      for (let wave = 0; wave < waveCount; wave++)
        waves[wave]! += stray * cosines[wave * blockCount + block]!;
    }
    return waves;
  }

  #expected(sums: Float64Array, block: number): number {
    const { strata } = this.#units;
    let expected = 0;
    for (let stratum = 0; stratum < strata.length; stratum++)
      expected += sums[blockCount + stratum]! * strata[stratum]!.parts[block]!;
    return expected;
  }
}

/** Blocks, then strata, both scaled. */
class Row {
  readonly all: Float64Array;
  readonly ran: Float64Array;
  /** How often samples of a thread came to it: those that follow each other are one visit. */
  visits = 0;
  #thread = 0;
  #step = -1;

  constructor(length: number) {
    this.all = new Float64Array(length);
    this.ran = new Float64Array(length);
  }

  visit({ thread, step }: ThreadSteps): void {
    if (thread !== this.#thread || step > this.#step + 1) this.visits++;
    [this.#thread, this.#step] = [thread, step];
  }
}

function total(sums: Float64Array | undefined): number {
  let sum = 0;
  for (let block = 0; sums !== undefined && block < blockCount; block++) sum += sums[block]!;
  return sum;
}

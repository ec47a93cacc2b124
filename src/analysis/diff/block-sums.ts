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
  /** Of the value, by how far the time of the recording strays from even. */
  readonly variance: number;
  readonly freedom: number;
}

/** Time by row, each in blocks: what its time per unit is, and how far that is known, follows from them. */
export class BlockSums {
  readonly #units: Units;
  /** By row: its blocks, then its strata, both scaled. */
  readonly #sums: (Float64Array | undefined)[] = [];

  constructor(units: Units) {
    this.#units = units;
  }

  add(row: number, block: number, stratum: number, time: number): void {
    let sums = this.#sums[row];
    if (sums === undefined) {
      sums = new Float64Array(blockCount + this.#units.strata.length);
      this.#sums[row] = sums;
    }
    const scaled = time * this.#units.strata[stratum]!.scale;
    sums[block]! += scaled;
    sums[blockCount + stratum]! += scaled;
  }

  value(row: number): number {
    return total(this.#sums[row]);
  }

  /**
   * What a row's blocks are expected to have follows from its strata; how far they stray from it, in slow waves, is how
   * far the row is known. A row that only few blocks can have, such as one of a rare route, has fewer waves.
   */
  estimate(row: number): Estimate {
    const sums = this.#sums[row];
    const value = total(sums);
    const least = this.#units.tick ** 2;
    if (sums === undefined || value === 0) return { value, variance: least, freedom: waveCount };
    const strays = new Float64Array(blockCount);
    let squares = 0;
    for (let block = 0; block < blockCount; block++) {
      const expected = this.#expected(sums, block);
      strays[block] = sums[block]! - expected;
      squares += expected ** 2;
    }
    const freedom = Math.max(1, Math.min(waveCount, Math.floor(value ** 2 / squares) - 1));
    let variance = 0;
    for (let wave = 0; wave < freedom; wave++) {
      let amplitude = 0;
      for (let block = 0; block < blockCount; block++)
        amplitude += strays[block]! * cosines[wave * blockCount + block]!;
      variance += amplitude ** 2 / freedom;
    }
    return { value, variance: variance + least, freedom };
  }

  /** The same number for rows that have the same time in each block, which are one thing to be tested. */
  fingerprint(row: number): number {
    const sums = this.#sums[row];
    let hash = 0;
    // A hundredth of a microsecond: the same times may have been added in another order.
    for (let block = 0; sums !== undefined && block < blockCount; block++)
      hash = (hash * 1_000_003 + Math.round(sums[block]! * 100)) % 9_007_199_254;
    return hash;
  }

  #expected(sums: Float64Array, block: number): number {
    const { strata } = this.#units;
    let expected = 0;
    for (let stratum = 0; stratum < strata.length; stratum++)
      expected += sums[blockCount + stratum]! * strata[stratum]!.parts[block]!;
    return expected;
  }
}

function total(sums: Float64Array | undefined): number {
  let sum = 0;
  for (let block = 0; sums !== undefined && block < blockCount; block++) sum += sums[block]!;
  return sum;
}

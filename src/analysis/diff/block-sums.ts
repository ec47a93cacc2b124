import { blockCount, type Units } from './units.js';

/** A time per unit, and how far it is known. Microseconds per second of recording, or per request. */
export interface Estimate {
  readonly value: number;
  /** Of the value, by how far the blocks stray. */
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
   * What a row's blocks are expected to have follows from its strata; what they have beyond it is the error. A row that
   * only some blocks can have, such as one of a rare route, has as many degrees of freedom less.
   */
  estimate(row: number): Estimate {
    const sums = this.#sums[row];
    const value = total(sums);
    let residuals = 0;
    let squares = 0;
    for (let block = 0; sums !== undefined && block < blockCount; block++) {
      const expected = this.#expected(sums, block);
      residuals += (sums[block]! - expected) ** 2;
      squares += expected ** 2;
    }
    const { tick } = this.#units;
    if (squares === 0) return { value, variance: tick ** 2, freedom: blockCount - 1 };
    const blocks = Math.max(1.01, value ** 2 / squares);
    const variance = (residuals * blocks) / (blocks - 1);
    return { value, variance: variance + tick ** 2, freedom: blocks - 1 };
  }

  /** The same text for rows that have the same time in each block, which are one thing to be tested. */
  fingerprint(row: number): string {
    return this.#sums[row]?.subarray(0, blockCount).join(' ') ?? '';
  }

  #expected(sums: Float64Array, block: number): number {
    let expected = 0;
    for (const [stratum, { parts }] of this.#units.strata.entries())
      expected += sums[blockCount + stratum]! * parts[block]!;
    return expected;
  }
}

function total(sums: Float64Array | undefined): number {
  let sum = 0;
  for (let block = 0; sums !== undefined && block < blockCount; block++) sum += sums[block]!;
  return sum;
}

import { damaged } from './payload-cursor.js';

/** Entries of one block; ours has 13 at most. */
export const mostEntries = 10_000;
/** The title and the writer's version, as JSON with every character escaped, are at most 800 KB. */
export const mostInfoBytes = 1 << 20;
export const mostInfoDepth = 16;

/**
 * What a recording of any size may hold, and how much more for each byte of its file. Deflate makes 1000 bytes of one,
 * and rows of one byte take up to 200 in memory: without limits a file of 60 KB took 4 GB. Everything at its limit
 * takes about 700 MB.
 *
 * The first numbers are above what any recording was seen to hold, since recursion compresses well: 3,000 stacks of
 * 3,000 frames are 9 million rows in a few KB. The second are above what can be stored in a byte when it is not made to
 * be large.
 */
const limits = {
  /** Processes, threads and functions. A function with its names takes 15 bytes of a file or more. */
  objects: { any: 300_000, perByte: 1 / 8 },
  /** What threads worked for. Where each request is another one, a context with its texts takes four bytes or more. */
  contexts: { any: 500_000, perByte: 1 / 4 },
  /** Strings, words of command lines, names that changed, and values of contexts. */
  strings: { any: 1_000_000, perByte: 1 / 2 },
  /** Bytes of strings. */
  characters: { any: 64 << 20, perByte: 32 },
  /** Frames, stacks, and ends of threads. */
  numbers: { any: 16_000_000, perByte: 4 },
  /** Ticks: the low byte of each is noise. */
  ticks: { any: 8_000_000, perByte: 4 },
  /** Changes of what threads show, a run each. */
  runs: { any: 4_000_000, perByte: 2 },
} as const;

export type Counted = keyof typeof limits;

/** How much came out of a recording so far, against what may come out of a file of its size. */
export class DecodedSize {
  #stored = 0;
  readonly #counts: Record<Counted, number> = {
    ...{ objects: 0, contexts: 0, strings: 0, characters: 0 },
    ...{ numbers: 0, ticks: 0, runs: 0 },
  };

  /** So many bytes more of the file. */
  grow(bytes: number): void {
    this.#stored += bytes;
  }

  /** Throws `recording-damaged`, before there is anything of them, when so many more are too many. */
  add(kind: Counted, count: number): void {
    const { any, perByte } = limits[kind];
    if (this.#counts[kind] + count > any + perByte * this.#stored)
      throw damaged(`it holds more ${kind} than its size allows`);
    this.#counts[kind] += count;
  }
}

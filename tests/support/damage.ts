import type { SizedSource } from '../../src/platform/core-file/core-headers.js';

/** Whole numbers below a bound, the same ones for the same seed. */
export function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/**
 * Seeds far from each other, of numbers that follow each other: the first numbers of neighbouring seeds are nearly the
 * same.
 */
export function scattered(number: number): number {
  let mixed = number;
  for (let round = 0; round < 2; round++) mixed = Math.imul(mixed ^ (mixed >>> 16), 0x45d9_f3b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** What is wrong with a file. */
export interface Damage {
  /** The byte at each of these offsets is another: what is kept of it, and what is flipped then. */
  readonly edits: ReadonlyMap<number, { readonly keep: number; readonly flip: number }>;
  /** Nothing is there from this offset on. */
  readonly length: number;
}

/** The numbers that break arithmetic: none, all, signs, the limits of exact numbers and of what fits in memory. */
const hostile: readonly bigint[] = [
  0n,
  1n,
  2n ** 64n - 1n,
  2n ** 63n,
  2n ** 53n,
  2n ** 40n,
  2n ** 32n - 1n,
  4096n,
];

/** Damage of one of seven kinds to a file. `pick`: an offset that matters, such as one in its headers. */
export function damageOf(
  below: (bound: number) => number,
  { size, read }: SizedSource,
  pick: (below: (bound: number) => number) => number,
): Damage {
  const edits = new Map<number, { keep: number; flip: number }>();
  const flip = (at: number) => edits.set(at, { keep: 0xff, flip: 1 << below(8) });
  const put = (at: number, value: number) => edits.set(at, { keep: 0, flip: value });
  let length = size;
  const kind = below(7);
  if (kind === 0) for (let flips = 1 + below(4); flips > 0; flips--) flip(pick(below));
  else if (kind === 1)
    for (let flips = 1 + below(64); flips > 0; flips--) flip(below(2) ? pick(below) : below(size));
  else if (kind === 2) length = below(size);
  else if (kind === 3) length = pick(below);
  else if (kind === 4) {
    for (let numbers = 1 + below(3); numbers > 0; numbers--) {
      const [at, number] = [pick(below) & ~7, hostile[below(hostile.length)]!];
      for (let byte = 0; byte < 8; byte++) put(at + byte, Number((number >> BigInt(byte * 8)) & 255n));
    }
  } else if (kind === 5) {
    // A pointer to something else, such as a list that leads back to where it began.
    for (let words = 1 + below(32); words > 0; words--) {
      const at = pick(below) & ~7;
      const word = read(pick(below) & ~7, 8) ?? [];
      for (const [byte, value] of word.entries()) put(at + byte, value);
    }
  } else {
    const [at, value] = [pick(below), below(2) * 255];
    for (let bytes = below(256); bytes >= 0; bytes--) put(at + bytes, value);
  }
  return { edits, length };
}

/** A file with that damage. */
export function damaged(source: SizedSource, { edits, length }: Damage): SizedSource {
  return {
    size: Math.min(source.size, length),
    read(offset, count) {
      if (!(offset + count <= length)) return undefined;
      const bytes = source.read(offset, count)?.slice();
      if (bytes)
        for (const [at, { keep, flip }] of edits)
          if (at >= offset && at < offset + count) bytes[at - offset] = (bytes[at - offset]! & keep) ^ flip;
      return bytes;
    },
  };
}

/** Flips a bit of a byte. What it returns flips it back, which costs less than a copy of an image. */
export function flip(bytes: Uint8Array, at: number, below: (bound: number) => number): () => void {
  const bit = 1 << below(8);
  const change = () => {
    bytes[at]! ^= bit;
  };
  change();
  return change;
}

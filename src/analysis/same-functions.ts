import { PairTable } from '../model/pair-table.js';
import type { Profile } from '../model/profile.js';

const knownOf = new WeakMap<Profile['functions'], Int32Array>();

/**
 * For each function the first one that is the same: by what it is, since the same code may have been loaded twice, in
 * two workers or after a reload. Names are compared, never joined: they may be long, and the same in a hundred thousand
 * functions. Not to be changed: it is the same array for all who ask.
 */
export function sameFunctions({ functions }: Profile): Int32Array {
  let same = knownOf.get(functions);
  // The profile may have grown.
  if (same?.length !== functions.length) {
    same = findSame(functions);
    knownOf.set(functions, same);
  }
  return same;
}

function findSame(functions: Profile['functions']): Int32Array {
  const names = new Map<string, number>();
  const numberOf = (name: string): number => {
    const known = names.get(name) ?? names.size;
    names.set(name, known);
    return known;
  };
  const [called, placed, both, whole] = [
    ...[new PairTable(), new PairTable()],
    ...[new PairTable(), new PairTable()],
  ] as const;
  const first: number[] = [];
  return Int32Array.from(functions, (fn, index) => {
    const name = called.intern(numberOf(fn.qualifiedName), numberOf(fn.name));
    const place = placed.intern(numberOf(fn.file), fn.firstLine);
    const number = whole.intern(both.intern(name, place), numberOf(fn.kind));
    first[number] ??= index;
    return first[number]!;
  });
}

import { PairTable } from '../../model/pair-table.js';
import type { FunctionInfo, Profile } from '../../model/profile.js';

/** Numbers of functions that both recordings share. */
export interface MatchedFunctions {
  /** By function of each recording: a number that is the same for what is the same function in both. */
  readonly before: Int32Array;
  readonly after: Int32Array;
  readonly count: number;
  /** Names alone, where one of the Pythons knows no qualified ones (before 3.11). */
  readonly byPlainName: boolean;
}

/**
 * The same function in two recordings: equal kind, name and file, as an import would name the file. Lines differ from
 * version to version, and folders from one deployment to the next. What was renamed, or moved to another file, is
 * another function.
 */
export function matchFunctions(before: Profile, after: Profile): MatchedFunctions {
  const byPlainName = knowsQualifiedNames(before) !== knowsQualifiedNames(after);
  const texts = new Map<string, number>();
  const numberOf = (text: string): number => {
    const known = texts.get(text) ?? texts.size;
    texts.set(text, known);
    return known;
  };
  const named = new PairTable();
  const all = new PairTable();
  const match = ({ kind, name, qualifiedName, shortFile, file }: FunctionInfo): number => {
    const shown = byPlainName && kind === 'python' ? name : qualifiedName || name;
    return all.intern(
      named.intern(numberOf(shown), numberOf(kind === 'python' ? shortFile || file : '')),
      numberOf(kind),
    );
  };
  return {
    before: Int32Array.from(before.functions, match),
    after: Int32Array.from(after.functions, match),
    count: all.size,
    byPlainName,
  };
}

function knowsQualifiedNames({ processes }: Profile): boolean {
  return processes.every(({ pythonVersion }) => {
    const [, major, minor] = /^(\d+)\.(\d+)/.exec(pythonVersion) ?? [];
    return major === undefined || Number(major) * 100 + Number(minor) >= 311;
  });
}

// What was measured last, part by part, with the machine it was measured on: benchmarks/results.json, not kept in git.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release } from 'node:os';
import type { AccuracyRow, ImpossibleRow } from './accuracy.js';
import type { MemoryFigures } from './memory.js';
import type { AbsentPeer, PeerRow } from './peer-rounds.js';
import type { StartRow } from './start.js';

export interface Machine {
  readonly cpu: string;
  readonly processors: number;
  readonly kernel: string;
  readonly node: string;
  readonly pyglass: string;
  /** Processes that ran or wanted to, over the last minute, when the part began and when it ended. */
  readonly load: readonly [number, number];
}

export interface Part<T> {
  /** When it was measured, ISO 8601. */
  readonly at: string;
  readonly machine: Machine;
  readonly value: T;
}

export interface Results {
  /** By scenario. */
  readonly peers: Record<string, Part<readonly PeerRow[]>>;
  absentPeers: readonly AbsentPeer[];
  /** By version of Python and program. */
  readonly accuracy: Record<string, Part<readonly AccuracyRow[]>>;
  /** By version of Python. */
  readonly impossible: Record<string, Part<ImpossibleRow>>;
  memory: Part<MemoryFigures> | null;
  /** By version of Python. */
  readonly start: Record<string, Part<readonly StartRow[]>>;
}

const file = new URL('../../benchmarks/results.json', import.meta.url).pathname;
const packageFile = new URL('../../package.json', import.meta.url);

export function readResults(): Results {
  const kept = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  return { peers: {}, absentPeers: [], accuracy: {}, impossible: {}, memory: null, start: {}, ...kept };
}

export function hasResults(): boolean {
  return existsSync(file);
}

/** So that what is shown together was measured together. */
export function forget(): void {
  rmSync(file, { force: true });
}

/** Keeps what `change` makes of the results, in the file too. */
export function keep(change: (results: Results) => void): void {
  const results = readResults();
  change(results);
  writeFileSync(file, `${JSON.stringify(results, undefined, 1)}\n`);
}

/** What `measure` finds, with when and where. */
export async function asPart<T>(measure: () => Promise<T>): Promise<Part<T>> {
  const before = loadavg()[0]!;
  const at = new Date().toISOString();
  const value = await measure();
  const machine: Machine = {
    cpu: cpus()[0]?.model ?? 'unknown',
    processors: cpus().length,
    kernel: release(),
    node: process.versions.node,
    pyglass: JSON.parse(readFileSync(packageFile, 'utf8')).version,
    load: [before, loadavg()[0]!],
  };
  return { at, machine, value };
}

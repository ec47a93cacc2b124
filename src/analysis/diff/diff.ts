import type { FunctionInfo, Profile } from '../../model/profile.js';
import { recordingsOf } from '../joined-recordings.js';
import { leafStates } from '../run-states.js';
import type { ViewOptions } from '../view-options.js';
import { type Change, compareAll, type Pair } from './compare.js';
import { contention, mean, type RunToRun, runToRunError } from './contention.js';
import { matchFunctions } from './function-names.js';
import { type Measured, measure } from './measure.js';
import { type ComparedRoute, requestUnits } from './route-units.js';
import { type Basis, secondsOf, type Units } from './units.js';

/** What changed from one recording to another. Times are microseconds per second of recording, or per request. */
export interface Diff {
  readonly basis: Basis;
  /** What both recordings take, all that is compared. */
  readonly whole: Change;
  /** Where time is per request: routes that both have, the largest change first. */
  readonly routes: readonly RouteChange[];
  /** All routes of either recording, by name, whatever time is divided by. */
  readonly seenRoutes: readonly ComparedRoute[];
  /** The largest change of self time first, those beyond sampling error before others. */
  readonly functions: readonly FunctionChange[];
  /** How busy others kept the machine, 0 to 1. */
  readonly contention: { readonly before: number; readonly after: number };
  readonly byPlainName: boolean;
  /** By recording. */
  readonly units: { readonly before: readonly Units[]; readonly after: readonly Units[] };
  readonly runToRun: RunToRun;
}

export interface RouteChange {
  readonly route: ComparedRoute;
  readonly change: Change;
}

export interface FunctionChange {
  /** The number that equal functions of both recordings have. */
  readonly row: number;
  /** Of AFTER where it is there, else of BEFORE; `undefined`: a state, such as `<gc>`. */
  readonly info: FunctionInfo | undefined;
  /** The name of a state. */
  readonly state: string;
  /** Seen in one of the recordings only: it was added, removed, renamed or moved; or hardly ever runs. */
  readonly only: 'before' | 'after' | undefined;
  /** In it, and in C functions that it called. */
  readonly self: Change;
  readonly total: Change;
  /** The C function that has most of the change of its self time, and how much of it; where it calls any. */
  readonly inC: { readonly info: FunctionInfo; readonly change: number } | undefined;
}

export interface DiffOptions {
  readonly view: ViewOptions;
  /** [requests, where both recordings have enough of them] */
  readonly basis?: Basis | undefined;
}

/** What is smaller than this part of the time in both recordings is not compared: 5 ms of a second. */
const smallestShare = 0.005;

/** Either may be several recordings of a program (`JoinedRecordings`): how far they differ is an error then. */
export function diffOf(before: Profile, after: Profile, { view, basis: asked }: DiffOptions): Diff {
  const parts = { before: recordingsOf(before), after: recordingsOf(after) };
  const requests = requestUnits(parts.before, parts.after, view);
  const basis = asked ?? (requests.strata.length > 0 ? 'request' : 'second');
  const units =
    basis === 'request'
      ? { before: requests.before, after: requests.after }
      : { before: parts.before.map(secondsOf), after: parts.after.map(secondsOf) };
  const shown = basis === 'request' ? { ...view, request: view.request ?? {} } : view;
  const matched = matchFunctions(before, after);
  const { count } = matched;
  const measured = (side: 'before' | 'after') =>
    parts[side].map((profile, index) =>
      measure(profile, shown, units[side][index]!, { functions: matched[side], count }),
    );
  const of = { before: measured('before'), after: measured('after') };
  const busy = { before: parts.before.map(contention), after: parts.after.map(contention) };
  const runToRun = runToRunError(busy.before, busy.after);
  const wholeOf = (side: readonly Measured[]) => mean(side.map(({ whole }) => whole.value(0)));
  const smallest = smallestShare * Math.max(wholeOf(of.before), wholeOf(of.after));
  const pair = (kind: 'self' | 'total' | 'whole' | 'routes', row: number): Pair => ({
    before: of.before.map((one) => one[kind]),
    after: of.after.map((one) => one[kind]),
    row,
  });
  const strata = basis === 'request' ? requests.strata : [];
  const rows = [...leafStates.keys()].map((state) => count + state);
  for (let row = 0; row < count; row++) rows.push(row);
  const [whole, ...changes] = compareAll(
    [
      pair('whole', 0),
      ...strata.map((_, row) => pair('routes', row)),
      ...rows.flatMap((row) => [pair('self', row), pair('total', row)]),
    ],
    { smallest, runToRun, whole: pair('whole', 0) },
  );
  const ofRoutes = changes.splice(0, strata.length);
  const infos = infosOf(count, [before, matched.before], [after, matched.after]);
  const calls = changesInC(of.before, of.after, count);
  const functions = rows.map((row, index): FunctionChange => {
    const [self, total] = [changes[2 * index]!, changes[2 * index + 1]!];
    const only = total.before === 0 ? 'after' : total.after === 0 ? 'before' : undefined;
    const inC = mostOfChange(calls.get(row), Math.sign(self.after - self.before), infos);
    return { row, info: infos[row], state: leafStates[row - count] ?? '', only, self, total, inC };
  });
  return {
    ...{ basis, whole: whole!, seenRoutes: requests.routes, runToRun, units },
    contention: { before: mean(busy.before), after: mean(busy.after) },
    byPlainName: matched.byPlainName,
    routes: strata
      .map((route, row) => ({ route, change: perRequest(ofRoutes[row]!, shareOf(route, strata)) }))
      .sort((a, b) => byChange(a.change, b.change)),
    functions: functions
      .filter(({ total }) => total.before > 0 || total.after > 0)
      .sort((a, b) => byVerdict(a, b) || byChange(a.self, b.self) || byChange(a.total, b.total)),
  };
}

/** A route's part of the time of all requests, as time per request of its own. */
function perRequest(change: Change, share: number): Change {
  const { before, after, error, smallestSeen } = change;
  return {
    ...change,
    ...{ before: before / share, after: after / share },
    ...{ error: error / share, smallestSeen: smallestSeen / share },
  };
}

function shareOf(route: ComparedRoute, all: readonly ComparedRoute[]): number {
  return (route.before + route.after) / all.reduce((sum, of) => sum + of.before + of.after, 0);
}

type OfRecording = readonly [Profile, Int32Array];

/** What each row of functions is called, as the later of the recordings has it. */
function infosOf(count: number, ...recordings: readonly OfRecording[]): (FunctionInfo | undefined)[] {
  const infos = new Array<FunctionInfo | undefined>(count);
  for (const [{ functions }, rows] of recordings)
    for (const [index, row] of rows.entries()) infos[row] = functions[index];
  return infos;
}

function byVerdict(a: FunctionChange, b: FunctionChange): number {
  return Number(isChange(b)) - Number(isChange(a));
}

/** Beyond sampling error, in its own time or with what it calls. */
export function isChange({ self, total }: FunctionChange): boolean {
  return self.verdict !== 'same' || total.verdict !== 'same';
}

function byChange(a: Change, b: Change): number {
  return Math.abs(b.after - b.before) - Math.abs(a.after - a.before);
}

/** By row: by how much the time of each C function that it calls changed. */
function changesInC(
  before: readonly Measured[],
  after: readonly Measured[],
  count: number,
): Map<number, Map<number, number>> {
  const changes = new Map<number, Map<number, number>>();
  const add = (side: readonly Measured[], sign: number) => {
    for (const { called } of side)
      for (const [pair, time] of called) {
        const [row, fn] = [Math.floor(pair / count), pair % count];
        const ofRow = changes.get(row) ?? new Map<number, number>();
        changes.set(row, ofRow);
        ofRow.set(fn, (ofRow.get(fn) ?? 0) + (sign * time) / side.length);
      }
  };
  add(after, 1);
  add(before, -1);
  return changes;
}

/** `sign`: -1 where the caller shrank. */
function mostOfChange(
  changes: ReadonlyMap<number, number> | undefined,
  sign: number,
  infos: readonly (FunctionInfo | undefined)[],
): FunctionChange['inC'] {
  let most: FunctionChange['inC'];
  for (const [row, change] of changes ?? [])
    if (change * sign > Math.abs(most?.change ?? 0)) most = { info: infos[row]!, change };
  return most;
}

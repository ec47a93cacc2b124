// A comparison for scripts: docs/diff-json.md. Fields are added, never renamed.
import { type Change, level } from '../../analysis/diff/compare.js';
import { type Diff, type DiffOptions, diffOf, type FunctionChange } from '../../analysis/diff/diff.js';
import type { Exceeded } from '../../analysis/diff/limits.js';
import { diffNotes, recordingDifferences } from '../../analysis/diff/recording-differences.js';
import { JoinedRecordings, recordingsOf } from '../../analysis/joined-recordings.js';
import { fileName, functionName } from '../../analysis/labels.js';
import { defaultView, type ViewOptions } from '../../analysis/view-options.js';
import { Profile } from '../../model/profile.js';
import type { DiffedFunction, DiffedRecording, DiffedTime, DiffReport } from './diff-report.js';

/** Functions of the list, at most. */
const most = 200;

/**
 * What `pyglass diff --json` prints, as a value. Either side may be several recordings. `per` [requests, where all
 * recordings have them].
 */
export function diffReport(
  before: Profile | readonly Profile[],
  after: Profile | readonly Profile[],
  { per, ...view }: Partial<ViewOptions> & { readonly per?: 'second' | 'request' } = {},
): DiffReport {
  const options: DiffOptions = { view: { ...defaultView, ...view }, basis: per };
  const [first, second] = [joined(before), joined(after)];
  return reportOf(diffOf(first, second, options), first, second, options.view);
}

function joined(of: Profile | readonly Profile[]): Profile {
  return of instanceof Profile ? of : new JoinedRecordings(of);
}

export function reportOf(
  diff: Diff,
  before: Profile,
  after: Profile,
  view: ViewOptions,
  exceeded: readonly Exceeded[] = [],
): DiffReport {
  const differences = recordingDifferences(before, after);
  return {
    version: 1,
    per: diff.basis,
    level,
    before: recording(before, diff.contention.before),
    after: recording(after, diff.contention.after),
    notes: [...(differences === '' ? [] : [differences]), ...diffNotes(diff, before, after)],
    runToRunError: round(diff.runToRun.ofEach),
    speedError: round(diff.runToRun.ofSpeed),
    whole: timeOf(diff.whole),
    routes: diff.routes.map(({ route, change }) => ({
      ...{ route: route.route, beforeRequests: route.before, afterRequests: route.after },
      ...timeOf(change),
    })),
    functions: diff.functions.slice(0, most).map((fn) => describe(fn, view)),
    exceeded: exceeded.map(({ name, growth, limit }) => ({
      ...{ name, growth: round(growth), limit: limit.growth },
    })),
  };
}

function recording(profile: Profile, contention: number): DiffedRecording {
  const { info, processes, duration } = profile;
  const date = new Date(info.startedAt);
  return {
    title: info.title,
    startedAt: Number.isNaN(date.getTime()) ? null : date.toISOString(),
    recordings: recordingsOf(profile).length,
    seconds: seconds(duration),
    rate: info.rate,
    pythonVersions: [...new Set(processes.map(({ pythonVersion }) => pythonVersion))],
    complete: profile.complete && profile.damagedBlocks === 0,
    contention: round(contention),
  };
}

function describe({ info, state, only, self, total }: FunctionChange, view: ViewOptions): DiffedFunction {
  return {
    function: info ? functionName(info) : state,
    kind: info?.kind ?? 'synthetic',
    file: (info && fileName(info, view)) || null,
    only: only ?? null,
    self: timeOf(self),
    total: timeOf(total),
  };
}

function timeOf({ before, after, error, p, verdict }: Change): DiffedTime {
  return {
    beforeSeconds: seconds(before),
    afterSeconds: seconds(after),
    changeSeconds: seconds(after - before),
    errorSeconds: seconds(error),
    growth: before > 0 ? round(after / before - 1) : null,
    p: round(p),
    verdict,
  };
}

/** Whole microseconds. */
function seconds(microseconds: number): number {
  return Math.round(microseconds) / 1e6;
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

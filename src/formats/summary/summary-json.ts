import { wholeOfRuns } from '../../analysis/sample-weights.js';
// A recording in numbers for scripts: docs/summary-json.md. Fields are added, never renamed.

import { blockedLoops } from '../../analysis/blocked-loops.js';
import { fileName, functionName } from '../../analysis/labels.js';
import { otherCpu } from '../../analysis/other-threads.js';
import { plainJson } from '../../analysis/plain-json.js';
import { gil, nameOf, summarize } from '../../analysis/summary.js';
import { threadCount } from '../../analysis/task-rows.js';
import { unknownCpu } from '../../analysis/unknown-cpu.js';
import { defaultView, type ViewOptions } from '../../analysis/view-options.js';
import type { Profile } from '../../model/profile.js';
import type { OutputFormat } from '../output-format.js';
import { routesReport } from '../routes/routes-json.js';
import type { SummaryFunction, SummaryReport } from './summary-report.js';

export const summaryJson: OutputFormat = {
  id: 'summary-json',
  title: 'Summary for scripts',
  extensions: ['.summary.json'],
  mediaType: 'application/json',
  description: 'the summary as JSON, for scripts',
  write: (profile, view) => [`${plainJson(summaryReport(profile, view))}\n`],
};

/** Entries of a list, at most. */
const most = 50;

/** What `-f summary-json` writes, as a value. */
export function summaryReport(profile: Profile, options: Partial<ViewOptions> = {}): SummaryReport {
  const view = { ...defaultView, ...options };
  const summary = summarize(profile, view);
  const { time, statesKnown, busiest } = summary;
  const { info, losses, processes, threads } = profile;
  const other = otherCpu(profile);
  const blocked = blockedLoops(profile, view);
  const known = <T>(value: T): T | null => (statesKnown ? value : null);
  const fn = (index: number) => describe(profile, index, view);
  return {
    version: 1,
    recording: {
      title: info.title,
      startedAt: isoDate(info.startedAt),
      seconds: seconds(profile.duration),
      rate: info.rate,
      labels: info.labels ?? {},
      pythonVersions: [...new Set(processes.map(({ pythonVersion }) => pythonVersion))],
      processes: processes.length,
      threads: threadCount(profile),
      tasks: threadCount(profile) < threads.length,
      samples: wholeOfRuns(profile.runs).samples,
      missed: losses.missed,
      torn: losses.torn,
      truncated: losses.truncated,
      unreadTasks: losses.unreadTasks,
      damagedBlocks: profile.damagedBlocks,
      complete: profile.complete,
    },
    unrecordedChildren: {
      cpuSeconds: profile.children.cpuSeconds,
      processes: profile.children.processes,
    },
    statesKnown,
    time: {
      shownSeconds: seconds(time.shown),
      notShownSeconds: seconds(time.notShown),
      requestSeconds: seconds(time.request),
      cpuSeconds: known(seconds(time.cpu)),
      waitingSeconds: known(seconds(time.waiting)),
      gilWaitingSeconds: known(seconds(time.gilWaiting)),
      collectingSeconds: known(seconds(time.collecting)),
      unknownSeconds: seconds(time.unknown),
      cpuUnknownThreads: unknownCpu(profile).threads,
    },
    otherThreads: {
      cpuSeconds: seconds(other.time),
      names: other.names
        .slice(0, most)
        .map(({ name, time: used }) => ({ name: name || null, cpuSeconds: seconds(used) })),
    },
    routes: routesReport(profile, { ...view, mode: 'wall' }).routes.slice(0, most),
    applicationFunctions: summary.applicationFunctions.slice(0, most).map((entry) => ({
      ...fn(entry.function),
      seconds: seconds(entry.time),
      share: share(entry.time, time.shown),
      requestSeconds: seconds(entry.request),
      cpuSeconds: known(seconds(entry.cpu)),
      waitingSeconds: known(seconds(entry.waiting)),
      unknownSeconds: seconds(entry.unknown),
      waitedIn:
        entry.waitedIn && entry.waitedIn.function !== entry.function
          ? nameOf(profile, entry.waitedIn.function)
          : null,
      waitedInGil: entry.waitedIn?.function === gil,
    })),
    busiest: {
      by: statesKnown ? 'cpu' : 'wall',
      seconds: seconds(busiest.totalTime),
      functions: busiest.rows
        .filter(({ totalTime }) => totalTime > 0)
        .slice(0, most)
        .map((entry) => ({
          ...(entry.function < 0 ? syntheticFunction(entry.label) : fn(entry.function)),
          selfSeconds: seconds(entry.selfTime),
          selfShare: share(entry.selfTime, busiest.totalTime),
          totalSeconds: seconds(entry.totalTime),
          totalShare: share(entry.totalTime, busiest.totalTime),
        })),
    },
    waits: summary.waits.slice(0, most).map((wait) => ({
      ...fn(wait.function),
      waitedIn: wait.in === wait.function ? null : nameOf(profile, wait.in),
      seconds: seconds(wait.time),
      share: share(wait.time, time.shown),
      longestSeconds: wait.longest > 0 ? seconds(wait.longest) : null,
    })),
    gilHolders: summary.gilHolders.slice(0, most).map((holder) => ({
      ...(holder.function < 0 ? syntheticFunction('') : fn(holder.function)),
      seconds: seconds(holder.time),
      share: share(holder.time, time.gilWaiting),
    })),
    lines: summary.lines.slice(0, most).map((line) => ({
      ...fn(line.function),
      line: line.line,
      seconds: seconds(line.time),
      share: share(line.time, time.shown),
      waitingSeconds: known(seconds(line.waiting)),
    })),
    blockedLoops: {
      overSeconds: seconds(blocked.over),
      steps: blocked.steps,
      seconds: seconds(blocked.time),
      longestSeconds: seconds(blocked.longest),
      functions: blocked.causes.slice(0, most).map((cause) => ({
        ...(cause.function < 0 ? syntheticFunction('') : fn(cause.function)),
        in: cause.in === cause.function ? null : nameOf(profile, cause.in),
        steps: cause.steps,
        seconds: seconds(cause.time),
        longestSeconds: seconds(cause.longest),
      })),
    },
  };
}

function describe(profile: Profile, index: number, view: ViewOptions): SummaryFunction {
  const info = profile.functions[index];
  if (info === undefined) return syntheticFunction('<unknown function>');
  return {
    function: functionName(info),
    kind: info.kind,
    file: fileName(info, view) || null,
    firstLine: info.firstLine || null,
  };
}

function syntheticFunction(name: string): SummaryFunction {
  return { function: name, kind: 'synthetic', file: null, firstLine: null };
}

function isoDate(milliseconds: number): string | null {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** Whole microseconds. */
function seconds(microseconds: number): number {
  return Math.round(microseconds) / 1e6;
}

/** 0 to 1, to a hundredth of a percent. */
function share(part: number, whole: number): number {
  return whole <= 0 ? 0 : Math.round((part / whole) * 1e4) / 1e4;
}

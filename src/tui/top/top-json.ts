import type { Category } from '../../analysis/category.js';
import { frameLocation } from '../../analysis/labels.js';
import type { LiveData, SamplingCounts } from '../../analysis/live/live-profile.js';
import type { LiveRoute } from '../../analysis/live/live-routes.js';
import { plainJson } from '../../analysis/plain-json.js';
import type { Mode } from '../../analysis/view-options.js';
import type { FunctionKind, ProcessInfo } from '../../model/profile.js';
import { type About, gilShare } from './header.js';
import { type ThreadState, threadRows, unknownNow } from './thread-rows.js';
import { timeRows } from './time-rows.js';
import type { TopState } from './top-state.js';

/**
 * What `top --json` prints: docs/top-json.md. Fields are added, never renamed. Shares are 0 to 1, seconds those of wall
 * time.
 */
export interface TopReport {
  /** The process that was asked for. */
  readonly pid: number;
  readonly command: string;
  /** How long it was sampled. */
  readonly seconds: number;
  readonly mode: Mode;
  /** Part of that time in which any thread held the GIL. */
  readonly gilShare: number;
  readonly sampling: {
    /** One a thread a tick. */
    readonly samples: number;
    /** A second, achieved. */
    readonly rate: number;
    readonly missed: number;
    readonly torn: number;
    readonly truncated: number;
  };
  readonly threads: ThreadCounts & { readonly cpuUnknown: number };
  /** Threads that run no Python. A name of null: as the program. */
  readonly otherThreads: {
    readonly cpuSeconds: number;
    readonly names: readonly { readonly name: string | null; readonly cpuSeconds: number }[];
  };
  readonly processes: readonly ProcessInfo[];
  /** Of a web application, most time first. */
  readonly routes: readonly TopRoute[];
  /** Functions or lines, most self time first. */
  readonly rows: readonly TopRow[];
}

/** Threads at the end. */
export interface ThreadCounts {
  readonly all: number;
  readonly running: number;
  /** Not known whether running or waiting. */
  readonly active: number;
  readonly waitingForGil: number;
  readonly waiting: number;
  /** In a known wait for work. */
  readonly idle: number;
}

export interface TopRoute {
  /** Null: requests of which nothing could be read. */
  readonly route: string | null;
  /** That were seen, and of them those that go on. */
  readonly requests: number;
  readonly inFlight: number;
  /** Of those that were seen from their beginning to their end, to half a per cent; null: none was. */
  readonly p50Seconds: number | null;
  readonly p95Seconds: number | null;
  /** As far as it was seen. */
  readonly longestSeconds: number;
  readonly longestIsCut: boolean;
  /** Time of threads with such a request in hand, and the parts of it blocked in the kernel and waiting for the GIL. */
  readonly seconds: number;
  readonly waitingSeconds: number;
  readonly gilWaitingSeconds: number;
}

export interface TopRow {
  readonly name: string;
  /** The file as the table shows it; empty for C functions. */
  readonly location: string;
  readonly file: string;
  /** Null unless rows are lines. */
  readonly line: number | null;
  readonly firstLine: number | null;
  readonly kind: FunctionKind;
  readonly category: Category;
  /** Share with it innermost. */
  readonly self: number;
  /** Share with it anywhere on the stack. */
  readonly total: number;
  readonly selfSeconds: number;
  readonly totalSeconds: number;
  /** The part of `selfSeconds` that was spent blocked in the kernel. */
  readonly waitingSeconds: number;
  readonly samples: number;
}

export function topJson(data: LiveData, state: TopState, about: About): string {
  return `${plainJson(topReport(data, state, about))}\n`;
}

function topReport(data: LiveData, state: TopState, about: About): TopReport {
  const { profile, counts } = data;
  return {
    pid: about.pid,
    command: about.command,
    seconds: data.elapsed / 1e6,
    mode: state.mode,
    gilShare: gilShare(data),
    sampling: sampling(counts, data.rate),
    threads: { ...threadCounts(data), cpuUnknown: unknownNow(data).threads },
    otherThreads: {
      cpuSeconds: data.other.time / 1e6,
      names: data.other.names.map(({ name, time }) => ({ name: name || null, cpuSeconds: time / 1e6 })),
    },
    processes: profile.processes.map(({ pid, parentPid, pythonVersion, commandLine }) => {
      return { pid, parentPid, pythonVersion, commandLine };
    }),
    routes: data.routes.map(topRoute),
    rows: timeRows(data, state).map((row) => {
      const info = profile.functions[row.function];
      return {
        name: row.name,
        location: info
          ? frameLocation(info, row.line, { lines: 'none', fullFileNames: state.fullFileNames })
          : '',
        file: info?.file ?? '',
        line: row.line === 0 ? null : row.line,
        firstLine: info && info.firstLine > 0 ? info.firstLine : null,
        kind: info?.kind ?? 'synthetic',
        category: row.category,
        self: row.self,
        total: row.total,
        selfSeconds: row.selfTime / 1e6,
        totalSeconds: row.totalTime / 1e6,
        waitingSeconds: row.waitingTime / 1e6,
        samples: row.samples,
      };
    }),
  };
}

function topRoute(route: LiveRoute): TopRoute {
  return {
    route: route.name ?? null,
    requests: route.requests,
    inFlight: route.inFlight,
    p50Seconds: route.p50 === undefined ? null : route.p50 / 1e6,
    p95Seconds: route.p95 === undefined ? null : route.p95 / 1e6,
    longestSeconds: route.longest / 1e6,
    longestIsCut: route.isLongestCut,
    seconds: route.time / 1e6,
    waitingSeconds: route.waiting / 1e6,
    gilWaitingSeconds: route.gilWaiting / 1e6,
  };
}

function sampling({ samples, missed, torn, truncated }: SamplingCounts, rate: number) {
  return { samples, rate, missed, torn, truncated };
}

function threadCounts(data: LiveData): ThreadCounts {
  const counts = { all: 0, running: 0, active: 0, waitingForGil: 0, waiting: 0, idle: 0 };
  for (const { state } of threadRows(data)) {
    counts.all++;
    counts[countOf[state]]++;
  }
  return counts;
}

const countOf = {
  running: 'running',
  active: 'active',
  'waiting for the GIL': 'waitingForGil',
  waiting: 'waiting',
  idle: 'idle',
} as const satisfies Record<ThreadState, string>;

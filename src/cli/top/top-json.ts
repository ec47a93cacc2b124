import { framePlace } from '../../analysis/labels.js';
import { plainJson } from '../../analysis/plain-json.js';
import { type About, gilShare } from '../../tui/top/header.js';
import type { SamplingCounts, TopData } from '../../tui/top/live-profile.js';
import { type ThreadState, threadRows, unknownNow } from '../../tui/top/thread-rows.js';
import { timeRows } from '../../tui/top/time-rows.js';
import type { TopState } from '../../tui/top/top-state.js';

/** What `top --json` prints: docs/top-json.md. Fields are added, never renamed. */
export function topJson(data: TopData, state: TopState, about: About): string {
  const { profile, counts } = data;
  const report = {
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
    rows: timeRows(data, state).map((row) => {
      const info = profile.functions[row.function];
      return {
        name: row.name,
        place: info ? framePlace(info, row.line, { lines: 'none', fullFileNames: state.fullFileNames }) : '',
        file: info?.file ?? '',
        line: row.line === 0 ? null : row.line,
        firstLine: info && info.firstLine > 0 ? info.firstLine : null,
        kind: info?.kind ?? 'synthetic',
        category: row.category,
        own: row.own,
        total: row.total,
        ownSeconds: row.ownTime / 1e6,
        totalSeconds: row.totalTime / 1e6,
        waitingSeconds: row.waitingTime / 1e6,
        samples: row.samples,
      };
    }),
  };
  return `${plainJson(report)}\n`;
}

function sampling({ samples, missed, torn, truncated }: SamplingCounts, rate: number) {
  return { samples, rate, missed, torn, truncated };
}

function threadCounts(data: TopData) {
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

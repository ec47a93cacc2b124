import type { ProfileWindow } from '../analysis/profile-windows.js';
import { makeRuns, type Profile, type Runs } from '../model/profile.js';
import type { WindowCollector } from './window-collector.js';

/** What was asked for, and the tables that it refers to. */
export interface Pulled {
  readonly window: ProfileWindow;
  readonly collector: WindowCollector;
}

interface Pull {
  readonly pid: number;
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly until: number;
  readonly runs: Runs;
  process: number;
  /** Of the session that had the process first: another one may begin meanwhile. */
  collector: WindowCollector | undefined;
  readonly done: (pulled: Pulled | undefined) => void;
}

/** Profiles that somebody asked for, of one process each: what is sampled while they are waited for. */
export class Pulls {
  readonly #pulls = new Set<Pull>();

  /** Resolves with what was sampled from now on for so long; `undefined` when nothing was, or nobody waits any more. */
  add(pid: number, seconds: number, signal: AbortSignal, now: number): Promise<Pulled | undefined> {
    return new Promise((resolve) => {
      const done = (pulled: Pulled | undefined) => {
        this.#pulls.delete(pull);
        resolve(pulled);
      };
      const until = now + seconds * 1000;
      const pull: Pull = { pid, from: now, until, runs: makeRuns(), process: -1, collector: undefined, done };
      this.#pulls.add(pull);
      signal.addEventListener('abort', () => done(undefined), { once: true });
    });
  }

  /** Hears of what was sampled up to `moment`, milliseconds since the epoch. */
  hear(collector: WindowCollector, sampled: Runs, moment: number): void {
    for (const pull of this.#pulls) {
      pull.collector ??= collector;
      if (pull.collector === collector) take(pull, collector.profile, sampled);
      const { from, until, process, runs, done } = pull;
      if (moment < until) continue;
      done(process < 0 ? undefined : { window: { from, until, process, runs }, collector: pull.collector });
    }
  }
}

/** Adds the part of the runs that is of the process and the time. */
function take(pull: Pull, { info, threads, processes }: Profile, runs: Runs): void {
  const from = (pull.from - info.startedAt) * 1000;
  const until = (pull.until - info.startedAt) * 1000;
  for (let run = 0; run < runs.stack.length; run++) {
    const process = threads[runs.thread.at(run)]?.process ?? -1;
    if (processes[process]?.pid !== pull.pid) continue;
    const start = Math.max(from, runs.start.at(run));
    const end = Math.min(until, runs.start.at(run) + runs.duration.at(run));
    if (end <= start) continue;
    pull.process = process;
    for (const key of ['thread', 'stack', 'flags', 'context', 'samples'] as const)
      pull.runs[key].push(runs[key].at(run));
    pull.runs.start.push(start);
    pull.runs.duration.push(end - start);
  }
}

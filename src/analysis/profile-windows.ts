import { makeRuns, Profile, type Runs } from '../model/profile.js';
import { addRunPart } from './run-part.js';

/** What one process did in one window. */
export interface ProfileWindow {
  /** Milliseconds since the epoch; the end is not included. */
  readonly from: number;
  readonly until: number;
  /** Index into `Profile.processes`. */
  readonly process: number;
  readonly runs: Runs;
}

/**
 * Runs by process and by windows of equal length that begin at round times of the clock, so that those of many machines
 * are of the same time. A run that goes on beyond a window counts in each for the part within it: windows neither
 * overlap nor leave gaps.
 */
export class ProfileWindows {
  readonly #profile: Profile;
  readonly #length: number;
  /** By number of the window, then by process. */
  readonly #windows = new Map<number, Map<number, Runs>>();

  /** `length`: of a window, milliseconds. The runs refer to the tables of `profile`. */
  constructor(profile: Profile, length: number) {
    this.#profile = profile;
    this.#length = length;
  }

  /** Microseconds of the recording at which a window begins. */
  startOf(window: number): number {
    return (window * this.#length - this.#profile.info.startedAt) * 1000;
  }

  /** The window of a moment, microseconds of the recording. */
  windowAt(time: number): number {
    const window = Math.floor((this.#profile.info.startedAt + time / 1000) / this.#length);
    // A sum of so large and so small numbers is not exact.
    if (time < this.startOf(window)) return window - 1;
    return time < this.startOf(window + 1) ? window : window + 1;
  }

  add(runs: Runs): void {
    for (let run = 0; run < runs.stack.length; run++) {
      const start = runs.start.at(run);
      const end = start + runs.duration.at(run);
      for (let from = start, window = this.windowAt(start); from < end; window++) {
        const to = Math.min(end, this.startOf(window + 1));
        this.#addPart(runs, run, { window, from, to });
        from = to;
      }
    }
  }

  #addPart(
    runs: Runs,
    run: number,
    { window, from, to }: { window: number; from: number; to: number },
  ): void {
    const thread = runs.thread.at(run);
    addRunPart(this.#runsOf(window, this.#profile.threads[thread]?.process ?? -1), runs, run, from, to);
  }

  #runsOf(window: number, process: number): Runs {
    const ofWindow = this.#windows.get(window) ?? new Map<number, Runs>();
    this.#windows.set(window, ofWindow);
    const runs = ofWindow.get(process) ?? makeRuns();
    ofWindow.set(process, runs);
    return runs;
  }

  /** Takes out the windows that ended by `time` (microseconds of the recording), in order. */
  take(time: number): ProfileWindow[] {
    const taken: ProfileWindow[] = [];
    for (const [window, ofWindow] of [...this.#windows].sort(([a], [b]) => a - b)) {
      if (this.startOf(window + 1) > time) continue;
      this.#windows.delete(window);
      const [from, until] = [window * this.#length, (window + 1) * this.#length];
      for (const [process, runs] of ofWindow) taken.push({ from, until, process, runs });
    }
    return taken;
  }
}

/** The profile as if there were only this window. `rate`: samples a second in it. */
export function profileOfWindow(profile: Profile, window: ProfileWindow, rate: number): Profile {
  const { from, until, runs } = window;
  return Object.assign(new Profile(), profile, {
    info: { ...profile.info, startedAt: from, rate },
    duration: (until - from) * 1000,
    runs,
    suspended: { runs: makeRuns(), processes: [] },
    otherThreads: [],
    losses: { missed: 0, retried: 0, torn: 0, truncated: 0 },
  });
}

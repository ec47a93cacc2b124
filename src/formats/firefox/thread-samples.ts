import { isStateKnown } from '../../analysis/run-states.js';
import type { ThreadRuns } from '../../analysis/thread-runs.js';
import { Column } from '../../model/column.js';
import { type Profile, RunFlag } from '../../model/profile.js';
import type { FirefoxSamples } from './firefox-profile.js';
import { tableJson } from './json-table.js';
import { noStack } from './shared-tables.js';

/** A stretch in which a thread ran the collector: microseconds. */
export interface CollectorSpan {
  readonly start: number;
  end: number;
}

/** The samples of one thread. A row holds from its time to that of the next one; times are whole microseconds here. */
export class ThreadSamples {
  readonly collector: CollectorSpan[] = [];
  readonly #time = Column.float64();
  readonly #stack = Column.int32();
  readonly #weight = Column.float64();
  /** NaN: not known. */
  readonly #cpu = Column.float64();
  /** CPU time since the last row, and what rounding took from it. */
  #spent = 0;
  #isCpuKnown = false;

  get start(): number {
    return this.#time.length === 0 ? 0 : this.#time.at(0);
  }

  get end(): number {
    return this.#time.length === 0 ? 0 : this.#time.at(this.#time.length - 1);
  }

  row(time: number, stack: number, weight: number): void {
    this.#time.push(time);
    this.#stack.push(stack);
    this.#weight.push(weight);
    const cpu = Math.round(this.#spent);
    this.#cpu.push(cpu);
    this.#spent = Number.isNaN(cpu) ? 0 : this.#spent - cpu;
  }

  spend(cpu: number, isKnown: boolean): void {
    this.#spent += isKnown ? cpu : Number.NaN;
    this.#isCpuKnown ||= isKnown;
  }

  collects(start: number, end: number): void {
    const last = this.collector.at(-1);
    if (last?.end === start) last.end = end;
    else this.collector.push({ start, end });
  }

  json(): Iterable<string> {
    const [time, stack, weight, cpu] = [this.#time, this.#stack, this.#weight, this.#cpu];
    return tableJson<FirefoxSamples>(
      time.length,
      {
        time: (row) => time.at(row) / 1000,
        stack: (row) => (stack.at(row) === noStack ? 'null' : stack.at(row)),
        weight: (row) => weight.at(row) / 1000,
        ...(this.#isCpuKnown
          ? { threadCPUDelta: (row) => (Number.isNaN(cpu.at(row)) ? 'null' : cpu.at(row)) }
          : {}),
      },
      '"weightType":"tracing-ms",',
    );
  }
}

/** Which stack a view shows for a run. */
export type StackOf = (run: number) => number;

/**
 * Rows for what a view shows of a thread. The viewer draws what is between two samples as the nearer of both, and takes
 * the CPU time of a sample for that since the one before. So a long run is two rows, at its begin and one interval
 * before its end.
 */
export function threadSamples(
  profile: Profile,
  { runs: rows, times, cpus }: ThreadRuns,
  stackOf: StackOf,
): ThreadSamples {
  const { runs, info } = profile;
  const samples = new ThreadSamples();
  const interval = info.rate > 0 ? 1e6 / info.rate : 1000;
  let reached = 0;
  let isFirst = true;
  for (const [index, run] of rows.entries()) {
    const start = runs.start.at(run);
    // Times are rounded, not lengths: no length is lost or counted twice.
    const from = Math.max(Math.round(start), reached);
    const to = Math.max(Math.round(start + times[index]!), from);
    const flags = runs.flags.at(run);
    const isKnown = isStateKnown(flags);
    let cpu = cpus[index]!;
    if (to > from) {
      if (from > reached && !isFirst) samples.row(reached, noStack, 0);
      isFirst = false;
      const stack = stackOf(run);
      const last = to - Math.round(interval);
      if (last - from > interval) {
        samples.row(from, stack, last - from);
        const before = (cpu * (last - from)) / (to - from);
        samples.spend(before, isKnown);
        cpu -= before;
        samples.row(last, stack, to - last);
      } else samples.row(from, stack, to - from);
      if ((flags & RunFlag.collecting) !== 0) samples.collects(from, to);
      reached = to;
    }
    samples.spend(cpu, isKnown);
  }
  samples.row(reached, noStack, 0);
  return samples;
}

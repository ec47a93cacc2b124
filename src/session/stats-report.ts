import type { SamplingStats } from '../sampler/messages.js';

/**
 * What `--stats-json` holds: what was sampled, what was lost, and what sampling cost. Fields are added, never renamed.
 */
export interface StatsReport extends Omit<SamplingStats, 'firstSampleAt'> {
  /** CPU time of the sampling process since it started, user and system. */
  readonly pyglassCpuSeconds: number;
  /** Ticks a second. */
  readonly achievedRate: number;
  /** From the start of the sampling process; null when there was no sample. */
  readonly secondsToFirstSample: number | null;
  /** The most memory that the sampling process had in RAM. */
  readonly peakMemoryBytes: number;
}

/** What sampling did, and what this process has used so far. */
export function statsReport(stats: SamplingStats): StatsReport {
  const { user, system } = process.cpuUsage();
  const { firstSampleAt, ...rest } = stats;
  const startedAt = Date.now() - process.uptime() * 1000;
  return {
    ...rest,
    pyglassCpuSeconds: (user + system) / 1e6,
    achievedRate: stats.wallSeconds > 0 ? stats.ticks / stats.wallSeconds : 0,
    secondsToFirstSample: firstSampleAt > 0 ? (firstSampleAt - startedAt) / 1000 : null,
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  };
}

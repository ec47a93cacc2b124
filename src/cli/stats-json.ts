import { type WriteOptions, writeOutput } from '../disk/write-output.js';
import type { SamplingStats } from '../sampler/messages.js';

/** What `--stats-json` holds. Fields are added, never renamed. */
export async function writeStats(path: string, stats: SamplingStats, options: WriteOptions): Promise<void> {
  const { user, system } = process.cpuUsage();
  const { firstSampleAt, ...rest } = stats;
  const startedAt = Date.now() - process.uptime() * 1000;
  const report = {
    ...rest,
    ownCpuSeconds: (user + system) / 1e6,
    achievedRate: stats.wallSeconds > 0 ? stats.ticks / stats.wallSeconds : 0,
    /** From the start of our own process; null when there was no sample. */
    secondsToFirstSample: firstSampleAt > 0 ? (firstSampleAt - startedAt) / 1000 : null,
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  };
  await writeOutput(path, [`${JSON.stringify(report, undefined, 2)}\n`], options);
}

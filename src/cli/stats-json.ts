import { type WriteOptions, writeOutput } from '../disk/write-output.js';
import type { SamplingStats } from '../sampler/messages.js';
import { statsReport } from '../session/stats-report.js';

export async function writeStats(path: string, stats: SamplingStats, options: WriteOptions): Promise<void> {
  await writeOutput(path, [`${JSON.stringify(statsReport(stats), undefined, 2)}\n`], options);
}

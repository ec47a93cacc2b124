import { functionTable } from '../analysis/function-table.js';
import { formatCount, formatDuration, formatShare, plural } from '../analysis/human-units.js';
import { functionName } from '../analysis/labels.js';
import type { ViewOptions } from '../analysis/view-options.js';
import type { SamplingStats } from '../sampler/messages.js';
import { ProfileSink } from '../session/profile-sink.js';
import { cutToWidth } from '../tui/text-width.js';
import { plainText } from './terminal.js';

/** The line that says how a recording goes. It keeps what was recorded since the line before, and no more. */
export class LiveLine {
  /** Is to get the recording. */
  readonly sink = new ProfileSink();
  readonly #view: ViewOptions;
  #last: SamplingStats | undefined;

  constructor(view: ViewOptions) {
    this.#view = view;
  }

  /** At most `columns` wide. */
  render(stats: SamplingStats, columns: number): string {
    const seconds = stats.wallSeconds - (this.#last?.wallSeconds ?? 0);
    const rate = seconds > 0 ? (stats.ticks - (this.#last?.ticks ?? 0)) / seconds : 0;
    this.#last = stats;
    const missed = stats.missed === 0 ? 'none missed' : `${formatCount(stats.missed)} missed`;
    const parts = [
      formatDuration(stats.wallSeconds * 1e6),
      `${formatCount(rate)} samples/s`,
      plural(stats.threads, 'thread'),
      stats.torn === 0 ? missed : `${missed}, ${formatCount(stats.torn)} torn`,
      this.#busiest(),
    ];
    return cutToWidth(parts.join('  '), columns);
  }

  #busiest(): string {
    const profile = this.sink.profile();
    const { rows, totalTime } = functionTable(profile, this.#view, 1);
    this.sink.forgetRuns();
    const first = rows[0];
    if (!first) return 'idle';
    const info = profile.functions[first.function];
    const name = info ? functionName(info) : first.label;
    return `${plainText(name, 60)} ${formatShare(first.selfTime, totalTime)}`;
  }
}

import { areFreeThreaded } from '../../analysis/free-threaded.js';
import { formatCount, formatDuration, plural } from '../../analysis/human-units.js';
import type { LiveData } from '../../analysis/live/live-profile.js';
import { otherCpuText } from '../../analysis/other-threads.js';
import { unknownCpuText } from '../../analysis/unknown-cpu.js';
import { type Profile, RunFlag } from '../../model/profile.js';
import { fitLine, type Line, type Span, span, twoEnds } from '../line.js';
import { plainText } from '../plain-text.js';
import type { Body } from './body.js';
import { shortCommand } from './short-command.js';
import { countStates, threadRows, unknownNow } from './thread-rows.js';
import type { TopState } from './top-state.js';

/** What is sampled. */
export interface About {
  /** The command line that was asked for, from outside. */
  readonly command: string;
  readonly pid: number;
}

/** What is sampled and how that goes: three lines. */
export function headerLines(data: LiveData, about: About, width: number): Line[] {
  const rows = threadRows(data);
  const processes = data.profile.processes.length;
  const other = otherCpuText(data.other);
  const ids = [`process ${about.pid}`, pythonVersions(data.profile)].filter((part) => part !== '');
  return [
    twoEnds([span(plainText(shortCommand(about.command)), 'bold')], [span(ids.join(', '), 'dim')], width),
    twoEnds(
      joined([
        [span(`${plural(data.counts.samples, 'sample')}`)],
        [span(`${formatCount(data.rate)}/s`)],
        [span(gilText(data))],
        lossSpans(data),
      ]),
      [span(formatDuration(data.elapsed), 'dim')],
      width,
    ),
    fitLine(
      joined([
        [span(rows.length === 0 ? 'no threads' : `${plural(rows.length, 'thread')}: ${countStates(rows)}`)],
        processes > 1 ? [span(plural(processes, 'process', 'processes'))] : [],
        other === '' ? [] : [span(other)],
      ]),
      width,
    ),
  ];
}

function gilText(data: LiveData): string {
  const share = gilShare(data);
  return share === 0 && areFreeThreaded(data.profile) ? 'no GIL' : `GIL ${(share * 100).toFixed(0)}%`;
}

/** Of the last few seconds, the part (0 to 1) in which any thread held the GIL. */
export function gilShare({ window, windowTime }: LiveData): number {
  let held = 0;
  for (let run = 0; run < window.stack.length; run++)
    if ((window.flags.at(run) & RunFlag.holdsGil) !== 0) held += window.duration.at(run);
  return windowTime > 0 ? Math.min(1, held / windowTime) : 0;
}

/** Losses of more than this part of all ticks or samples make the picture uncertain. */
const uncertain = 0.02;

function lossSpans({ counts }: LiveData): Span[] {
  const { missed, torn, truncated, ticks, samples } = counts;
  const parts = [
    missed > 0 ? `${formatCount(missed)} missed` : '',
    torn > 0 ? `${formatCount(torn)} torn` : '',
    truncated > 0 ? `${formatCount(truncated)} cut` : '',
  ].filter((part) => part !== '');
  const isUncertain = missed > (ticks + missed) * uncertain || torn > samples * uncertain;
  return parts.length === 0
    ? [span('none missed', 'dim')]
    : [span(parts.join(', '), isUncertain ? 'warning' : 'plain')];
}

function pythonVersions({ processes }: Profile): string {
  const versions = [...new Set(processes.map(({ pythonVersion }) => pythonVersion))].filter(
    (one) => one !== '',
  );
  return versions.length === 0 ? '' : plainText(`Python ${versions.join(', ')}`, 60);
}

const modeNames: Readonly<Record<TopState['mode'], string>> = {
  wall: 'wall time',
  cpu: 'CPU time',
  gil: 'GIL held',
  'gil-wait': 'waiting for the GIL',
};
const shownNames: Readonly<Record<TopState['shown'], string>> = {
  functions: 'Functions',
  lines: 'Lines',
  tree: 'Calls',
  threads: 'Threads now',
  routes: 'Routes since the start or reset',
};

/** What is shown of it: one line. */
export function shownLine(data: LiveData, state: TopState, { count, unfiltered }: Body, width: number): Line {
  const threads = state.shown === 'threads';
  const routes = state.shown === 'routes';
  const unknown = state.mode === 'cpu' && !threads ? unknownCpuText(unknownNow(data)) : '';
  const parts: Span[][] = [
    [span(shownNames[state.shown])],
    threads || routes ? [] : [span(modeNames[state.mode], state.mode === 'wall' ? 'dim' : 'good')],
    unknown === '' ? [] : [span(unknown, 'warning')],
    state.applicationOnly ? [span('application only', 'good')] : [],
    state.label?.value === undefined
      ? []
      : [span(plainText(`${state.label.key}=${state.label.value}`, 40), 'good')],
    state.route === undefined ? [] : [span(plainText(state.route, 40), 'good')],
    state.idle ? [span('idle threads included', 'good')] : [],
    state.filter === ''
      ? []
      : [
          span(`“${plainText(state.filter, 40)}”`, 'good'),
          span(threads ? '' : ` ${formatCount(count)} of ${formatCount(unfiltered)}`, 'dim'),
        ],
  ];
  const right = state.paused ? [span('PAUSED', 'warning')] : [];
  return twoEnds(joined(parts), right, width);
}

/** Parts that are not empty, with space between them. */
function joined(parts: readonly (readonly Span[])[]): Span[] {
  return parts
    .filter((part) => part.length > 0)
    .flatMap((part, index) => (index === 0 ? part : [span('   '), ...part]));
}

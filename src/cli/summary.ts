import { childrenLines } from '../analysis/children-lines.js';
import { functionTable } from '../analysis/function-table.js';
import { formatCount, formatDuration, formatShare, plural } from '../analysis/human-units.js';
import { whyNothing } from '../analysis/nothing-shown.js';
import { wholeOfRuns } from '../analysis/sample-weights.js';
import { summarize } from '../analysis/summary.js';
import { taskSentence, threadsText } from '../analysis/task-rows.js';
import { unknownCpu, unknownCpuText } from '../analysis/unknown-cpu.js';
import type { ViewOptions } from '../analysis/view-options.js';
import { routeSentences } from '../formats/routes/route-sentences.js';
import { applicationSentence } from '../formats/summary/application-sentence.js';
import type { Profile } from '../model/profile.js';
import { plainText } from './terminal.js';

/** What was recorded in one line, and the hottest functions, so that many need not open the file. */
export function summaryLines(profile: Profile, view: ViewOptions): string[] {
  const { losses } = profile;
  const { samples } = wholeOfRuns(profile.runs);
  const parts = [
    `${plural(samples, 'sample')} of ${threadsText(profile)}`,
    ...(profile.processes.length > 1
      ? [`in ${plural(profile.processes.length, 'process', 'processes')}`]
      : []),
    `over ${formatDuration(profile.duration)}`,
  ];
  const lost = [
    losses.missed > 0 ? `${formatCount(losses.missed)} missed` : '',
    losses.torn > 0 ? `${formatCount(losses.torn)} torn` : '',
    losses.unreadTasks > 0 ? `${plural(losses.unreadTasks, 'look')} at a task in vain` : '',
    losses.truncated > 0 ? `${formatCount(losses.truncated)} cut at the deepest frame` : '',
    profile.damagedBlocks > 0 ? `${plural(profile.damagedBlocks, 'damaged block')} passed over` : '',
  ].filter((part) => part !== '');
  const line = `${parts.join(' ')}${lost.length > 0 ? ` (${lost.join(', ')})` : ''}`;
  const children = childrenLines(profile.children).map((text) => plainText(text, 300));
  const ends = [
    ...unknownLine(profile, view),
    ...applicationLine(profile, view),
    ...taskLine(profile, view),
    ...children,
  ];
  return [line, ...routeLines(profile, view), ...hottestLines(profile, view), ...ends];
}

/** Where the table of CPU times leaves threads out. When there is none, `whyNothing` says so. */
function unknownLine(profile: Profile, view: ViewOptions): string[] {
  if (view.mode !== 'cpu' || functionTable(profile, view, 1).totalTime === 0) return [];
  const unknown = unknownCpuText(unknownCpu(profile));
  return unknown === '' ? [] : [`${unknown}.`];
}

/** They are about all time; other modes show a part of it. */
function routeLines(profile: Profile, view: ViewOptions): string[] {
  return view.mode === 'wall' ? routeSentences(profile, view) : [];
}

function applicationLine(profile: Profile, view: ViewOptions): string[] {
  // The sentence is about all time; other modes show a part of it.
  const sentence =
    view.mode === 'wall' ? applicationSentence(profile, view, summarize(profile, view)) : undefined;
  return sentence === undefined ? [] : [sentence];
}

function taskLine(profile: Profile, view: ViewOptions): string[] {
  const sentence = view.mode === 'wall' ? taskSentence(profile, view) : undefined;
  return sentence === undefined ? [] : [sentence];
}

function hottestLines(profile: Profile, view: ViewOptions): string[] {
  const { rows, totalTime } = functionTable(profile, view, 3);
  if (totalTime === 0) return whyNothing(profile, view);
  const share = (time: number) => formatShare(time, totalTime).padStart(7);
  return [
    '   self   total',
    ...rows.map(({ label, selfTime, totalTime: total }) => {
      return `${share(selfTime)} ${share(total)}  ${plainText(label)}`;
    }),
  ];
}

// A recording as text and short tables, for people: to standard output, in a mail, in a ticket.
import { blockedLoops } from '../../analysis/blocked-loops.js';
import { childrenLines } from '../../analysis/children-lines.js';
import { formatCpuShare, formatDuration, formatShare } from '../../analysis/human-units.js';
import { frameLocation, functionName } from '../../analysis/labels.js';
import { whyNothing } from '../../analysis/nothing-shown.js';
import { otherCpu, otherCpuText } from '../../analysis/other-threads.js';
import { nameOf, type Summary, summarize } from '../../analysis/summary.js';
import { taskSentence } from '../../analysis/task-rows.js';
import { unknownCpu, unknownCpuText } from '../../analysis/unknown-cpu.js';
import type { ViewOptions } from '../../analysis/view-options.js';
import type { Profile } from '../../model/profile.js';
import { pictureTitle, recordingFacts } from '../flamegraph/headline.js';
import { visibleText } from '../flamegraph/safe-text.js';
import type { OutputFormat } from '../output-format.js';
import { routeSentences } from '../routes/route-sentences.js';
import { applicationSentence } from './application-sentence.js';
import { blockedLoopSentence } from './blocked-loop-sentence.js';

export const summaryText: OutputFormat = {
  id: 'summary',
  title: 'Summary',
  extensions: ['.summary.txt'],
  mediaType: 'text/plain; charset=utf-8',
  description: 'a text summary: busiest functions, longest waits, lines to look at',
  write: writeSummary,
};

/** Rows of a table, and the smallest part of the whole that is worth one. */
const rows = 5;
const worthTelling = 0.01;

function* writeSummary(profile: Profile, view: ViewOptions): Iterable<string> {
  const summary = summarize(profile, view);
  const { time } = summary;
  yield `${pictureTitle(profile)}\n${recordingFacts(profile).join(' · ')}\n\n`;
  if (time.shown === 0) {
    const [heading, ...why] = whyNothing(profile, { ...view, mode: 'wall' });
    yield `${heading}.\n${why.join('\n')}\n`;
    for (const line of childrenLines(profile.children)) yield `${visibleText(line)}\n`;
    return;
  }
  const sentences = routeSentences(profile, view);
  for (const line of sentences) yield `${line}\n`;
  if (sentences.length > 0) yield '\n';
  yield `${whatThreadsDid(summary)}\n`;
  const tasks = taskSentence(profile, view);
  if (tasks !== undefined) yield `${tasks}\n`;
  for (const line of cpuLines(profile, summary)) yield `${line}\n`;
  const sentence = applicationSentence(profile, view, summary);
  if (sentence !== undefined) yield `${sentence}\n`;
  const blocked = blockedLoopSentence(profile, view, blockedLoops(profile, view));
  if (blocked !== undefined) yield `${blocked}\n`;
  for (const line of childrenLines(profile.children)) yield `${visibleText(line)}\n`;
  const label = (fn: number) => labelOf(profile, fn, view);
  yield* busiest(summary);
  yield* section('Lines to look at', [
    ...table(summary.lines, time.shown, (line) => {
      const waits = line.waiting * 2 >= line.time ? ', waiting' : '';
      const fn = profile.functions[line.function]!;
      const location = frameLocation(fn, line.line, { ...view, lines: 'current' });
      return [
        formatDuration(line.time),
        `${visibleText(location)}  ${visibleText(functionName(fn))}${waits}`,
      ];
    }),
  ]);
  yield* section('Longest waits', [
    ...table(summary.waits, time.shown, (wait) => {
      const what = wait.in === wait.function ? '' : ` in ${visibleText(nameOf(profile, wait.in))}`;
      return [
        formatDuration(wait.time),
        `${label(wait.function)}${what}${wait.longest > 0 ? `, longest ${formatDuration(wait.longest)}` : ''}`,
      ];
    }),
  ]);
  if (time.gilWaiting >= time.shown * worthTelling) {
    yield `\nWaiting for the GIL: ${formatDuration(time.gilWaiting)}, ${formatShare(time.gilWaiting, time.shown)} of the time shown\n`;
    const holders = table(summary.gilHolders, time.gilWaiting, (holder) => [
      formatDuration(holder.time),
      `held by ${label(holder.function)}`,
    ]);
    for (const line of holders) yield `${line}\n`;
  }
  if (time.collecting > 0)
    yield `\nThe garbage collector: ${formatDuration(time.collecting)}, ${formatShare(time.collecting, time.shown)} of the time shown\n`;

  function* busiest({ busiest: { rows, totalTime }, statesKnown }: Summary): Iterable<string> {
    const title = statesKnown
      ? `Busiest functions, of ${formatDuration(totalTime)} on a CPU`
      : 'Hottest functions';
    yield* section(title, [
      ...table(
        rows.filter(({ selfTime }) => selfTime > 0).map((fn) => ({ ...fn, time: fn.selfTime })),
        totalTime,
        (fn) => [formatDuration(fn.time), fn.function < 0 ? fn.label : label(fn.function)],
      ),
    ]);
  }
}

export function whatThreadsDid({ statesKnown, time }: Summary): string {
  const shown = `${formatDuration(time.shown)} in busy threads`;
  if (!statesKnown)
    return `${shown}. Whether they ran or waited is not known: the recording has no thread states.`;
  const share = (part: number) => formatShare(part, time.shown);
  const unknown = time.unknown < time.shown * worthTelling ? '' : `, ${share(time.unknown)} not known`;
  return `${shown}: ${formatCpuShare(time.cpu, time.shown)} on a CPU, ${share(time.waiting)} waiting${unknown}.`;
}

/** What the shares of CPU time leave out. */
function cpuLines(profile: Profile, { statesKnown }: Summary): string[] {
  const unknown = statesKnown ? unknownCpuText(unknownCpu(profile)) : '';
  return [otherCpuText(otherCpu(profile)), unknown === '' ? '' : `${unknown}.`].filter((line) => line !== '');
}

function* section(title: string, lines: readonly string[]): Iterable<string> {
  if (lines.length === 0) return;
  yield `\n${title}\n`;
  for (const line of lines) yield `${line}\n`;
}

/** The first few entries that are worth telling: `  62.5%   1.20 s  what`. */
function* table<T extends { readonly time: number }>(
  entries: readonly T[],
  whole: number,
  entryTexts: (entry: T) => readonly [string, string],
): Iterable<string> {
  for (const entry of entries.slice(0, rows)) {
    if (entry.time < whole * worthTelling) return;
    const [time, what] = entryTexts(entry);
    yield `${formatShare(entry.time, whole).padStart(7)} ${time.padStart(8)}  ${what}`;
  }
}

function labelOf(profile: Profile, fn: number, view: ViewOptions): string {
  const info = profile.functions[fn];
  const location = info === undefined ? '' : frameLocation(info, 0, { ...view, lines: 'function' });
  return visibleText(location === '' ? nameOf(profile, fn) : `${nameOf(profile, fn)} (${location})`);
}

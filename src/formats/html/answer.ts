// What a recording says first, as sentences, each with what it is known by.
import { blockedLoops } from '../../analysis/blocked-loops.js';
import { childrenLines } from '../../analysis/children-lines.js';
import { type FunctionTable, functionTablePieces } from '../../analysis/function-table.js';
import { formatDuration, formatShare } from '../../analysis/human-units.js';
import { frameLocation, functionName } from '../../analysis/labels.js';
import { whyNothing } from '../../analysis/nothing-shown.js';
import { otherCpu, otherCpuText } from '../../analysis/other-threads.js';
import { type Route, routePieces } from '../../analysis/routes.js';
import { atOnce } from '../../analysis/sample-weights.js';
import {
  gilHolderPieces,
  modeOfBusiest,
  nameOf,
  type Summary,
  summaryPieces,
} from '../../analysis/summary.js';
import { unknownCpuPieces, unknownCpuText } from '../../analysis/unknown-cpu.js';
import type { ViewOptions } from '../../analysis/view-options.js';
import { visibleText } from '../../analysis/visible-text.js';
import type { Profile, Runs } from '../../model/profile.js';
import { routeSentences } from '../routes/route-sentences.js';
import { applicationSentence } from '../summary/application-sentence.js';
import { blockedLoopSentence } from '../summary/blocked-loop-sentence.js';
import { whatThreadsDid } from '../summary/summary-text.js';

/** Where a page shows what a sentence says: a function (index into `Profile.functions`), or routes. */
export type Evidence =
  | { readonly kind: 'function'; readonly function: number }
  | { readonly kind: 'routes'; readonly route: string | undefined };

export interface Sentence {
  readonly text: string;
  /** A second line of it, smaller. */
  readonly detail?: string | undefined;
  readonly evidence?: Evidence | undefined;
}

export interface Answer {
  /** When the view shows nothing: a heading and why. */
  readonly nothing: readonly string[] | undefined;
  /** What is most worth knowing, first. */
  readonly sentences: readonly Sentence[];
  /** What the numbers leave out. */
  readonly notes: readonly string[];
  /** See `Summary`. */
  readonly statesKnown: boolean;
  readonly time: Summary['time'];
  /** The function of application code with most time, an index into `Profile.functions`; -1: none. */
  readonly hottest: number;
}

/** The smallest part of the whole that is worth a sentence. */
const worthASentence = 0.05;

/** The mode of the view makes no difference. `runs`: as `summarize` takes them. */
export function answerOf(profile: Profile, view: ViewOptions, runs: Runs = profile.runs): Answer {
  return atOnce(answerPieces(profile, view, runs));
}

/** The same in pieces, with a yield after each. */
export function* answerPieces(
  profile: Profile,
  view: ViewOptions,
  runs: Runs = profile.runs,
): Generator<void, Answer, void> {
  const summary = yield* summaryPieces(profile, view, runs);
  const { time, statesKnown } = summary;
  const hottest = summary.applicationFunctions[0]?.function ?? -1;
  const whole = { time, statesKnown, hottest };
  const notes = [
    otherCpuText(otherCpu(profile)),
    ...childrenLines(profile.children).map((line) => visibleText(line)),
  ];
  if (time.shown === 0) {
    const nothing = whyNothing(profile, { ...view, mode: 'wall' });
    return { nothing, sentences: [], notes: notes.filter(Boolean), ...whole };
  }
  const unknown = statesKnown ? unknownCpuText(yield* unknownCpuPieces(profile)) : '';
  if (unknown !== '') notes.push(`${unknown}.`);
  const isForGil = time.gilWaiting >= time.shown * worthASentence;
  const holders = isForGil ? yield* gilHolderPieces(profile, view) : [];
  yield;
  const mode = modeOfBusiest(statesKnown);
  const busiest = yield* functionTablePieces(profile, { ...view, mode }, 1, runs);
  const routes = yield* routePieces(profile, { ...view, mode: 'wall' });
  const ofSummary = [
    { text: whatThreadsDid(summary) },
    ...(isForGil ? ofGil(profile, time, holders) : []),
    ...ofBusiest(profile, view, busiest, statesKnown),
    ...ofLines(profile, view, summary),
  ];
  yield;
  return {
    ...{ nothing: undefined, ...whole },
    sentences: [
      ...ofRoutes(profile, view, routes),
      ...ofApplication(profile, view, summary),
      ...ofLoops(profile, view),
      ...ofSummary,
    ],
    notes: notes.filter(Boolean),
  };
}

function ofRoutes(profile: Profile, view: ViewOptions, routes: readonly Route[]): Sentence[] {
  // Two lines each, in the order of the routes.
  const lines = routeSentences(profile, view, routes);
  return lines.flatMap((text, at) =>
    at % 2 === 0
      ? [
          {
            text,
            detail: lines[at + 1]?.trim(),
            evidence: { kind: 'routes' as const, route: routes[at / 2]?.name },
          },
        ]
      : [],
  );
}

function ofApplication(profile: Profile, view: ViewOptions, summary: Summary): Sentence[] {
  const text = applicationSentence(profile, view, summary);
  const [hottest] = summary.applicationFunctions;
  if (text === undefined || hottest === undefined) return [];
  return [{ text: `${text}.`, evidence: { kind: 'function', function: hottest.function } }];
}

function ofLoops(profile: Profile, view: ViewOptions): Sentence[] {
  const blocked = blockedLoops(profile, view);
  const text = blockedLoopSentence(profile, view, blocked);
  const cause = blocked.causes[0]?.function ?? -1;
  if (text === undefined) return [];
  return [{ text, ...(cause < 0 ? {} : { evidence: { kind: 'function', function: cause } }) }];
}

function ofGil(profile: Profile, time: Summary['time'], [holder]: Summary['gilHolders']): Sentence[] {
  const share = formatShare(time.gilWaiting, time.shown);
  const waits = `Waiting for the GIL: ${formatDuration(time.gilWaiting)}, ${share} of the time shown`;
  if (holder === undefined || holder.function < 0) return [{ text: `${waits}.` }];
  const held = `${formatShare(holder.time, time.gilWaiting)} of it while ${visibleText(nameOf(profile, holder.function), 120)} held it`;
  return [{ text: `${waits}; ${held}.`, evidence: { kind: 'function', function: holder.function } }];
}

function ofBusiest(
  profile: Profile,
  view: ViewOptions,
  busiest: FunctionTable,
  statesKnown: boolean,
): Sentence[] {
  const [first] = busiest.rows;
  const fn = first && profile.functions[first.function];
  if (!first || !fn || first.selfTime < busiest.totalTime * worthASentence) return [];
  const location = frameLocation(fn, 0, { ...view, lines: 'function' });
  const name = visibleText(location === '' ? functionName(fn) : `${functionName(fn)} (${location})`, 160);
  const share = formatShare(first.selfTime, busiest.totalTime);
  const text = statesKnown
    ? `Busiest on a CPU: ${name}, ${share} of ${formatDuration(busiest.totalTime)}.`
    : `Most self time: ${name}, ${share}.`;
  return [{ text, evidence: { kind: 'function', function: first.function } }];
}

function ofLines(profile: Profile, view: ViewOptions, { lines, time }: Summary): Sentence[] {
  const [line] = lines;
  const fn = line && profile.functions[line.function];
  if (!line || !fn || line.time < time.shown * worthASentence) return [];
  const location = visibleText(frameLocation(fn, line.line, { ...view, lines: 'current' }), 160);
  const waits = line.waiting * 2 >= line.time ? ', mostly waiting' : '';
  return [
    {
      text: `Line to look at: ${location} in ${visibleText(functionName(fn), 120)}, ${formatShare(line.time, time.shown)} of the time shown${waits}.`,
      evidence: { kind: 'function', function: line.function },
    },
  ];
}

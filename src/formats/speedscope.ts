// https://www.speedscope.app/file-format-schema.json: one `sampled` profile per thread, on the recording's clock.
// Weights are the time that really passed; what a view leaves out, and where a thread was not seen, is an empty stack.
// A thread that served requests has a second profile, in which its routes are the frames.
// The app colours frames by name alone, so time that waited is a frame of its own: `<waiting>` below what waited.
import { type LabelValues, labelValues } from '../analysis/context-values.js';
import { contextLabel, fileName, functionName, shownLine, threadLabel } from '../analysis/labels.js';
import { lineJson } from '../analysis/plain-json.js';
import { requestsOfContexts } from '../analysis/requests.js';
import {
  leafOf,
  leafStateOfLeaf,
  leafStateOrWaitingOf,
  leafStates,
  stackOfLeaf,
} from '../analysis/run-states.js';
import { eachWeight } from '../analysis/sample-weights.js';
import { walkStack } from '../analysis/stack-walk.js';
import type { ViewOptions } from '../analysis/view-options.js';
import { routeContext } from '../model/context.js';
import { PairTable } from '../model/pair-table.js';
import { emptyStack, type Profile } from '../model/profile.js';
import type { OutputFormat } from './output-format.js';

export const speedscope: OutputFormat = {
  id: 'speedscope',
  title: 'speedscope',
  extensions: ['.speedscope.json', '.json'],
  mediaType: 'application/json',
  description: 'every thread over time, for https://www.speedscope.app',
  write: writeSpeedscope,
};

/** The file, as far as it is written here. Times are microseconds since the recording began. */
export interface SpeedscopeFile {
  readonly $schema: 'https://www.speedscope.app/file-format-schema.json';
  readonly exporter: string;
  readonly name: string;
  /** The busiest thread, an index into `profiles`. */
  readonly activeProfileIndex: number;
  readonly shared: { readonly frames: readonly SpeedscopeFrame[] };
  readonly profiles: readonly SpeedscopeProfile[];
}

export interface SpeedscopeFrame {
  readonly name: string;
  readonly file?: string;
  readonly line?: number;
}

/** A thread, or the requests of one. */
export interface SpeedscopeProfile {
  readonly type: 'sampled';
  readonly name: string;
  readonly unit: 'microseconds';
  readonly startValue: 0;
  readonly endValue: number;
  /** Stacks of indexes into `frames`, outermost first, one after another in time without a gap. */
  readonly samples: readonly (readonly number[])[];
  /** How long each of them was seen. */
  readonly weights: readonly number[];
}

type Head = Omit<SpeedscopeFile, 'shared' | 'profiles'>;
type ThreadHead = Omit<SpeedscopeProfile, 'samples' | 'weights'>;

/** An object that goes on: the other members follow. */
function opened(head: Head | ThreadHead): string {
  return lineJson(head).slice(0, -1);
}

function threadHead(name: string, end: number): ThreadHead {
  return { type: 'sampled', name, unit: 'microseconds', startValue: 0, endValue: end };
}

function* writeSpeedscope(profile: Profile, view: ViewOptions): Iterable<string> {
  const labels = view.label ? labelValues(profile, view.label.key) : undefined;
  const requests = requestsOfContexts(profile).count === 0 ? undefined : labelValues(profile, routeContext);
  const threads = spansByThread(profile, view, labels, requests);
  const labelRoots = labels?.values.map((value) => contextLabel(view.label!.key, value)) ?? [];
  const roots = [...labelRoots, ...(requests?.values.map((value) => value ?? '') ?? [])];
  const frames = numberFrames(profile, view, roots);
  const end = Math.round(threads.reduce((latest, spans) => Math.max(latest, spans.end), profile.duration));
  const shown = threads.filter((spans) => spans.runs.length > 0);
  const busiest = shown.reduce(
    (best, spans, index) => (spans.time > (shown[best]?.time ?? 0) ? index : best),
    0,
  );
  yield opened({
    $schema: 'https://www.speedscope.app/file-format-schema.json',
    exporter: `pyglass@${profile.info.writer}`,
    name: profile.info.title,
    activeProfileIndex: busiest,
  });

  yield ',"shared":{"frames":[';
  for (const [index, frame] of frames.list.entries()) yield `${index === 0 ? '' : ',\n'}${lineJson(frame)}`;
  yield ']},"profiles":[';
  if (shown.length === 0) {
    // The app refuses a file without a profile.
    yield `${opened(threadHead('nothing was sampled', end))},"samples":[[]],"weights":[${end}]}`;
  }
  const texts = new StackTexts(profile, frames);
  for (const [index, spans] of shown.entries()) {
    yield index === 0 ? '\n' : ',\n';
    yield* writeThread(profile, spans, end, threadName(profile, spans.thread, view), texts);
  }
  for (const spans of shown) {
    if (spans.routes.every((route) => route < 0)) continue;
    const name = threadName(profile, spans.thread, view);
    yield ',\n';
    yield* writeThread(profile, lane(spans, labelRoots.length), end, `requests of ${name}`, texts);
  }
  yield ']}\n';
}

interface ThreadSpans {
  readonly thread: number;
  /**
   * The runs that the view shows, in order of time, the leaf of each, the value of its label, and how much of its time
   * is shown.
   */
  readonly runs: number[];
  readonly leaves: number[];
  readonly roots: number[];
  /** The numbers of the routes of their requests, -1 for none. */
  readonly routes: number[];
  readonly times: number[];
  end: number;
  time: number;
}

/** The same with nothing but the route of the request in hand. `roots`: frames before those of routes. */
function lane(spans: ThreadSpans, roots: number): ThreadSpans {
  return {
    ...spans,
    leaves: spans.leaves.map(() => nothing),
    roots: spans.routes.map((route) => (route < 0 ? -1 : roots + route)),
  };
}

function spansByThread(
  profile: Profile,
  view: ViewOptions,
  labels: LabelValues | undefined,
  routes: LabelValues | undefined,
): ThreadSpans[] {
  const requests = requestsOfContexts(profile);
  const { thread, start, duration } = profile.runs;
  const spans = profile.threads.map(
    (_, index): ThreadSpans => ({
      ...{ thread: index, runs: [], leaves: [], roots: [], routes: [], times: [] },
      ...{ end: 0, time: 0 },
    }),
  );
  for (let run = 0; run < thread.length; run++) {
    const of = spans[thread.at(run)];
    if (of !== undefined) of.end = Math.max(of.end, start.at(run) + duration.at(run));
  }
  eachWeight(profile, view, profile.runs, ({ run, thread, stack, flags, context, time }) => {
    const of = spans[thread];
    if (of === undefined) return;
    of.runs.push(run);
    of.leaves.push(leafOf(stack, leafStateOrWaitingOf(flags, view.mode)));
    of.roots.push(labels ? labels.numberOf(context) : -1);
    of.routes.push(routes && requests.numberOf(context) >= 0 ? routes.numberOf(context) : -1);
    of.times.push(time);
    of.time += time;
  });
  return spans;
}

function* writeThread(
  profile: Profile,
  spans: ThreadSpans,
  end: number,
  name: string,
  texts: StackTexts,
): Iterable<string> {
  yield `${opened(threadHead(name, end))},"samples":[`;
  const weights: number[] = [];
  for (const span of withoutGaps(profile, spans, end)) {
    yield `${weights.length === 0 ? '' : ','}[${texts.of(span)}]`;
    weights.push(span.weight);
  }
  yield '],"weights":[';
  for (let from = 0; from < weights.length; from += 4096) {
    yield `${from === 0 ? '' : ','}${weights.slice(from, from + 4096).join(',')}`;
  }
  yield ']}';
}

/**
 * Runs and the gaps between them as stretches that cover 0 to `end` without overlap. Boundaries are rounded, not
 * lengths, so that whole microseconds add up to the end exactly. Equal neighbours are one.
 */
function* withoutGaps(
  profile: Profile,
  { runs, leaves, roots, times }: ThreadSpans,
  end: number,
): Iterable<Span> {
  const { start } = profile.runs;
  let at = 0;
  let open = { leaf: nothing, root: -1, weight: 0 };
  for (const [from, to, leaf, root] of stretches()) {
    const until = Math.max(Math.round(to), Math.round(from), at);
    const weight = until - at;
    at = until;
    if (leaf === open.leaf && root === open.root) open.weight += weight;
    else if (weight > 0) {
      if (open.weight > 0) yield open;
      open = { leaf, root, weight };
    }
  }
  if (open.weight > 0) yield open;

  function* stretches(): Iterable<[from: number, to: number, leaf: number, root: number]> {
    let reached = 0;
    for (const [index, run] of runs.entries()) {
      yield [reached, start.at(run), nothing, -1];
      // The part of a run that is not shown comes as a gap after the part that is.
      reached = start.at(run) + times[index]!;
      yield [start.at(run), reached, leaves[index]!, roots[index]!];
    }
    yield [reached, end, nothing, -1];
  }
}

const nothing = leafOf(emptyStack, -1);

/** A stretch of time: the leaf of its stack, the value of its label (-1 for none), and microseconds. */
interface Span {
  readonly leaf: number;
  readonly root: number;
  readonly weight: number;
}

/**
 * Characters of texts that are kept: those of 100,000 stacks of 20 frames. More are forgotten and made again, so that
 * stacks of which none comes twice take no more memory.
 */
const mostKept = 8 << 20;

/** Stacks as the file has them: numbers of frames, outermost first. Most come again and again, so texts are kept. */
class StackTexts {
  readonly #profile: Profile;
  readonly #frames: NumberedFrames;
  readonly #kept = new Map<number, string>();
  #keptCharacters = 0;

  constructor(profile: Profile, frames: NumberedFrames) {
    this.#profile = profile;
    this.#frames = frames;
  }

  of({ leaf, root }: Span): string {
    const text = this.#kept.get(leaf) ?? this.#keep(leaf);
    if (root < 0) return text;
    return text === '' ? `${this.#frames.roots[root]}` : `${this.#frames.roots[root]},${text}`;
  }

  #keep(leaf: number): string {
    const text = this.#make(leaf);
    if (this.#keptCharacters > mostKept) {
      this.#kept.clear();
      this.#keptCharacters = 0;
    }
    this.#kept.set(leaf, text);
    this.#keptCharacters += text.length;
    return text;
  }

  #make(leaf: number): string {
    const { frames, stacks } = this.#profile;
    const { numbers } = this.#frames;
    const state = leafStateOfLeaf(leaf);
    const stack = state < 0 ? [] : [numbers[frames.function.length + state]!];
    walkStack(this.#profile, stackOfLeaf(leaf), (at) => {
      stack.push(numbers[stacks.frame.at(at)]!);
      return true;
    });
    return stack.reverse().join(',');
  }
}

/** Frames as the file lists them. */
interface NumberedFrames {
  readonly list: readonly SpeedscopeFrame[];
  /** Of each frame of the profile, and then of each leaf state, its index in the list. */
  readonly numbers: readonly number[];
  /** The same of root frames. */
  readonly roots: readonly number[];
}

/** Frames of the profile, leaf states and root frames of these names, each in the list once. */
function numberFrames(profile: Profile, view: ViewOptions, rootNames: readonly string[]): NumberedFrames {
  const list: SpeedscopeFrame[] = [];
  const texts = new Map<string, number>();
  const named = new PairTable();
  const placed = new PairTable();
  const numbers: number[] = [];
  for (let frame = 0; frame < profile.frames.function.length; frame++) {
    const fn = profile.functions[profile.frames.function.at(frame)];
    const file = fn === undefined ? '' : fileName(fn, view);
    const line = fn === undefined ? 0 : shownLine(fn, profile.frames.line.at(frame), view);
    const entry = {
      name: fn === undefined ? '<unknown function>' : functionName(fn),
      ...(file === '' ? {} : { file }),
      ...(line === 0 ? {} : { line }),
    };
    add(entry);
  }
  for (const name of leafStates) add({ name });
  const roots = rootNames.map((name) => add({ name }));
  return { list, numbers, roots };

  function add(entry: (typeof list)[number]): number {
    const name = named.intern(textNumber(entry.name), textNumber(entry.file ?? ''));
    const number = placed.intern(name, entry.line ?? 0);
    if (number === list.length) list.push(entry);
    numbers.push(number);
    return number;
  }

  function textNumber(text: string): number {
    const number = texts.get(text) ?? texts.size;
    texts.set(text, number);
    return number;
  }
}

function threadName(profile: Profile, index: number, view: ViewOptions): string {
  const thread = profile.threads[index]!;
  const process = profile.processes[thread.process];
  if (process === undefined || (profile.processes.length < 2 && !view.processes)) return threadLabel(thread);
  return `process ${process.pid}: ${threadLabel(thread)}`;
}

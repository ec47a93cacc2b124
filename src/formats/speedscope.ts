// https://www.speedscope.app/file-format-schema.json: one `sampled` profile per thread, on the recording's clock.
// Weights are the time that really passed; what a view leaves out, and where a thread was not seen, is an empty stack.
// The app colours frames by name alone, so time that waited is a frame of its own: `<waiting>` below what waited.
import { fileName, functionName, shownLine, threadLabel } from '../analysis/labels.js';
import { lineJson } from '../analysis/plain-json.js';
import {
  leafOf,
  leafStateOfLeaf,
  leafStateOrWaitingOf,
  leafStates,
  stackOfLeaf,
} from '../analysis/run-states.js';
import { shownPart } from '../analysis/shown-part.js';
import { walkStack } from '../analysis/stack-walk.js';
import type { ViewOptions } from '../analysis/view-options.js';
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

/** A thread. */
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
  const frames = numberFrames(profile, view);
  const threads = spansByThread(profile, view);
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
  for (const [index, spans] of shown.entries()) {
    yield index === 0 ? '\n' : ',\n';
    yield* writeThread(profile, {
      spans,
      end,
      name: threadName(profile, spans.thread, view),
      numbers: frames.numbers,
    });
  }
  yield ']}\n';
}

interface ThreadSpans {
  readonly thread: number;
  /** The runs that the view shows, in order of time, the leaf of each, and the part of it that is shown. */
  readonly runs: number[];
  readonly leaves: number[];
  readonly parts: number[];
  end: number;
  time: number;
}

function spansByThread(profile: Profile, view: ViewOptions): ThreadSpans[] {
  const { thread, start, duration, stack, flags } = profile.runs;
  const shown = shownPart(profile, view);
  const spans = profile.threads.map(
    (_, index): ThreadSpans => ({ thread: index, runs: [], leaves: [], parts: [], end: 0, time: 0 }),
  );
  for (let run = 0; run < stack.length; run++) {
    const of = spans[thread.at(run)];
    if (of === undefined) continue;
    of.end = Math.max(of.end, start.at(run) + duration.at(run));
    const part = shown(run);
    if (part === 0) continue;
    of.runs.push(run);
    of.leaves.push(leafOf(stack.at(run), leafStateOrWaitingOf(flags.at(run), view.mode)));
    of.parts.push(part);
    of.time += duration.at(run) * part;
  }
  return spans;
}

interface ThreadOutput {
  readonly spans: ThreadSpans;
  readonly end: number;
  readonly name: string;
  readonly numbers: readonly number[];
}

function* writeThread(profile: Profile, { spans, end, name, numbers }: ThreadOutput): Iterable<string> {
  yield `${opened(threadHead(name, end))},"samples":[`;
  const weights: number[] = [];
  for (const span of withoutGaps(profile, spans, end)) {
    yield `${weights.length === 0 ? '' : ','}[${stackText(profile, span.leaf, numbers)}]`;
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
  { runs, leaves, parts }: ThreadSpans,
  end: number,
): Iterable<{ leaf: number; weight: number }> {
  const { start, duration } = profile.runs;
  let at = 0;
  let open = { leaf: nothing, weight: 0 };
  for (const [from, to, of] of stretches()) {
    const until = Math.max(Math.round(to), Math.round(from), at);
    const weight = until - at;
    at = until;
    if (of === open.leaf) open.weight += weight;
    else if (weight > 0) {
      if (open.weight > 0) yield open;
      open = { leaf: of, weight };
    }
  }
  if (open.weight > 0) yield open;

  function* stretches(): Iterable<[number, number, number]> {
    let reached = 0;
    for (const [index, run] of runs.entries()) {
      yield [reached, start.at(run), nothing];
      // The part of a run that is not shown comes as a gap after the part that is.
      reached = start.at(run) + duration.at(run) * parts[index]!;
      yield [start.at(run), reached, leaves[index]!];
    }
    yield [reached, end, nothing];
  }
}

const nothing = leafOf(emptyStack, -1);

function stackText(profile: Profile, leaf: number, numbers: readonly number[]): string {
  const state = leafStateOfLeaf(leaf);
  const frames = state < 0 ? [] : [numbers[profile.frames.function.length + state]!];
  walkStack(profile, stackOfLeaf(leaf), (at) => {
    frames.push(numbers[profile.stacks.frame.at(at)]!);
    return true;
  });
  return frames.reverse().join(',');
}

/** Frames as the file lists them, each once, and for each frame of the profile, and then for each state, its index in that list. */
function numberFrames(profile: Profile, view: ViewOptions) {
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
  return { list, numbers };

  function add(entry: (typeof list)[number]): void {
    const name = named.intern(textNumber(entry.name), textNumber(entry.file ?? ''));
    const number = placed.intern(name, entry.line ?? 0);
    if (number === list.length) list.push(entry);
    numbers.push(number);
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

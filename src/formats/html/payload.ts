// A profile as the page holds it: parts, each compressed by itself. Tables and runs are columns of varints, one after
// another, so that what is alike lies together; names and contexts are JSON.
//
//     columns: count of rows, then for each column its numbers; times as a difference to what they are mostly
import type { ViewOptions } from '../../analysis/view-options.js';
import { ByteSink, zigzag } from '../../bytes/byte-sink.js';
import { encodeUtf8 } from '../../bytes/text.js';
import type { Context } from '../../model/context.js';
import type {
  Losses,
  OtherThreadsCpu,
  ProcessInfo,
  Profile,
  RecordingInfo,
  Runs,
  ThreadInfo,
  UnrecordedChildren,
} from '../../model/profile.js';
import type { SourceFile } from '../../model/source-text.js';
import type { Answer } from './answer.js';

/** By the order in which they are read. */
export const partNames = [
  ...(['head', 'contexts', 'threads', 'names', 'functions'] as const),
  ...(['frames', 'stacks', 'runs', 'suspended', 'sources'] as const),
] as const;
export type PartName = (typeof partNames)[number];
export type Parts = Readonly<Record<PartName, Uint8Array>>;

/** What there is one of. */
export interface PayloadHead {
  readonly info: RecordingInfo;
  readonly duration: number;
  readonly complete: boolean;
  readonly damagedBlocks: number;
  readonly losses: Losses;
  readonly children: UnrecordedChildren;
  readonly processes: readonly ProcessInfo[];
  readonly otherThreads: readonly OtherThreadsCpu[];
  readonly longSteps: readonly (readonly [thread: number, start: number, duration: number])[];
  readonly suspendedProcesses: readonly number[];
  /** How the page is to begin. */
  readonly view: ViewOptions;
  /** What it says first: to find it out takes longer than all else. */
  readonly answer: Answer;
}

export type PayloadContexts = readonly Context[];
export type PayloadThreads = readonly ThreadInfo[];
export type PayloadSources = readonly SourceFile[];

export const functionKinds = ['python', 'c', 'synthetic'] as const;

/** Names are cut there: more of one helps nobody, and a file of a megabyte a name opens slowly. */
const longestName = 10_000;
/** Words of a command line that are kept. */
const mostWords = 1000;
/** Steps of event loops. */
const mostLongSteps = 10_000;

/** Times of a table of runs: whole microseconds, as recordings have them, or 8 bytes each. */
export const timeKinds = { whole: 0, any: 1 } as const;

export function encodePayload(profile: Profile, view: ViewOptions, answer: Answer): Parts {
  const names = new Map<string, number>();
  // Of names as they come too: to cut the same one again for each of a hundred thousand functions takes seconds.
  const numbers = new Map<string, number>();
  const nameOf = (text: string): number => {
    const known = numbers.get(text);
    if (known !== undefined) return known;
    const cut = cutText(text);
    const number = names.get(cut) ?? names.size;
    names.set(cut, number);
    numbers.set(text, number);
    return number;
  };
  const { functions, frames, stacks, runs, suspended } = profile;
  const ofFunctions = columns(functions.length, [
    (at) => functionKinds.indexOf(functions[at]!.kind),
    (at) => nameOf(functions[at]!.name),
    (at) => nameOf(functions[at]!.qualifiedName),
    (at) => nameOf(functions[at]!.file),
    (at) => nameOf(functions[at]!.shortFile),
    (at) => functions[at]!.firstLine,
  ]);
  return {
    head: json({ ...headOf(profile), view, answer } satisfies PayloadHead),
    contexts: json(profile.contexts satisfies PayloadContexts),
    threads: json(
      profile.threads.map((thread) => ({
        ...thread,
        name: cutText(thread.name),
      })) satisfies PayloadThreads,
    ),
    names: json([...names.keys()]),
    functions: ofFunctions,
    frames: columns(frames.function.length, [(at) => frames.function.at(at), (at) => frames.line.at(at)]),
    // A parent is mostly a stack that was new just before.
    stacks: columns(stacks.frame.length, [
      (at) => at - stacks.parent.at(at),
      (at) => stacks.frame.at(at) + 1,
    ]),
    runs: encodeRuns(runs),
    suspended: encodeRuns(suspended.runs),
    sources: json(profile.sources satisfies PayloadSources),
  };
}

function headOf(profile: Profile): Omit<PayloadHead, 'view' | 'answer'> {
  const { info, duration, complete, damagedBlocks, losses, children, otherThreads, suspended } = profile;
  return {
    ...{ duration, complete, damagedBlocks, losses, children, otherThreads },
    info: { ...info, title: cutText(info.title) },
    suspendedProcesses: suspended.processes,
    longSteps: longStepsOf(profile),
    processes: profile.processes.map((process) => ({
      ...process,
      commandLine: process.commandLine.slice(0, mostWords).map((word) => word.slice(0, mostWords)),
    })),
  };
}

/** Thread, start and duration of each: those of the longest, when there are very many. */
function longStepsOf({
  longSteps: { thread, start, duration },
}: Profile): (readonly [number, number, number])[] {
  return Array.from(
    { length: thread.length },
    (_, row) => [thread.at(row), start.at(row), duration.at(row)] as const,
  )
    .sort((a, b) => b[2] - a[2])
    .slice(0, mostLongSteps);
}

function cutText(text: string): string {
  return text.length <= longestName ? text : text.slice(0, longestName);
}

function json(value: unknown): Uint8Array {
  return encodeUtf8(JSON.stringify(value));
}

/** Rows from 0 to `count`, a column after the other; numbers are 0 or more. */
function columns(count: number, of: readonly ((row: number) => number)[]): Uint8Array {
  const sink = new ByteSink(count * of.length + 8);
  sink.varint(count);
  for (const numberOf of of) for (let row = 0; row < count; row++) sink.varint(numberOf(row));
  return sink.written;
}

function encodeRuns(runs: Runs): Uint8Array {
  const count = runs.stack.length;
  const sink = new ByteSink(count * 8 + 16);
  sink.varint(count);
  for (const column of [runs.thread, runs.stack, runs.flags, runs.context, runs.samples])
    for (let row = 0; row < count; row++) sink.varint(column.at(row));
  const areWhole = isWhole(runs);
  sink.varint(areWhole ? timeKinds.whole : timeKinds.any);
  if (areWhole) {
    // A run mostly begins where the one before of its thread ended.
    const ends = new Map<number, number>();
    for (let row = 0; row < count; row++) {
      const thread = runs.thread.at(row);
      const start = runs.start.at(row);
      sink.varint(zigzag(start - (ends.get(thread) ?? 0)));
      ends.set(thread, start + runs.duration.at(row));
    }
    for (let row = 0; row < count; row++) sink.varint(runs.duration.at(row));
  } else {
    const number = new DataView(new ArrayBuffer(8));
    for (const column of [runs.start, runs.duration])
      for (let row = 0; row < count; row++) {
        number.setFloat64(0, column.at(row), true);
        sink.append(new Uint8Array(number.buffer));
      }
  }
  return sink.written;
}

function isWhole({ start, duration }: Runs): boolean {
  for (let row = 0; row < start.length; row++)
    if (!isCount(start.at(row)) || !isCount(duration.at(row))) return false;
  return true;
}

function isCount(time: number): boolean {
  return Number.isSafeInteger(time) && time >= 0;
}

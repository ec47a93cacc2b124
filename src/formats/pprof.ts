// https://github.com/google/pprof/blob/main/proto/profile.proto: a sample for each stack of a thread in one state with
// one context, with its count, wall time and CPU time. `go tool pprof`, Pyroscope, Parca and speedscope read it.
// Messages of protobuf may be cut anywhere between fields: what follows in the file is added. So it is written in
// pieces.
import {
  emptyTableToken,
  Label,
  Function as PprofFunction,
  Location as PprofLocation,
  Profile as PprofProfile,
  Sample as PprofSample,
  type ProfileInput,
  StringTable,
} from 'pprof-format';
import { contextValues, labelValues } from '../analysis/context-values.js';
import { hiddenFrames } from '../analysis/hidden-frames.js';
import * as labels from '../analysis/labels.js';
import {
  leafOf,
  leafStateOf,
  leafStateOfLeaf,
  leafStates,
  stackOfLeaf,
  threadStateOf,
  threadStates,
} from '../analysis/run-states.js';
import { eachWeight } from '../analysis/sample-weights.js';
import { walkStack } from '../analysis/stack-walk.js';
import { areStatesKnown, unknownCpu, unknownCpuText } from '../analysis/unknown-cpu.js';
import type { ViewOptions } from '../analysis/view-options.js';
import { visiblePath, visibleText } from '../analysis/visible-text.js';
import { Column } from '../model/column.js';
import { PairTable } from '../model/pair-table.js';
import type { FunctionInfo, Profile } from '../model/profile.js';
import type { OutputFormat } from './output-format.js';

export const pprof: OutputFormat = {
  id: 'pprof',
  title: 'pprof',
  extensions: ['.pb.gz', '.pprof'],
  mediaType: 'application/octet-stream',
  description: 'wall and CPU time by stack, thread and label, for go tool pprof and Pyroscope',
  compression: 'gzip',
  write: writePprof,
};

/** A piece has so many samples, functions or strings, at most. */
const pieceEntries = 256;
/** A sample may have tens of thousands of frames: a piece ends after so many. */
const pieceFrames = 65_536;

/**
 * Which labels samples have, and what else depends on who reads the file. Samples of threads and contexts that have the
 * same labels are added up.
 */
export interface PprofShape {
  /** The thread, and the context, that stands for all with the same labels; indexes into those of the profile. */
  thread(index: number): number;
  context(index: number): number;
  labels(thread: number, context: number): readonly (readonly [key: string, value: string])[];
  /** Whether the state of a thread is a label. */
  readonly hasStates: boolean;
  /** Whether samples are counted beside the time that they stand for. */
  readonly hasCounts: boolean;
  readonly comments: readonly string[];
}

/** What is counted, each a unit of the file. */
type Unit = 'count' | 'nanoseconds';
interface ValueKind {
  readonly type: 'samples' | 'wall' | 'cpu';
  readonly unit: Unit;
}

function writePprof(profile: Profile, view: ViewOptions): Iterable<Uint8Array> {
  return shapedPprof(profile, view, everyLabel(profile));
}

/** The same in another shape. */
export function* shapedPprof(
  profile: Profile,
  view: ViewOptions,
  shape: PprofShape,
): Generator<Uint8Array, void> {
  const tables = new Tables();
  const kinds = valueKinds(profile, view).filter(({ type }) => shape.hasCounts || type !== 'samples');
  yield head(profile, view, { kinds, comments: shape.comments }, tables);
  yield* samplePieces(profile, { view, kinds, shape }, tables);
  yield* pieces(tables.functions, (fn) => ({ function: fn }));
  yield* pieces(tables.locations, (location) => ({ location }));
  yield* pieces([...tables.texts.keys()], (texts) => ({ stringTable: stringTable(texts) }));
}

/** All that is known of a sample: its thread, its process and its labels. */
function everyLabel(profile: Profile): PprofShape {
  const cpu = unknownCpuText(unknownCpu(profile));
  const { missed, torn } = profile.losses;
  return {
    thread: (index) => index,
    context: (index) => index,
    labels: (thread, context) => {
      const { name = '', threadId = 0, process = -1 } = profile.threads[thread] ?? {};
      const { pid = 0 } = profile.processes[process] ?? {};
      return [
        ...(name === '' ? [] : [['thread_name', name] as const]),
        ...(threadId === 0 ? [] : [['thread_id', String(threadId)] as const]),
        ...(pid === 0 ? [] : [['process_id', String(pid)] as const]),
        ...Object.entries({ ...profile.info.labels, ...contextValues(profile, context) }),
      ];
    },
    hasStates: true,
    hasCounts: true,
    comments: [
      `recorded by pyglass ${visibleText(profile.info.writer)}, ${missed} ticks missed, ${torn} samples torn`,
      ...(profile.complete ? [] : ['the recording was cut short']),
      ...(cpu === '' ? [] : [cpu]),
    ],
  };
}

/** CPU time that nobody knows is left out, and wall time where a view shows none. */
function valueKinds(profile: Profile, { mode }: ViewOptions): ValueKind[] {
  const kinds: ValueKind[] = [{ type: 'samples', unit: 'count' }];
  if (mode !== 'cpu') kinds.push({ type: 'wall', unit: 'nanoseconds' });
  if (mode === 'cpu' || areStatesKnown(profile)) kinds.push({ type: 'cpu', unit: 'nanoseconds' });
  return kinds;
}

function head(
  profile: Profile,
  view: ViewOptions,
  shown: { readonly kinds: readonly ValueKind[]; readonly comments: readonly string[] },
  { text }: Tables,
): Uint8Array {
  const { info, duration } = profile;
  // The first text of a file is the empty one.
  text('');
  const comments = [visibleText(info.title, labels.longestLabel), ...shown.comments];
  return encoded({
    sampleType: shown.kinds.map(({ type, unit }) => ({ type: text(type), unit: text(unit) })),
    // `go tool pprof` would otherwise look for a program to take names from.
    mapping: [
      {
        id: wholeProgram,
        filename: text(visibleText(info.title, labels.longestLabel)),
        hasFunctions: true,
        hasFilenames: true,
        hasLineNumbers: view.lines !== 'none',
      },
    ],
    // Nanoseconds since 1970 are more than a double holds.
    timeNanos: Number.isFinite(info.startedAt) ? BigInt(Math.round(info.startedAt)) * 1_000_000n : 0,
    durationNanos: Math.round(duration * 1000),
    periodType: { type: text('wall'), unit: text('nanoseconds') },
    period: info.rate > 0 ? Math.round(1e9 / info.rate) : 0,
    comment: comments.map((comment) => text(comment)),
    defaultSampleType: text(view.mode === 'cpu' ? 'cpu' : 'wall'),
  });
}

const wholeProgram = 1;

interface Shown {
  readonly view: ViewOptions;
  readonly kinds: readonly ValueKind[];
  readonly shape: PprofShape;
}

function* samplePieces(profile: Profile, shown: Shown, tables: Tables): Iterable<Uint8Array> {
  const { view, kinds, shape } = shown;
  const sums = addUp(profile, view, shape);
  const locations = locationsOf(profile, view, tables);
  const ofGroup = groupsOf(profile, shown, sums.groups, tables);
  let samples: PprofSample[] = [];
  let frames = 0;
  // In mode `cpu` a sample counts for a part of one: what rounding takes from one stack it gives to the next.
  let rest = 0;
  for (let index = 0; index < sums.keys.size; index++) {
    const leaf = sums.keys.firstOf(index);
    const { roots, labelsIn } = ofGroup(sums.keys.secondOf(index));
    const exact = sums.samples.at(index) + rest;
    const count = Math.round(exact);
    rest = exact - count;
    const nanoseconds = { wall: sums.time.at(index) * 1000, cpu: sums.cpu.at(index) * 1000 };
    const locationId = [...locations(Math.floor(leaf / threadStates.length)), ...roots];
    samples.push(
      new PprofSample({
        locationId,
        value: kinds.map(({ type }) => (type === 'samples' ? count : Math.round(nanoseconds[type]))),
        label: labelsIn(leaf % threadStates.length),
      }),
    );
    frames += locationId.length;
    if (samples.length < pieceEntries && frames < pieceFrames) continue;
    yield encoded({ sample: samples });
    samples = [];
    frames = 0;
  }
  if (samples.length > 0) yield encoded({ sample: samples });
}

const noState = threadStates.indexOf('');

/** What the view shows, by stack with its state, and by thread with its context. */
function addUp(profile: Profile, view: ViewOptions, shape: PprofShape) {
  const groups = new PairTable();
  const keys = new PairTable();
  const [samples, time, cpu] = [Column.float64(), Column.float64(), Column.float64()] as const;
  eachWeight(profile, view, profile.runs, (weight) => {
    const { thread, stack, flags, context } = weight;
    const leaf = leafOf(stack, leafStateOf(flags, view.mode));
    const state = threadStateOf(flags, view.mode);
    // Of a task that was suspended there is no thread.
    const group = groups.intern(thread < 0 ? thread : shape.thread(thread), shape.context(context));
    const key = keys.intern(leaf * threadStates.length + (shape.hasStates ? state : noState), group);
    if (key === time.length) for (const column of [samples, time, cpu]) column.push(0);
    samples.set(key, samples.at(key) + weight.samples);
    time.set(key, time.at(key) + weight.time);
    cpu.set(key, cpu.at(key) + weight.cpu);
  });
  return { groups, keys, samples, time, cpu };
}

/**
 * What the samples of a thread in a context share: frames further out than its own, innermost first, and labels by
 * state.
 */
interface Group {
  readonly roots: readonly number[];
  labelsIn(state: number): Label[];
}

/**
 * Labels are texts: `go tool pprof` shows a number with its key as its unit. Their keys are such that Pyroscope takes
 * them too.
 */
function groupsOf(
  profile: Profile,
  { view, shape }: Shown,
  groups: PairTable,
  tables: Tables,
): (group: number) => Group {
  const { text } = tables;
  const states = threadStates.map((state) => (state === '' ? [] : [label('state', state)]));
  const known: Group[] = [];
  const rootsOf = rootNames(profile, view);
  return (group) => {
    known[group] ??= makeGroup(groups.firstOf(group), groups.secondOf(group));
    return known[group];
  };

  function makeGroup(thread: number, context: number): Group {
    const own = shape.labels(thread, context).map(([key, value]) => label(key, value));
    return {
      roots: rootsOf(thread, context).map((root) => tables.synthetic(root)),
      labelsIn: (state) => [...states[state]!, ...own],
    };
  }

  function label(key: string, value: string): Label {
    return new Label({ key: text(shown(key)), str: text(shown(value)) });
  }
}

/** Names of the frames that a view puts above a thread's own, innermost first. */
function rootNames(profile: Profile, view: ViewOptions): (thread: number, context: number) => string[] {
  const { label } = view;
  const values = label ? labelValues(profile, label.key) : undefined;
  return (index, context) => {
    const thread = profile.threads[index];
    const process = thread && profile.processes[thread.process];
    return [
      ...(view.threads ? [thread ? labels.threadLabel(thread) : '<unknown thread>'] : []),
      ...(view.processes ? [process ? labels.processLabel(process) : '<unknown process>'] : []),
      ...(label && values ? [labels.contextLabel(label.key, values.values[values.numberOf(context)])] : []),
    ];
  };
}

/** The ids of the locations of a stack and of the state below it, innermost first. */
function locationsOf(profile: Profile, view: ViewOptions, tables: Tables): (leaf: number) => number[] {
  const { stacks, frames, functions } = profile;
  const hidden = hiddenFrames(profile, view);
  const ofFrame: number[] = [];
  const locationOf = (frame: number): number => {
    const fn = functions[frames.function.at(frame)];
    if (fn === undefined) return tables.synthetic('<unknown function>');
    return tables.location(
      tables.function({
        name: labels.functionName(fn),
        systemName: systemName(fn),
        file: labels.fileName(fn, view),
        line: view.lines === 'none' ? 0 : fn.firstLine,
      }),
      labels.shownLine(fn, frames.line.at(frame), view),
    );
  };
  return (leaf) => {
    const state = leafStateOfLeaf(leaf);
    const ids = state < 0 ? [] : [tables.synthetic(leafStates[state]!)];
    walkStack(profile, stackOfLeaf(leaf), (at) => {
      if (hidden(at)) return true;
      const frame = stacks.frame.at(at);
      ofFrame[frame] ??= locationOf(frame);
      ids.push(ofFrame[frame]);
      return true;
    });
    return ids;
  };
}

/**
 * The function's own name, where it is not that which is shown: `go tool pprof` takes equal ones for C++ and makes
 * `<unknown>` of `<module>`.
 */
function systemName(fn: FunctionInfo): string {
  return fn.qualifiedName === '' || fn.qualifiedName === fn.name ? '' : fn.name;
}

interface FunctionKey {
  readonly name: string;
  readonly systemName: string;
  readonly file: string;
  readonly line: number;
}

/** What the file lists once and names by number. */
class Tables {
  readonly texts = new Map<string, number>();
  readonly functions: PprofFunction[] = [];
  readonly locations: PprofLocation[] = [];
  readonly #names = new PairTable();
  readonly #places = new PairTable();
  readonly #functions = new PairTable();
  readonly #locations = new PairTable();

  readonly text = (text: string): number => {
    const number = this.texts.get(text) ?? this.texts.size;
    this.texts.set(text, number);
    return number;
  };

  /** The id of a function; ids begin with 1. */
  function({ name, systemName, file, line }: FunctionKey): number {
    const texts = [this.text(shown(name)), this.text(shown(systemName))] as const;
    const filename = this.text(visiblePath(file, labels.longestLabel));
    const id = this.#functions.intern(this.#names.intern(...texts), this.#places.intern(filename, line)) + 1;
    if (id > this.functions.length)
      this.functions.push(
        new PprofFunction({ id, name: texts[0], systemName: texts[1], filename, startLine: line }),
      );
    return id;
  }

  location(functionId: number, line: number): number {
    const id = this.#locations.intern(functionId, line) + 1;
    if (id > this.locations.length)
      this.locations.push(new PprofLocation({ id, mappingId: wholeProgram, line: [{ functionId, line }] }));
    return id;
  }

  /** The location of a frame that is no function of the program. */
  synthetic(name: string): number {
    return this.location(this.function({ name, systemName: '', file: '', line: 0 }), 0);
  }
}

/** Names are printed as they are by those who read the file. */
function shown(text: string): string {
  return visibleText(text, labels.longestLabel);
}

function* pieces<T>(list: readonly T[], part: (entries: T[]) => ProfileInput): Iterable<Uint8Array> {
  for (let from = 0; from < list.length; from += pieceEntries)
    yield encoded(part(list.slice(from, from + pieceEntries)));
}

function stringTable(texts: readonly string[]): StringTable {
  const table = new StringTable(emptyTableToken);
  for (const text of texts) table.dedup(text);
  return table;
}

/** Without a table of its own, a message would begin with an empty text. */
function encoded(part: ProfileInput): Uint8Array {
  return new PprofProfile({ stringTable: stringTable([]), ...part }).encode();
}

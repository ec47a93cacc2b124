// The processed format of the Firefox Profiler (firefox-profile.ts), for https://profiler.firefox.com: every thread
// over time.
import { type ContextSpan, contextSpans } from '../../analysis/context-spans.js';
import { labelValues } from '../../analysis/context-values.js';
import { contextLabel, processLabel, threadLabel } from '../../analysis/labels.js';
import { lineJson } from '../../analysis/plain-json.js';
import { leafStateOrWaitingOf } from '../../analysis/run-states.js';
import { type ThreadRuns, threadRuns } from '../../analysis/thread-runs.js';
import { type Track, tracksOf } from '../../analysis/unique-ids.js';
import { unknownCpu, unknownCpuText } from '../../analysis/unknown-cpu.js';
import type { ViewOptions } from '../../analysis/view-options.js';
import type { Profile } from '../../model/profile.js';
import type { OutputFormat } from '../output-format.js';
import { categories } from './categories.js';
import { type FirefoxMeta, type FirefoxThread, processedVersion } from './firefox-profile.js';
import { markerSchemas, markersJson } from './markers.js';
import { noStack, SharedTables } from './shared-tables.js';
import { type StackOf, threadSamples } from './thread-samples.js';

export const firefox: OutputFormat = {
  id: 'firefox',
  title: 'Firefox Profiler',
  extensions: ['.firefox.json', '.profile.json'],
  mediaType: 'application/json',
  description: 'every thread over time with states, CPU use and requests, for https://profiler.firefox.com',
  write: writeFirefox,
};

function* writeFirefox(profile: Profile, view: ViewOptions): Iterable<string> {
  const threads = threadRuns(profile, view);
  const tables = new SharedTables(profile, view);
  const stackOf = shownStack(profile, view, tables);
  const contexts = spansByThread(contextSpans(profile, view));
  const tracks = tracksOf(profile);
  yield `{"meta":${lineJson(meta(profile, threads))},"libs":[],"threads":[`;
  for (const [index, runs] of threads.entries()) {
    const samples = threadSamples(profile, runs, stackOf);
    const head = threadHead(profile, runs.thread, tracks[runs.thread]!, [samples.start, samples.end]);
    yield `${index === 0 ? '\n' : ',\n'}${lineJson(head).slice(0, -1)},"samples":`;
    yield* samples.json();
    yield ',"markers":';
    yield* markersJson(profile, tables, contexts.get(runs.thread) ?? [], samples.collector);
    yield '}';
  }
  yield '\n],"shared":';
  yield* tables.json();
  yield '}\n';
}

function meta(profile: Profile, threads: readonly ThreadRuns[]): FirefoxMeta {
  const { info, losses } = profile;
  const cpu = unknownCpuText(unknownCpu(profile));
  const entry = (label: string, value: string) => ({ label, format: 'string', value }) as const;
  return {
    interval: info.rate > 0 ? 1000 / info.rate : 1,
    startTime: Number.isFinite(info.startedAt) ? info.startedAt : 0,
    profilingStartTime: 0,
    profilingEndTime: Math.round(profile.duration) / 1000,
    processType: 0,
    product: info.title,
    importedFrom: `pyglass ${info.writer}`,
    stackwalk: 1,
    // Of what Firefox itself writes: every reader of this version knows it.
    version: 36,
    preprocessedProfileVersion: processedVersion,
    symbolicated: true,
    symbolicationNotSupported: true,
    usesOnlyOneStackType: true,
    sourceCodeIsNotOnSearchfox: true,
    keepProfileThreadOrder: true,
    initialSelectedThreads: threads.length === 0 ? [] : [busiest(threads)],
    sampleUnits: { time: 'ms', eventDelay: 'ms', threadCPUDelta: 'µs' },
    categories,
    markerSchema: markerSchemas(profile),
    extra: [
      {
        label: 'Recording',
        entries: [
          ...Object.entries(info.labels ?? {}).map(([key, value]) => entry(key, value)),
          entry(
            'Python',
            [...new Set(profile.processes.map(({ pythonVersion }) => pythonVersion))].join(', '),
          ),
          entry('Ticks missed', String(losses.missed)),
          entry('Samples torn', String(losses.torn)),
          ...(profile.complete ? [] : [entry('Recording', 'cut short')]),
          ...(cpu === '' ? [] : [entry('CPU time', cpu)]),
        ],
      },
    ],
  };
}

/** The thread with most time on a CPU, else with most time. */
function busiest(threads: readonly ThreadRuns[]): number {
  let best = { index: 0, cpu: -1, time: -1 };
  for (const [index, { times, cpus }] of threads.entries()) {
    const [cpu, time] = [total(cpus), total(times)];
    if (cpu > best.cpu || (cpu === best.cpu && time > best.time)) best = { index, cpu, time };
  }
  return best.index;
}

function total(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

function threadHead(
  profile: Profile,
  thread: number,
  { pid, tid }: Track,
  [start, end]: readonly [number, number],
): Omit<FirefoxThread, 'samples' | 'markers'> {
  const info = profile.threads[thread]!;
  const process = profile.processes[info.process];
  return {
    name: threadLabel(info),
    processName: process ? processLabel(process) : '<unknown process>',
    processType: 'default',
    pid: String(pid),
    tid,
    isMainThread: process !== undefined && info.threadId === process.pid,
    showMarkersInTimeline: true,
    processStartupTime: 0,
    processShutdownTime: null,
    registerTime: start / 1000,
    unregisterTime: end < Math.round(profile.duration) ? end / 1000 : null,
    pausedRanges: [],
  };
}

function shownStack(profile: Profile, view: ViewOptions, tables: SharedTables): StackOf {
  const { label } = view;
  const { stack, flags, context } = profile.runs;
  const values = label && labelValues(profile, label.key);
  const rootOf = (run: number): number => {
    if (!values) return noStack;
    return tables.rootStack(contextLabel(label!.key, values.values[values.numberOf(context.at(run))]));
  };
  return (run) => tables.stack(rootOf(run), stack.at(run), leafStateOrWaitingOf(flags.at(run), view.mode));
}

function spansByThread(spans: readonly ContextSpan[]): Map<number, ContextSpan[]> {
  const byThread = new Map<number, ContextSpan[]>();
  for (const span of spans) {
    const known = byThread.get(span.thread);
    if (known) known.push(span);
    else byThread.set(span.thread, [span]);
  }
  return byThread;
}

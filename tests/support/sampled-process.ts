import type { AsyncioDebug } from '../../src/cpython/asyncio/debug-section.js';
import type { RuntimeLocation } from '../../src/cpython/locate/locate.js';
import { type Anchor, knownAnchors } from '../../src/frameworks/request-anchors.js';
import type { TargetMemory } from '../../src/memory/target-memory.js';
import { emptyStack, type Profile } from '../../src/model/profile.js';
import type { SampledThreads } from '../../src/platform/target.js';
import { RecordingDecoder } from '../../src/recording/recording-decoder.js';
import { RecordingEncoder } from '../../src/recording/recording-encoder.js';
import { LookRecords } from '../../src/sampler/look-records.js';
import { ProcessSampler } from '../../src/sampler/process-sampler.js';
import { VerdictCounts } from '../../src/sampler/stacks/verdicts.js';

export interface SampledProcessOptions {
  readonly memory: TargetMemory;
  readonly location: RuntimeLocation;
  readonly kernel: SampledThreads;
  readonly cFunctions?: boolean;
  /** Frames that have a request in hand. [the known ones] */
  readonly anchors?: readonly Anchor[];
  readonly findDebug?: (() => AsyncioDebug | undefined) | undefined;
  /** Tasks are recorded. [false] */
  readonly tasks?: boolean;
  /** Microseconds; absent: the time of the tick. */
  readonly clock?: () => number;
  /** [the whole name] */
  readonly shortFileName?: (name: string) => string;
}

/** The sampler of one process, whose ticks the test makes, at times that the test tells. */
export class SampledProcess {
  readonly losses = { missed: 0, retried: 0, torn: 0, truncated: 0, unreadTasks: 0 };
  readonly verdicts = new VerdictCounts();
  readonly sampler: ProcessSampler;
  /** Of the last tick, microseconds. */
  time = 0;
  readonly #encoder = new RecordingEncoder({ writer: 'test', startedAt: 0, rate: 1000, title: '' });
  readonly #decoder = new RecordingDecoder();

  constructor(options: SampledProcessOptions) {
    const {
      cFunctions = true,
      clock = () => this.time,
      anchors = knownAnchors,
      findDebug,
      tasks,
      shortFileName = (name: string) => name,
      ...given
    } = options;
    const facts = { pid: 1, parentPid: 0, commandLine: [], pythonVersion: options.location.version };
    this.sampler = new ProcessSampler({
      ...given,
      ...{
        cFunctions,
        clock,
        cpu: clock,
        losses: this.losses,
        verdicts: this.verdicts,
        encoder: this.#encoder,
      },
      process: this.#encoder.defineProcess(facts),
      requests: {
        ...{ anchors, numbers: { next: 1 }, suspended: LookRecords.ofRequests(this.#encoder) },
        ...(findDebug ? { findDebug } : {}),
      },
      ...(tasks ? { tasks: LookRecords.ofTasks(this.#encoder) } : {}),
      shortFileName,
    });
    this.time = clock();
    this.sampler.refreshThreads(this.time);
  }

  /**
   * Samples `passed` microseconds after the tick before, and looks at the threads when that is due, as the sampler's
   * loop does.
   */
  tick(passed = 1000): boolean {
    return this.tickAt(this.time + passed);
  }

  tickAt(time: number): boolean {
    this.time = time;
    if (this.sampler.same.repeat(time)) return true;
    if (this.sampler.needsLook(time, false)) this.sampler.refreshThreads(time);
    return this.sampler.tick(time);
  }

  ticks(count: number, passed = 1000): void {
    for (let tick = 0; tick < count; tick++) this.tick(passed);
  }

  /** What was sampled so far. */
  profile(): Profile {
    for (let block = this.#encoder.takeBlock(); block; block = this.#encoder.takeBlock())
      this.#decoder.feed(block);
    return this.#decoder.snapshot();
  }
}

export interface ShownRun {
  /** Index of the thread. */
  readonly thread: number;
  /** `name:line`, innermost first; C functions have line 0. */
  readonly stack: readonly string[];
  readonly flags: number;
  readonly samples: number;
  /** Microseconds. */
  readonly start: number;
  readonly duration: number;
}

/** The runs of a profile, those of each thread in order. */
export function runsOf({ runs, stacks, frames, functions }: Profile): ShownRun[] {
  const shown: ShownRun[] = [];
  for (let run = 0; run < runs.stack.length; run++) {
    const stack: string[] = [];
    for (let at = runs.stack.at(run); at !== emptyStack; at = stacks.parent.at(at)) {
      const frame = stacks.frame.at(at);
      stack.push(`${functions[frames.function.at(frame)]!.qualifiedName}:${frames.line.at(frame)}`);
    }
    shown.push({
      ...{ thread: runs.thread.at(run), stack, flags: runs.flags.at(run), samples: runs.samples.at(run) },
      ...{ start: runs.start.at(run), duration: runs.duration.at(run) },
    });
  }
  return shown;
}

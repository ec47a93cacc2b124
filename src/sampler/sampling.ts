import { basename } from 'node:path';
import { reloaderOf } from '../frameworks/reloaders.js';
import type { Losses, UnrecordedChildren } from '../model/profile.js';
import { hasMark, type ImageMark } from '../process/image-mark.js';
import { KnownFiles } from '../process/known-files.js';
import { RecordingEncoder } from '../recording/recording-encoder.js';
import { type Attached, saysNoPython } from './attach.js';
import type { FinderMessage } from './child-finder-messages.js';
import { SamplingClock } from './clock.js';
import type { SamplerMessage, SamplingRequest, SamplingStats } from './messages.js';
import { ProcessSampler } from './process-sampler.js';
import type { Processes } from './processes.js';
import { SampledChildren } from './sampled-children.js';
import { type SamplingWorld, thisMachine } from './sampling-world.js';
import { VerdictCounts } from './stacks/verdicts.js';
import { ThreadLabels } from './thread-labels.js';
import type { Time } from './time.js';

/** Milliseconds between looks at what changes slowly. */
const flushEvery = 400;
const lookForThreadsEvery = 1;
const refreshThreadsEvery = 1000;
/** The same for each thread of a process with many, and at most: a look takes some 40 µs a thread, for which ticks wait. */
const refreshThreadsEveryPerThread = 4;
const refreshThreadsAtLeastEvery = 10_000;
const reviewEvery = 100;
const recheckCallsEvery = 250;
/**
 * Whether a process still runs the same program, and what CPU time its children used: one process at a time, so that no tick waits for more
 * than the 30 µs of one. All are asked within this time, up to 50 of them.
 */
const checkProcessesEvery = 50;
/** A started program that is not Python after this long (milliseconds) is watched beside the sampling. */
const longestStart = 1000;
/** Milliseconds between looks whether a started program's interpreter is up, and whether there is a program. */
const waitForStart = 1;
const waitForPid = 1000;

type Found = Extract<FinderMessage, { kind: 'found' }>;

interface Followed {
  readonly pid: number;
  readonly startTime: number;
  readonly mark: ImageMark | undefined;
  readonly sampler: ProcessSampler;
  readonly attached: Attached;
  threadsLookedAt: number;
  threadsRefreshed: number;
  cpuBefore: number;
  cpuNow: number;
  /** The same of its children that ended. */
  childCpuBefore: number;
  childCpuNow: number;
}

/** Samples until told to stop, the time is up or no target is left. Runs in a thread of its own and blocks it. */
export function runSampling(
  request: SamplingRequest,
  send: (message: SamplerMessage) => void,
  world = thisMachine,
): void {
  new Sampling(request, send, world).run();
}

class Sampling {
  readonly #request: SamplingRequest;
  readonly #send: (message: SamplerMessage) => void;
  readonly #system: Processes;
  readonly #time: Time;
  readonly #encoder: RecordingEncoder;
  readonly #losses: Losses = { missed: 0, retried: 0, torn: 0, truncated: 0 };
  readonly #verdicts = new VerdictCounts();
  readonly #control: Int32Array;
  readonly #labels: ThreadLabels;
  readonly #nextLabel: SamplingWorld['nextLabel'];
  /** Of `control[2]`: how many requests were taken. */
  #labelsTaken = 0;
  #pid: number;
  #followed: Followed[] = [];
  readonly #children: SampledChildren;
  /** Whether there is a thread that finds children. */
  #finds = false;
  /** CPU seconds of the children of the process that was asked for, from its first sample to its last. */
  #rootChildCpu = 0;
  #checkedAt = 0;
  #nextCheck = 0;
  #started = 0;
  #ticks = 0;
  #samples = 0;
  #processes = 0;
  #endedCpu = 0;
  #firstSampleAt = 0;
  /** Milliseconds from the start to the last tick, the duration of the recording. */
  #lastTick = 0;

  constructor(request: SamplingRequest, send: (message: SamplerMessage) => void, world: SamplingWorld) {
    this.#request = request;
    this.#send = send;
    this.#system = world.processes;
    this.#time = world.time;
    this.#pid = request.pid;
    this.#control = new Int32Array(request.control);
    this.#children = new SampledChildren(request.finder);
    const { rate, title, writer, labels } = request;
    const info = { writer, startedAt: Date.now(), rate, title };
    this.#encoder = new RecordingEncoder(labels ? { ...info, labels } : info);
    this.#labels = new ThreadLabels(this.#encoder);
    this.#nextLabel = world.nextLabel;
  }

  run(): void {
    const first = this.#attachFirst();
    this.#started = this.#time.now();
    if (first) this.#follow(this.#pid, first, 0);
    // A program that we started and that is no Python itself, such as a shell, is where the Pythons come from.
    if (!first || this.#request.subprocesses) this.#watch(this.#pid, true);
    if (this.#request.adoptsOrphans)
      this.#children.ask({ kind: 'adopted', by: process.pid, program: this.#pid });
    const clock = new SamplingClock(this.#request.rate, this.#control, this.#time);
    let flushed = this.#started;
    let checked = 0;
    let rechecked = this.#started;
    let end: 'duration' | 'stopped' | 'target-ended' | undefined;
    while (!end) {
      const now = clock.next();
      const time = now - this.#started;
      if (clock.stopped) end = 'stopped';
      else if (time >= this.#request.duration * 1000) end = 'duration';
      if (Atomics.load(this.#control, 2) !== this.#labelsTaken) this.#takeLabels();
      // Also at the end: else the time since the tick before would be nobody's, and that can be long.
      this.#tick(time);
      this.#lastTick = time;
      this.#losses.missed = clock.missed;
      if (end) break;
      if (this.#finds) this.#takeFound(time);
      this.#checkOne(now);
      if (now - checked >= reviewEvery) {
        checked = now;
        for (const { sampler } of this.#followed) sampler.review(time * 1000);
      }
      if (now - rechecked >= recheckCallsEvery) {
        rechecked = now;
        for (const { sampler } of this.#followed) sampler.checkCalls();
      }
      if (now - flushed >= flushEvery) {
        flushed = now;
        this.#flush();
      }
      if (this.#followed.length === 0 && (!this.#finds || this.#children.noneLeft(now))) end = 'target-ended';
    }
    this.#finish(end);
  }

  #attachFirst(): Attached | undefined {
    const { subprocesses } = this.#request;
    if (this.#pid > 0) {
      const pid = this.#pid;
      try {
        return this.#system.attach(pid, { subprocesses });
      } catch (error) {
        // With its children wanted, a process that is no Python itself is only where they come from.
        if (subprocesses && saysNoPython(error)) return undefined;
        throw error;
      }
    }
    this.#send({ kind: 'ready' });
    while (this.#control[1] === 0 && this.#control[0] === 0) this.#time.wait(this.#control, 1, waitForPid);
    const pid = this.#control[1]!;
    this.#pid = pid;
    if (pid === 0) return undefined;
    const deadline = this.#time.now() + Math.min(longestStart, this.#request.duration * 1000);
    const files = new KnownFiles();
    while (this.#control[0] === 0 && this.#time.now() < deadline) {
      this.#noteProgram(pid);
      const attached = this.#system.tryAttach(pid, files);
      if (attached) return attached;
      if (this.#system.hasEnded(pid)) return undefined;
      if (this.#system.childrenOf(pid).length > 0) return undefined;
      this.#time.wait(this.#control, 0, waitForStart);
    }
    return undefined;
  }

  /** What runs before there is Python, to be reported if there never is. */
  #noteProgram(pid: number): void {
    const name = basename(this.#system.wholeCommandLine(pid)[0]!);
    // In brackets: it has ended.
    if (!name.startsWith('[')) this.#children.ran(name);
  }

  #watch(pid: number, deep: boolean): void {
    this.#children.ask({ kind: 'watch', pid, deep });
    if (!this.#finds) this.#send({ kind: 'find-children' });
    this.#finds = true;
  }

  /** A request is counted after it was sent, so as many as were counted are there. */
  #takeLabels(): void {
    for (const sent = Atomics.load(this.#control, 2); this.#labelsTaken !== sent; ) {
      this.#labelsTaken = (this.#labelsTaken + 1) | 0;
      const request = this.#nextLabel();
      if (request) this.#labels.apply(request);
    }
  }

  /** One a tick: to begin with a process takes up to a millisecond. */
  #takeFound(time: number): void {
    const found = this.#nextFound();
    if (!found) return;
    const { pid, location } = found;
    const live = this.#system.open(pid, location.runtime);
    if (live && !this.#followed.some((process) => process.pid === pid))
      this.#follow(pid, { live, location }, time, found);
    else this.#children.ask({ kind: 'lost', pid });
  }

  #nextFound(): Found | undefined {
    return this.#children.next((child) => {
      this.#send({ kind: 'not-recorded', child });
      this.#encoder.children(this.#unrecorded());
    });
  }

  #checkOne(now: number): void {
    const count = this.#followed.length;
    if (count === 0 || now - this.#checkedAt < Math.max(1, checkProcessesEvery / count)) return;
    this.#checkedAt = now;
    const process = this.#followed[this.#nextCheck++ % count]!;
    this.#account(process);
    if (process.mark && !hasMark(process.attached.live.memory, process.mark)) this.#lost(process);
  }

  #account(process: Followed): void {
    const facts = this.#system.facts(process.pid);
    if (!facts || facts.startTime !== process.startTime) return;
    process.cpuNow = facts.cpuSeconds;
    process.childCpuNow = facts.childCpuSeconds;
  }

  #follow(pid: number, attached: Attached, time: number, known?: Found): void {
    const facts = known?.facts ?? this.#system.facts(pid);
    const { version } = attached.location;
    const parentPid = facts?.parentPid ?? 0;
    const process = this.#encoder.defineProcess({
      pid,
      parentPid,
      commandLine: known?.commandLine ?? this.#system.commandLine(pid),
      pythonVersion: version,
    });
    const sampler = new ProcessSampler({
      memory: attached.live.memory,
      location: attached.location,
      encoder: this.#encoder,
      process,
      shortFileName: this.#system.shortFileNames(pid, attached),
      losses: this.#losses,
      labels: this.#labels.ofProcess(pid),
      verdicts: this.#verdicts,
      clock: () => (this.#time.now() - this.#started) * 1000,
      kernel: this.#system.threadsOf(pid),
      cFunctions: this.#request.cFunctions,
    });
    let reloader: string | undefined;
    sampler.codes.onFunction = ({ fileName, name }) => {
      const found = pid === this.#pid ? reloaderOf(fileName, name) : undefined;
      if (found === undefined || reloader !== undefined) return;
      reloader = found;
      this.#watch(pid, true);
      this.#send({ kind: 'attached', pid, pythonVersion: version, parentPid, reloader });
    };
    sampler.refreshThreads(time * 1000);
    const { cpuSeconds: cpu = 0, childCpuSeconds: childCpu = 0, startTime = 0 } = facts ?? {};
    const mark = known ? known.mark : this.#system.markOf(pid, attached.live.memory);
    this.#processes++;
    this.#followed.push({
      ...{ pid, startTime, mark },
      sampler,
      attached,
      threadsLookedAt: time,
      threadsRefreshed: time,
      cpuBefore: cpu,
      cpuNow: cpu,
      childCpuBefore: childCpu,
      childCpuNow: childCpu,
    });
    this.#encoder.beginTick(process, time * 1000);
    this.#encoder.endTick();
    this.#children.follows({ pid, startTime, location: attached.location, mark });
    this.#send({ kind: 'attached', pid, pythonVersion: version, parentPid });
  }

  #tick(time: number): void {
    this.#ticks++;
    for (const process of this.#followed) {
      const { sampler } = process;
      if (time - process.threadsLookedAt >= lookForThreadsEvery) {
        process.threadsLookedAt = time;
        if (
          time - process.threadsRefreshed >= refreshPause(sampler.threadCount) ||
          sampler.threadsChanged(time * 1000)
        ) {
          process.threadsRefreshed = time;
          sampler.refreshThreads(time * 1000);
        }
      }
      if (sampler.tick(time * 1000)) this.#samples += sampler.threadCount;
      else this.#lost(process);
    }
    if (this.#firstSampleAt === 0 && this.#samples > 0)
      this.#firstSampleAt = this.#time.origin + this.#time.now();
  }

  /** The process ended, or became another program. */
  #lost(process: Followed): void {
    this.#followed = this.#followed.filter((other) => other !== process);
    this.#endedCpu += process.cpuNow - process.cpuBefore;
    process.sampler.close();
    process.attached.live.close();
    if (process.pid === this.#pid) this.#rootChildCpu += process.childCpuNow - process.childCpuBefore;
    else this.#children.ended(process.sampler.recordedCpu / 1e6);
    this.#children.ask({ kind: 'lost', pid: process.pid });
    // The number may be that of another process by now, which is none of ours.
    const facts = this.#system.facts(process.pid);
    if (
      process.pid === this.#pid &&
      !this.#system.hasEnded(process.pid) &&
      facts?.startTime === process.startTime
    )
      this.#watch(process.pid, this.#request.subprocesses);
  }

  #unrecorded(): UnrecordedChildren {
    let accounted = this.#rootChildCpu;
    for (const { childCpuBefore, childCpuNow } of this.#followed) accounted += childCpuNow - childCpuBefore;
    return this.#children.unrecorded(this.#request.subprocesses ? accounted : 0);
  }

  #stats(): SamplingStats {
    const { missed, retried, torn, truncated } = this.#losses;
    let threads = 0;
    let cpu = this.#endedCpu;
    for (const process of this.#followed) {
      this.#account(process);
      threads += process.sampler.threadCount;
      cpu += process.cpuNow - process.cpuBefore;
    }
    const wallSeconds = this.#lastTick / 1000;
    const counts = { samples: this.#samples, ticks: this.#ticks, missed, retried, torn, truncated };
    return {
      ...counts,
      threads,
      processes: this.#processes,
      wallSeconds,
      targetCpuSeconds: cpu,
      firstSampleAt: this.#firstSampleAt,
      unrecordedChildren: this.#unrecorded(),
      verdicts: this.#verdicts.toJSON(),
    };
  }

  #flush(): void {
    this.#encoder.losses(this.#losses);
    for (let payload = this.#encoder.takeBlock(); payload; payload = this.#encoder.takeBlock())
      this.#send({ kind: 'block', payload });
    this.#send({ kind: 'progress', stats: this.#stats() });
  }

  #finish(reason: 'duration' | 'stopped' | 'target-ended'): void {
    // What was found last is too late to be recorded, but not to be reported.
    while (this.#nextFound());
    const stats = this.#stats();
    for (const { sampler } of this.#followed) sampler.finish(this.#lastTick * 1000);
    const { cpuSeconds, processes } = stats.unrecordedChildren;
    if (cpuSeconds > 0 || processes.length > 0) this.#encoder.children(stats.unrecordedChildren);
    this.#encoder.finish(stats.wallSeconds * 1e6);
    this.#flush();
    const { programs, left } = this.#children;
    this.#send({ kind: 'finished', reason, stats, programs, left });
  }
}

/** Milliseconds between two looks at threads of which nothing says that some came or went. */
function refreshPause(threads: number): number {
  return Math.max(
    refreshThreadsEvery,
    Math.min(refreshThreadsAtLeastEvery, threads * refreshThreadsEveryPerThread),
  );
}

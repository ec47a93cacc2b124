import type { FoundStrings } from '../cpython/objects/strings.js';
import { reloaderOf } from '../frameworks/reloaders.js';
import { knownAnchors, userAnchor } from '../frameworks/request-anchors.js';
import type { Losses, UnrecordedChildren } from '../model/profile.js';
import { KnownFiles } from '../process/known-files.js';
import { RecordingEncoder } from '../recording/recording-encoder.js';
import { type Attached, saysNoPython } from './attach.js';
import { SamplingClock } from './clock.js';
import { FollowedPython } from './followed-python.js';
import { Interval } from './interval.js';
import { LookRecords } from './look-records.js';
import type { SamplerMessage, SamplingOrder, SamplingRequest, SamplingStats } from './messages.js';
import { Newcomers } from './newcomers.js';
import { ProcessSampler, type ProcessSamplerOptions } from './process-sampler.js';
import type { Processes } from './processes.js';
import { programName } from './program-name.js';
import { type FoundChild, SampledChildren } from './sampled-children.js';
import { type SamplingWorld, thisMachine } from './sampling-world.js';
import { VerdictCounts } from './stacks/verdicts.js';
import { ThreadLabels } from './thread-labels.js';
import type { Time } from './time.js';

/** Milliseconds between two times of each kind of housekeeping. Nobody looks at once at what lasts for months. */
const [flushEvery, flushLastingEvery] = [400, 1000];
const reviewEvery = 100;
const recheckCallsEvery = 250;
/** Milliseconds for which a process is a newcomer after it was found: most of its code is new. */
const newcomerFor = 1000;
/**
 * Whether a process still runs the same program, and what CPU time its children used: one process at a time, so that no
 * tick waits for more than the 30 µs of one. All are asked within this time, up to 50 of them.
 */
const checkProcessesEvery = 50;
/** A started program that is not Python after this long (milliseconds) is watched beside the sampling. */
const longestStart = 1000;
/** Milliseconds between looks whether a started program's interpreter is up, and whether there is a program. */
const [waitForStart, waitForPid] = [1, 1000];

type EndReason = Extract<SamplerMessage, { kind: 'finished' }>['reason'];

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
  readonly #tasks: { readonly tasks?: LookRecords };
  readonly #losses: Losses = { missed: 0, retried: 0, torn: 0, truncated: 0, unreadTasks: 0 };
  readonly #verdicts = new VerdictCounts();
  readonly #control: Int32Array;
  readonly #labels: ThreadLabels;
  readonly #requests: Required<ProcessSamplerOptions>['requests'];
  readonly #world: SamplingWorld;
  /** Of `control[2]`: how many orders were taken. */
  #ordersTaken = 0;
  #clock: SamplingClock | undefined;
  #pid: number;
  #followed: FollowedPython[] = [];
  readonly #newcomers: Newcomers;
  readonly #children: SampledChildren;
  readonly #foundStrings: FoundStrings = new Map();
  /** Whether there is a thread that finds children. */
  #finds = false;
  /** CPU seconds of the children of the process that was asked for, from its first sample to its last. */
  #rootChildCpu = 0;
  #checkedAt = 0;
  #nextCheck = 0;
  #started = 0;
  #review = new Interval(reviewEvery, 0);
  #recheck = new Interval(recheckCallsEvery, 0);
  #flushes = new Interval(flushEvery, 0);
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
    this.#newcomers = new Newcomers(
      () => this.#time.cpu(),
      request.watches === true,
      () => this.#clock?.timeLeft ?? 0,
    );
    this.#pid = request.pid;
    this.#control = new Int32Array(request.control);
    this.#children = new SampledChildren(request.finder);
    const { rate, title, writer, labels, requestAnchors = [] } = request;
    // A user's come first, so that they count where a known one names the same function.
    const anchors = [...requestAnchors.flatMap((text) => userAnchor(text) ?? []), ...knownAnchors];
    const info = { writer, startedAt: Date.now(), rate, title };
    this.#encoder = new RecordingEncoder(labels ? { ...info, labels } : info);
    this.#requests = { anchors, numbers: { next: 1 }, suspended: LookRecords.ofRequests(this.#encoder) };
    this.#tasks = request.tasks ? { tasks: LookRecords.ofTasks(this.#encoder) } : {};
    this.#labels = new ThreadLabels(this.#encoder);
    this.#world = world;
  }

  run(): void {
    this.#begin();
    const { rate } = this.#request;
    const clock = new SamplingClock(rate, this.#control, this.#time, () => this.#newcomers.cpu);
    this.#clock = clock;
    let end: EndReason | undefined;
    while (!end) {
      const now = clock.next();
      const time = now - this.#started;
      if (clock.stopped) end = 'stopped';
      else if (time >= this.#request.duration * 1000) end = 'duration';
      if (Atomics.load(this.#control, 2) !== this.#ordersTaken) this.#takeOrders();
      // Also at the end: else the time since the tick before would be nobody's, and that can be long.
      this.#tick(time, end !== undefined);
      this.#lastTick = time;
      this.#losses.missed = clock.missed;
      if (end) break;
      this.#doBetweenTicks(now);
      if (this.#request.watches) continue;
      if (this.#followed.length === 0 && (!this.#finds || this.#children.noneLeft(now))) end = 'target-ended';
    }
    this.#finish(end);
  }

  #begin(): void {
    const first = this.#attachFirst();
    this.#started = this.#time.now();
    this.#recheck = new Interval(recheckCallsEvery, this.#started);
    this.#flushes = new Interval(this.#request.watches ? flushLastingEvery : flushEvery, this.#started);
    if (first) this.#follow(this.#pid, first, 0);
    // A program that we started and that is no Python itself, such as a shell, is where the Pythons come from.
    if (!this.#request.watches && (!first || this.#request.subprocesses)) this.#watch(this.#pid, true);
    if (this.#request.adoptsOrphans)
      this.#children.ask({ kind: 'adopted', by: process.pid, program: this.#pid });
  }

  /** What the next tick waits for: little at a time. */
  #doBetweenTicks(now: number): void {
    const time = now - this.#started;
    this.#checkOne(now);
    if (this.#review.isDue(now)) for (const { sampler } of this.#followed) sampler.review(time * 1000);
    if (this.#recheck.isDue(now)) for (const { sampler } of this.#followed) sampler.checkCalls();
    if (this.#flushes.isDue(now)) this.#flush();
  }

  #attachFirst(): Attached | undefined {
    const { subprocesses, watches } = this.#request;
    if (watches) return undefined;
    if (this.#pid > 0) {
      try {
        return this.#system.attach(this.#pid, { subprocesses });
      } catch (error) {
        // With its children wanted, a process that is no Python itself is only where they come from.
        if (!subprocesses || !saysNoPython(error)) throw error;
        this.#noteProgram(this.#pid);
        return undefined;
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
    const name = programName(this.#system.wholeCommandLine(pid));
    if (name !== '') this.#children.ran(name);
  }

  #watch(pid: number, deep: boolean): void {
    this.#children.ask({ kind: 'watch', pid, deep });
    if (!this.#finds) this.#send({ kind: 'find-children' });
    this.#finds = true;
    // The other thread waits at the same cell, for 50 ms as a rule: too long for what begins now.
    Atomics.notify(this.#control, 0);
  }

  /** A request is counted after it was sent, so as many as were counted are there. */
  #takeOrders(): void {
    for (const sent = Atomics.load(this.#control, 2); this.#ordersTaken !== sent; ) {
      this.#ordersTaken = (this.#ordersTaken + 1) | 0;
      const order = this.#world.nextOrder();
      if (order) this.#obey(order);
    }
  }

  #obey(order: SamplingOrder): void {
    if (order.kind === 'watch') this.#watch(order.pid, false);
    else if (order.kind === 'unwatch') {
      const process = this.#followed.find(({ pid }) => pid === order.pid);
      if (process) this.#leave(process);
      this.#children.ask(order);
    } else if (order.kind === 'rate') this.#clock!.rate = order.rate;
    else if (order.kind === 'return-memory') this.#world.returnMemory();
    else this.#labels.apply(order);
  }

  /** Takes over the process that was found next; as `NewcomerWork.next`. */
  #followNext(time: number): FollowedPython | 'gone' | undefined {
    const found = this.#finds ? this.#nextFound() : undefined;
    if (!found) return undefined;
    const { pid, location } = found;
    const live = this.#system.open(pid, location.runtime);
    if (live && !this.#followed.some((process) => process.pid === pid))
      return this.#follow(pid, { live, location }, time, found);
    this.#children.ask({ kind: 'lost', pid });
    return 'gone';
  }

  #nextFound(): FoundChild | undefined {
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
    if (!process.isToBeChecked(now - this.#started)) return;
    if (!this.#request.watches) process.account(this.#system.facts(process.pid));
    if (process.isAnotherProgram) this.#lost(process);
  }

  #follow(pid: number, attached: Attached, time: number, known?: FoundChild): FollowedPython {
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
      ...this.#tasks,
      requests: { ...this.#requests, findDebug: () => this.#system.asyncioDebug(pid, attached) },
      verdicts: this.#verdicts,
      clock: () => (this.#time.now() - this.#started) * 1000,
      cpu: () => this.#time.cpu() * 1000,
      kernel: this.#system.threadsOf(pid, known?.isRenumbered),
      cFunctions: this.#request.cFunctions,
      isTimeUp: () => this.#newcomers.isTimeUp,
      namesLater: known !== undefined,
      foundStrings: this.#foundStrings,
    });
    let reloader: string | undefined;
    if (pid === this.#pid)
      sampler.codes.onFunction = ({ fileName, name }) => {
        const found = reloaderOf(fileName, name);
        if (found === undefined || reloader !== undefined) return;
        reloader = found;
        this.#watch(pid, true);
        this.#send({ kind: 'attached', pid, pythonVersion: version, parentPid, reloader });
      };
    const newFor = known ? newcomerFor : 0;
    const mark = known ? known.mark : this.#system.markOf(pid, attached.live.memory);
    const followed = new FollowedPython(pid, attached, sampler, time, { facts, mark, newFor });
    if (!known) followed.begin(time);
    this.#newcomers.came(followed.newUntil);
    this.#processes++;
    this.#followed.push(followed);
    this.#encoder.beginTick(process, time * 1000);
    this.#encoder.endTick();
    if (!known)
      this.#children.follows({ pid, startTime: followed.startTime, location: attached.location, mark });
    this.#children.notEmpty();
    this.#send({ kind: 'attached', pid, pythonVersion: version, parentPid });
    return followed;
  }

  /** Samples all processes but newcomers that have had their part of the time; those as well in the `last` tick. */
  #tick(time: number, last: boolean): void {
    this.#ticks++;
    this.#newcomers.beginTick(time);
    for (const one of this.#followed) if (last || time >= one.newUntil) this.#sample(one, time, last);
    if (!last && this.#newcomers.areDue(time)) {
      const known = this.#followed.filter(({ newUntil }) => time < newUntil);
      this.#newcomers.serve(known, time, {
        next: () => this.#followNext(time),
        sample: (process) => this.#sample(process, time),
      });
    }
    this.#newcomers.endTick(this.#time.now() - this.#started);
    if (this.#firstSampleAt === 0 && this.#samples > 0)
      this.#firstSampleAt = this.#time.origin + this.#time.now();
  }

  #sample(process: FollowedPython, time: number, isLast = false): void {
    const samples = process.sample(time, isLast);
    if (samples === undefined) this.#lost(process);
    else this.#samples += samples;
  }

  /** The process ended, or became another program. */
  #lost(process: FollowedPython): void {
    this.#leave(process);
    if (process.pid === this.#pid) this.#rootChildCpu += process.childCpu;
    else this.#children.ended(process.sampler.recordedCpu / 1e6);
    this.#children.ask({ kind: 'lost', pid: process.pid });
    if (
      process.pid === this.#pid &&
      !this.#system.hasEnded(process.pid) &&
      // The number may be that of another process by now, which is none of ours.
      this.#system.facts(process.pid)?.startTime === process.startTime
    )
      this.#watch(process.pid, this.#request.subprocesses);
  }

  #leave(process: FollowedPython): void {
    this.#followed = this.#followed.filter((other) => other !== process);
    this.#endedCpu += process.cpu;
    process.close();
  }

  #unrecorded(): UnrecordedChildren {
    let accounted = this.#rootChildCpu;
    for (const { childCpu } of this.#followed) accounted += childCpu;
    return this.#children.unrecorded(this.#request.subprocesses ? accounted : 0);
  }

  #stats(): SamplingStats {
    const { missed, retried, torn, truncated } = this.#losses;
    let threads = 0;
    let cpu = this.#endedCpu;
    for (const process of this.#followed) {
      if (!this.#request.watches && process.isToBeAccounted(this.#lastTick))
        process.account(this.#system.facts(process.pid));
      threads += process.sampler.threadCount;
      cpu += process.cpu;
    }
    const counts = { samples: this.#samples, ticks: this.#ticks, missed, retried, torn, truncated };
    return {
      ...counts,
      leftOut: this.#newcomers.leftOut,
      threads,
      processes: this.#processes,
      wallSeconds: this.#lastTick / 1000,
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

  #finish(reason: EndReason): void {
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

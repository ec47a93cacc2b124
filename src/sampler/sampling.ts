import { performance } from 'node:perf_hooks';
import { reloaderOf } from '../frameworks/reloaders.js';
import type { Losses } from '../model/profile.js';
import { childrenOf, commandLine, descendantsOf, hasEnded, processFacts } from '../process/linux-process.js';
import { RecordingEncoder } from '../recording/recording-encoder.js';
import { type Attached, attach, saysNoPython, tryAttach } from './attach.js';
import { SamplingClock } from './clock.js';
import { shortFileNames } from './file-names.js';
import type { SamplerMessage, SamplingRequest, SamplingStats } from './messages.js';
import { ProcessSampler } from './process-sampler.js';

/** Milliseconds between looks at what changes slowly. */
const flushEvery = 400;
const lookForThreadsEvery = 1;
const refreshThreadsEvery = 1000;
const lookForChildrenEvery = 100;
const recheckCallsEvery = 250;
/** Looks at a child that is not (yet) Python before it is left alone: it may be a shell that becomes one. */
const patience = 30;
/** Milliseconds between looks whether a started program's interpreter is up, and whether there is a program. */
const waitForStart = 1;
const waitForPid = 1000;

interface Followed {
  readonly pid: number;
  readonly sampler: ProcessSampler;
  readonly attached: Attached;
  threadsLookedAt: number;
  threadsRefreshed: number;
  cpuBefore: number;
  cpuNow: number;
}

/** Samples until told to stop, the time is up or no target is left. Runs in a thread of its own and blocks it. */
export function runSampling(request: SamplingRequest, send: (message: SamplerMessage) => void): void {
  new Sampling(request, send).run();
}

class Sampling {
  readonly #request: SamplingRequest;
  readonly #send: (message: SamplerMessage) => void;
  readonly #encoder: RecordingEncoder;
  readonly #losses: Losses = { missed: 0, retried: 0, torn: 0, truncated: 0 };
  readonly #control: Int32Array;
  #pid: number;
  #followed: Followed[] = [];
  readonly #seen = new Map<string, number>();
  readonly #parents = new Set<number>();
  #started = 0;
  #ticks = 0;
  #samples = 0;
  #processes = 0;
  #endedCpu = 0;
  #firstSampleAt = 0;
  /** Milliseconds from the start to the last tick, which is how much time the recording tells of. */
  #lastTick = 0;

  constructor(request: SamplingRequest, send: (message: SamplerMessage) => void) {
    this.#request = request;
    this.#send = send;
    this.#pid = request.pid;
    this.#control = new Int32Array(request.control);
    const { rate, title, writer } = request;
    this.#encoder = new RecordingEncoder({ writer, startedAt: Date.now(), rate, title });
  }

  run(): void {
    const first = this.#attachFirst();
    this.#started = performance.now();
    // A program that we started and that is no Python itself, such as a shell, is where the Pythons come from.
    if (first) this.#follow(this.#pid, first, 0);
    else this.#parents.add(this.#pid);
    if (this.#request.subprocesses) this.#parents.add(this.#pid);
    const clock = new SamplingClock(this.#request.rate, this.#control);
    let flushed = this.#started;
    let looked = 0;
    let rechecked = this.#started;
    let end: 'duration' | 'stopped' | 'target-ended' | undefined;
    while (!end) {
      const now = clock.next();
      const time = now - this.#started;
      if (clock.stopped) end = 'stopped';
      else if (time >= this.#request.duration * 1000) end = 'duration';
      // Also at the end: else the time since the tick before would be nobody's, and that can be long.
      this.#tick(time);
      this.#lastTick = time;
      this.#losses.missed = clock.missed;
      if (end) break;
      if (now - looked >= lookForChildrenEvery) {
        looked = now;
        this.#lookForChildren(time);
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
      if (this.#followed.length === 0 && this.#parents.size === 0) end = 'target-ended';
    }
    this.#finish(end);
  }

  #attachFirst(): Attached | undefined {
    const { subprocesses } = this.#request;
    if (this.#pid > 0) {
      const pid = this.#pid;
      try {
        return attach(pid, { subprocesses });
      } catch (error) {
        // With its children wanted, a process that is no Python itself is only where they come from.
        if (subprocesses && saysNoPython(error)) return undefined;
        throw error;
      }
    }
    this.#send({ kind: 'ready' });
    while (this.#control[1] === 0 && this.#control[0] === 0) Atomics.wait(this.#control, 1, 0, waitForPid);
    const pid = this.#control[1]!;
    this.#pid = pid;
    if (pid === 0) return undefined;
    const deadline = performance.now() + this.#request.duration * 1000;
    while (this.#control[0] === 0 && performance.now() < deadline) {
      const attached = tryAttach(pid);
      if (attached) return attached;
      if (hasEnded(pid)) return undefined;
      if (childrenOf(pid).length > 0) return undefined;
      Atomics.wait(this.#control, 0, 0, waitForStart);
    }
    return undefined;
  }

  #follow(pid: number, attached: Attached, time: number): void {
    const facts = processFacts(pid);
    const { version } = attached.location;
    const parentPid = facts?.parentPid ?? 0;
    const process = this.#encoder.defineProcess({
      pid,
      parentPid,
      commandLine: commandLine(pid),
      pythonVersion: version,
    });
    const sampler = new ProcessSampler({
      memory: attached.live.memory,
      location: attached.location,
      encoder: this.#encoder,
      process,
      shortFileName: shortFileNames(pid, attached),
      losses: this.#losses,
      clock: () => (performance.now() - this.#started) * 1000,
      pid,
      cFunctions: this.#request.cFunctions,
    });
    let reloader: string | undefined;
    sampler.codes.onFunction = ({ fileName, name }) => {
      const found = pid === this.#pid ? reloaderOf(fileName, name) : undefined;
      if (found === undefined || reloader !== undefined) return;
      reloader = found;
      this.#parents.add(pid);
      this.#send({ kind: 'attached', pid, pythonVersion: version, parentPid, reloader });
    };
    sampler.refreshThreads(time * 1000);
    const cpu = facts?.cpuSeconds ?? 0;
    this.#processes++;
    this.#followed.push({
      pid,
      sampler,
      attached,
      threadsLookedAt: time,
      threadsRefreshed: time,
      cpuBefore: cpu,
      cpuNow: cpu,
    });
    this.#encoder.beginTick(process, time * 1000);
    this.#encoder.endTick();
    this.#seen.set(identity(pid), Number.POSITIVE_INFINITY);
    this.#send({ kind: 'attached', pid, pythonVersion: version, parentPid });
  }

  #tick(time: number): void {
    this.#ticks++;
    for (const process of this.#followed) {
      const { sampler } = process;
      if (time - process.threadsLookedAt >= lookForThreadsEvery) {
        process.threadsLookedAt = time;
        if (time - process.threadsRefreshed >= refreshThreadsEvery || sampler.threadsChanged(time * 1000)) {
          process.threadsRefreshed = time;
          sampler.refreshThreads(time * 1000);
        }
      }
      if (sampler.tick(time * 1000)) this.#samples += sampler.threadCount;
      else this.#lost(process);
    }
    if (this.#firstSampleAt === 0 && this.#samples > 0)
      this.#firstSampleAt = performance.timeOrigin + performance.now();
  }

  /** The process ended, or became another program. */
  #lost(process: Followed): void {
    this.#followed = this.#followed.filter((other) => other !== process);
    this.#endedCpu += process.cpuNow - process.cpuBefore;
    process.sampler.close();
    process.attached.live.close();
    this.#seen.delete(identity(process.pid));
    if (process.pid === this.#pid && !hasEnded(process.pid)) this.#parents.add(process.pid);
  }

  #lookForChildren(time: number): void {
    for (const parent of this.#parents) if (hasEnded(parent)) this.#parents.delete(parent);
    if (this.#parents.size === 0 && !this.#request.subprocesses) return;
    const pids = new Set<number>();
    for (const parent of [...this.#parents, ...this.#followed.map((process) => process.pid)])
      for (const child of [parent, ...descendantsOf(parent)]) pids.add(child);
    for (const pid of pids) {
      const key = identity(pid);
      const looks = this.#seen.get(key) ?? 0;
      if (looks > patience || this.#followed.some((process) => process.pid === pid)) continue;
      this.#seen.set(key, looks + 1);
      const attached = quietly(() => tryAttach(pid));
      if (attached) this.#follow(pid, attached, time);
    }
  }

  #stats(): SamplingStats {
    const { missed, retried, torn, truncated } = this.#losses;
    let threads = 0;
    let cpu = this.#endedCpu;
    for (const process of this.#followed) {
      process.cpuNow = processFacts(process.pid)?.cpuSeconds ?? process.cpuNow;
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
    };
  }

  #flush(): void {
    this.#encoder.losses(this.#losses);
    for (let payload = this.#encoder.takeBlock(); payload; payload = this.#encoder.takeBlock())
      this.#send({ kind: 'block', payload });
    this.#send({ kind: 'progress', stats: this.#stats() });
  }

  #finish(reason: 'duration' | 'stopped' | 'target-ended'): void {
    const stats = this.#stats();
    for (const { sampler } of this.#followed) sampler.finish(this.#lastTick * 1000);
    this.#encoder.finish(stats.wallSeconds * 1e6);
    this.#flush();
    this.#send({ kind: 'finished', reason, stats });
  }
}

/** A pid together with when it began: the same number may mean another process later. */
function identity(pid: number): string {
  return `${pid} ${processFacts(pid)?.startTime ?? 0}`;
}

function quietly<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}

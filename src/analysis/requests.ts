import { noContext, requestContext, routeContext } from '../model/context.js';
import { emptyStack, type Profile, type Runs } from '../model/profile.js';

/** A request, or a job, as the recording has it. Times are microseconds since the recording began. */
export interface SeenRequest {
  /** As `RequestsOfContexts.numberOf`. */
  readonly number: number;
  /** `GET /item/<int:id>`, or a job's name: the last that was read of it. `undefined`: nothing was. */
  readonly route: string | undefined;
  /** Index into `Profile.threads` of the thread that had it first; -1: its task was suspended then. */
  readonly thread: number;
  /** From the first sample with it to the last: to the sampling interval. */
  readonly first: number;
  readonly last: number;
  /**
   * It was there at the first sample of its process, or at the last: how long it really took is not known.
   */
  readonly isCut: boolean;
  /** It was there at the first sample of its process: it began before the recording. */
  readonly beganBefore: boolean;
  /** In one sample only, so it took anything up to two intervals. */
  readonly seenOnce: boolean;
}

/** Which request a context is of. */
export interface RequestsOfContexts {
  /** How many requests there are. */
  readonly count: number;
  /** A number from 0 up to `count`; -1: of none, or it is not known of which. */
  numberOf(context: number): number;
  /** Whether it is of a request of which it is not known which. */
  isUnknown(context: number): boolean;
  /** The route of a request. */
  routeOf(request: number): string | undefined;
}

const unknownRequest = -2;

const known = new WeakMap<Profile['contexts'], RequestNumbers>();

/** The profile may still be growing: what is new since the last call is looked at. */
export function requestsOfContexts({ contexts }: Profile): RequestsOfContexts {
  let numbers = known.get(contexts);
  if (!numbers) {
    numbers = new RequestNumbers(contexts);
    known.set(contexts, numbers);
  }
  numbers.update();
  return numbers;
}

/** A request may have several contexts: before its route was known, and with labels that changed meanwhile. */
class RequestNumbers implements RequestsOfContexts {
  readonly #contexts: Profile['contexts'];
  /** By context; -1: of none. */
  readonly #request: number[] = [];
  /** By request. */
  readonly #routes: (string | undefined)[] = [];
  readonly #byName = new Map<string, number>();

  constructor(contexts: Profile['contexts']) {
    this.#contexts = contexts;
  }

  get count(): number {
    return this.#routes.length;
  }

  numberOf(context: number): number {
    return Math.max(-1, this.#request[context] ?? -1);
  }

  isUnknown(context: number): boolean {
    return this.#request[context] === unknownRequest;
  }

  routeOf(request: number): string | undefined {
    return this.#routes[request];
  }

  update(): void {
    for (let at = this.#request.length; at < this.#contexts.length; at++) {
      const context = this.#contexts[at];
      const isRequest = context?.kind === requestContext;
      const name = isRequest ? context.values['request'] : undefined;
      // What is within a request, such as a task, is part of it.
      if (context === undefined || at === noContext) this.#request.push(-1);
      else if (name !== undefined) this.#request.push(this.#note(name, context.outer));
      else if (isRequest) this.#request.push(unknownRequest);
      else this.#request.push(this.#request[context.outer] ?? -1);
    }
  }

  #note(name: string, outer: number): number {
    const known = this.#byName.get(name);
    const request = known ?? this.#routes.length;
    if (known === undefined) {
      this.#byName.set(name, request);
      this.#routes.push(undefined);
    }
    this.#routes[request] = this.#routeAt(outer) ?? this.#routes[request];
    return request;
  }

  #routeAt(context: number): string | undefined {
    for (let at = context; at !== noContext; at = this.#contexts[at]!.outer) {
      const { kind, values } = this.#contexts[at]!;
      if (kind === routeContext) return values['route'];
    }
    return undefined;
  }
}

/** All requests of a recording, by their number. */
export function seenRequests(profile: Profile): SeenRequest[] {
  const numbers = requestsOfContexts(profile);
  const sightings = new Sightings(numbers.count);
  const { runs, suspended, threads } = profile;
  // By thread: the request of its first run, which may begin when a run of no time ended.
  const firstOfThread = new Map<number, number>();
  // Since when a thread had one in hand of which it was not known yet which.
  const unknownSince = new Map<number, number>();
  const ofThreads = new Spans();
  for (let run = 0; run < runs.stack.length; run++) {
    const thread = runs.thread.at(run);
    const process = threads[thread]?.process ?? -1;
    const request = numbers.numberOf(runs.context.at(run));
    const isUnknown = numbers.isUnknown(runs.context.at(run));
    if (!firstOfThread.has(thread)) {
      if (!isUnknown) firstOfThread.set(thread, request);
      else if (!unknownSince.has(thread)) unknownSince.set(thread, runs.start.at(run));
    }
    ofThreads.add(process, runs, run);
    if (runs.stack.at(run) !== emptyStack) sightings.add(request, runs, run, { thread, process });
  }
  const ofTasks = new Spans();
  for (let run = 0; run < suspended.runs.stack.length; run++) {
    const process = suspended.processes[suspended.runs.thread.at(run)] ?? -1;
    const request = numbers.numberOf(suspended.runs.context.at(run));
    ofTasks.add(process, suspended.runs, run);
    sightings.add(request, suspended.runs, run, { thread: -1, process });
  }
  const longestTick = 2e6 / profile.info.rate;
  /** Threads that start with a request, as some servers have them, begin after their process did. */
  const wasThere = ({ number, thread, process, first }: Sighting) =>
    thread < 0
      ? first <= ofTasks.begin(process)
      : firstOfThread.get(thread) === number &&
        (unknownSince.get(thread) ?? first) < ofThreads.begin(process) + longestTick;
  /** Who waited once may wait again after the last look at tasks. */
  const isStillThere = ({ process, last, wasSuspended }: Sighting) =>
    last >= ofThreads.end(process) || (wasSuspended && last >= ofTasks.end(process));
  return sightings.list().map((sighting) => {
    const beganBefore = wasThere(sighting);
    return {
      ...{ number: sighting.number, route: numbers.routeOf(sighting.number), thread: sighting.thread },
      ...{ first: sighting.first, last: sighting.last, seenOnce: sighting.samples === 1 },
      ...{ beganBefore, isCut: beganBefore || isStillThere(sighting) },
    };
  });
}

/** When the samples of each process began and ended. */
class Spans {
  readonly #begins = new Map<number, number>();
  readonly #ends = new Map<number, number>();

  add(process: number, { start, duration }: Runs, run: number): void {
    const begin = start.at(run);
    if (!this.#begins.has(process)) this.#begins.set(process, begin);
    this.#ends.set(process, Math.max(this.end(process), begin + duration.at(run)));
  }

  begin(process: number): number {
    return this.#begins.get(process) ?? 0;
  }

  end(process: number): number {
    return this.#ends.get(process) ?? 0;
  }
}

interface Sighting {
  readonly number: number;
  readonly first: number;
  readonly last: number;
  /** That had it first; -1: a task that was suspended. */
  readonly thread: number;
  readonly process: number;
  readonly samples: number;
  readonly wasSuspended: boolean;
}

class Sightings {
  readonly #first: Float64Array;
  readonly #last: Float64Array;
  readonly #thread: Int32Array;
  readonly #process: Int32Array;
  readonly #samples: Float64Array;
  readonly #suspended: Uint8Array;

  constructor(count: number) {
    this.#first = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
    this.#last = new Float64Array(count);
    this.#thread = new Int32Array(count).fill(-1);
    this.#process = new Int32Array(count).fill(-1);
    this.#samples = new Float64Array(count);
    this.#suspended = new Uint8Array(count);
  }

  add(request: number, runs: Runs, run: number, of: { thread: number; process: number }): void {
    if (request < 0) return;
    const [start, duration] = [runs.start.at(run), runs.duration.at(run)];
    if (start < this.#first[request]!) {
      this.#first[request] = start;
      this.#thread[request] = of.thread;
      this.#process[request] = of.process;
    }
    if (of.thread < 0) this.#suspended[request] = 1;
    this.#last[request] = Math.max(this.#last[request]!, start + duration);
    this.#samples[request]! += runs.samples.at(run);
  }

  list(): Sighting[] {
    const all: Sighting[] = [];
    for (const [number, samples] of this.#samples.entries()) {
      if (samples === 0) continue;
      all.push({
        ...{ number, samples, first: this.#first[number]!, last: this.#last[number]! },
        ...{ thread: this.#thread[number]!, process: this.#process[number]! },
        wasSuspended: this.#suspended[number] === 1,
      });
    }
    return all;
  }
}

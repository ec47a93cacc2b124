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
  /** It was there at the first sample of its thread, or at the last of all: how long it really took is not known. */
  readonly isCut: boolean;
  /** In one sample only, so it took anything up to two intervals. */
  readonly seenOnce: boolean;
}

/** Which request a context is of. */
export interface RequestsOfContexts {
  /** How many requests there are. */
  readonly count: number;
  /** A number from 0 up to `count`; -1: of none. */
  numberOf(context: number): number;
  /** The route of a request. */
  routeOf(request: number): string | undefined;
}

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
  /** By context. */
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
    return this.#request[context] ?? -1;
  }

  routeOf(request: number): string | undefined {
    return this.#routes[request];
  }

  update(): void {
    for (let at = this.#request.length; at < this.#contexts.length; at++) {
      const context = this.#contexts[at];
      const name = context?.kind === requestContext ? context.values['request'] : undefined;
      // What is within a request, such as a task, is part of it.
      if (context === undefined || at === noContext) this.#request.push(-1);
      else if (name === undefined) this.#request.push(this.#request[context.outer] ?? -1);
      else this.#request.push(this.#note(name, context.outer));
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
  const begins = new Map<number, number>();
  let end = 0;
  const { runs, suspended } = profile;
  for (let run = 0; run < runs.stack.length; run++) {
    const [thread, start] = [runs.thread.at(run), runs.start.at(run)];
    if (!begins.has(thread)) begins.set(thread, start);
    end = Math.max(end, start + runs.duration.at(run));
    const request = runs.stack.at(run) === emptyStack ? -1 : numbers.numberOf(runs.context.at(run));
    if (request >= 0) sightings.add(request, runs, run, thread);
  }
  for (let run = 0; run < suspended.runs.stack.length; run++)
    sightings.add(numbers.numberOf(suspended.runs.context.at(run)), suspended.runs, run, -1);
  const requests: SeenRequest[] = [];
  for (let number = 0; number < numbers.count; number++) {
    const [first, last] = [sightings.first[number]!, sightings.last[number]!];
    if (sightings.samples[number] === 0) continue;
    const thread = sightings.thread[number]!;
    const isCut = isCutAt(profile, thread < 0 ? 0 : begins.get(thread), first) || last >= end;
    const seenOnce = sightings.samples[number] === 1;
    requests.push({ number, route: numbers.routeOf(number), thread, first, last, isCut, seenOnce });
  }
  return requests;
}

class Sightings {
  readonly first: Float64Array;
  readonly last: Float64Array;
  readonly thread: Int32Array;
  readonly samples: Float64Array;

  constructor(count: number) {
    this.first = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
    this.last = new Float64Array(count);
    this.thread = new Int32Array(count).fill(-1);
    this.samples = new Float64Array(count);
  }

  add(request: number, runs: Runs, run: number, thread: number): void {
    if (request < 0) return;
    const [start, duration] = [runs.start.at(run), runs.duration.at(run)];
    if (start < this.first[request]!) {
      this.first[request] = start;
      this.thread[request] = thread;
    }
    this.last[request] = Math.max(this.last[request]!, start + duration);
    this.samples[request]! += runs.samples.at(run);
  }
}

/** Threads that start with a request, as some servers have them, begin after the recording did. */
function isCutAt({ info }: Profile, threadBegan: number | undefined, begin: number): boolean {
  return begin === threadBegan && begin < 2e6 / info.rate;
}

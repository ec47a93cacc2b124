import { noContext, requestContext, routeContext } from '../model/context.js';
import { emptyStack, type Profile } from '../model/profile.js';

/** A request, or a job, as the recording has it. Times are microseconds since the recording began. */
export interface SeenRequest {
  /** As `RequestsOfContexts.numberOf`. */
  readonly number: number;
  /** `GET /item/<int:id>`, or a job's name: the last that was read of it. `undefined`: nothing was. */
  readonly route: string | undefined;
  /** Index into `Profile.threads` of the thread that had it first. */
  readonly thread: number;
  /** From the first sample with it to the last: to the sampling interval. */
  readonly first: number;
  readonly last: number;
  /**
   * It was there at the first sample of its process, or at the last: how long it really took is not known.
   */
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
  const { runs } = profile;
  const numbers = requestsOfContexts(profile);
  const first = new Float64Array(numbers.count).fill(Number.POSITIVE_INFINITY);
  const last = new Float64Array(numbers.count);
  const thread = new Int32Array(numbers.count).fill(-1);
  const samples = new Float64Array(numbers.count);
  // By thread: the request of its first run, which may begin when a run of no time ended.
  const firstOfThread = new Map<number, number>();
  const begins = new Map<number, number>();
  const ends = new Map<number, number>();
  const processOf = (index: number) => profile.threads[index]?.process ?? -1;
  for (let run = 0; run < runs.stack.length; run++) {
    const of = runs.thread.at(run);
    const start = runs.start.at(run);
    const request = numbers.numberOf(runs.context.at(run));
    if (!firstOfThread.has(of)) firstOfThread.set(of, request);
    const end = start + runs.duration.at(run);
    const process = processOf(of);
    if (!begins.has(process)) begins.set(process, start);
    ends.set(process, Math.max(ends.get(process) ?? 0, end));
    if (request < 0 || runs.stack.at(run) === emptyStack) continue;
    if (start < first[request]!) {
      first[request] = start;
      thread[request] = of;
    }
    last[request] = Math.max(last[request]!, end);
    samples[request]! += runs.samples.at(run);
  }
  const longestTick = 2e6 / profile.info.rate;
  return Array.from(first, (begin, request): SeenRequest => {
    const of = thread[request]!;
    // Threads that start with a request, as some servers have them, begin after their process did.
    const wasThere = firstOfThread.get(of) === request && begin < begins.get(processOf(of))! + longestTick;
    return {
      ...{ number: request, route: numbers.routeOf(request), thread: of, first: begin, last: last[request]! },
      isCut: wasThere || last[request]! >= ends.get(processOf(of))!,
      seenOnce: samples[request] === 1,
    };
  }).filter(({ thread }) => thread >= 0);
}

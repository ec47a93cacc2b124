// What many agents do to one receiver, and it to them, when it is away for an hour: the queue and the sender are those
// of the agent, time is simulated.
import type { ProfileMessage } from '../src/delivery/profile-message.js';
import { ProfileQueue } from '../src/delivery/profile-queue.js';
import { ProfileSender } from '../src/delivery/profile-sender.js';
import { pushTarget } from '../src/delivery/push-target.js';
import { SimulatedClock } from './simulated-clock.js';
import { quantile } from './statistics.js';

export interface OutageSettings {
  readonly hosts: number;
  /** Profiles a second that the receiver takes; it answers others with 429. */
  readonly capacity: number;
  /** Part of a window over which agents spread what they send. */
  readonly spread: number;
}

export interface OutageResult {
  /** Requests in the busiest second before the outage, in it and after it. */
  readonly busiest: { readonly before: number; readonly during: number; readonly after: number };
  /** Of each host in the hour. */
  readonly attemptsDuring: number;
  /** Most profiles of one host in its queue: how many bytes these are depends on the programs. */
  readonly longestQueue: number;
  /** Seconds from the end of the outage until a host delivered something: the median, and the last one. */
  readonly firstDelivered: { readonly median: number; readonly last: number };
  /** Seconds until all queues were empty again. */
  readonly recovered: number;
  readonly delivered: number;
  readonly made: number;
}

const second = 1000;
/** Milliseconds: that of the agent's windows, and how long an answer takes. */
const window = 10 * second;
const latency = 60;
const outage = { from: 120 * second, until: 120 * second + 3_600_000 };
const end = outage.until + 1500 * second;

/** One profile a host and window: what is said of it holds for several in proportion. */
export async function simulateOutage({ hosts, capacity, spread }: OutageSettings): Promise<OutageResult> {
  const clock = new SimulatedClock();
  const random = seeded(1);
  const perSecond: number[] = new Array(end / second + 2).fill(0);
  const taken: number[] = new Array(end / second + 2).fill(0);
  const firsts: number[] = [];
  const counts = { delivered: 0, made: 0, attemptsDuring: 0, longestQueue: 0, lastAt: 0 };
  const isDown = () => clock.now >= outage.from && clock.now < outage.until;

  const receive = async (): Promise<Response> => {
    perSecond[Math.floor(clock.now / second)]!++;
    if (isDown()) {
      counts.attemptsDuring++;
      throw Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } });
    }
    await clock.pause(latency);
    const now = Math.floor(clock.now / second);
    if (taken[now]! >= capacity) return answer(429);
    taken[now]!++;
    return answer(200);
  };

  const target = pushTarget('http://receiver:4040', { environment: {} });
  const body = new Uint8Array();
  const senders = Array.from({ length: hosts }, () => {
    let isFirst = true;
    const queue = new ProfileQueue({ limit: Number.POSITIVE_INFINITY, onDrop: () => {} });
    const sender = new ProfileSender({
      ...{ queue, timeout: 600_000, random, target: () => target, now: () => clock.now, fetch: receive },
      pause: (milliseconds) => clock.pause(milliseconds),
      onOutcome: ({ kind }) => {
        if (kind !== 'delivered') return;
        counts.delivered++;
        if (clock.now < outage.until) return;
        if (isFirst) firsts.push((clock.now - outage.until) / second);
        isFirst = false;
        // One that was made before the outage ended.
        if (queue.count > 1) counts.lastAt = clock.now;
      },
    });
    // An agent began at any time, and hears of its samples 2.5 times a second.
    const phase = second + random() * 400;
    const offset = random() * spread * window;
    const make = (turn: number) => {
      const message: ProfileMessage = {
        ...{ service: 'shop', labels: {}, from: turn - window, until: turn, rate: 100, body },
      };
      counts.made++;
      queue.push(message);
      counts.longestQueue = Math.max(counts.longestQueue, queue.count);
      clock.at(clock.now + offset, () => sender.wake());
      if (turn + window < end - 60 * second) clock.at(turn + window + phase, () => make(turn + window));
    };
    clock.at(window + phase, () => make(window));
    return sender;
  });
  await clock.run(end);
  const stopped = Promise.all(senders.map((sender) => sender.stop(0)));
  // Those that pause wake up.
  await clock.run(Number.POSITIVE_INFINITY);
  await stopped;
  const between = (from: number, until: number) =>
    perSecond.slice(from / second, until / second).reduce((most, count) => Math.max(most, count), 0);
  return {
    busiest: {
      before: between(60 * second, outage.from),
      during: between(outage.from + window, outage.until),
      after: between(outage.until, end),
    },
    attemptsDuring: counts.attemptsDuring / hosts,
    longestQueue: counts.longestQueue,
    firstDelivered: { median: quantile(firsts, 0.5), last: Math.max(...firsts) },
    recovered: (counts.lastAt - outage.until) / second,
    delivered: counts.delivered,
    made: counts.made,
  };
}

/** As much of an answer as is looked at: a real one takes most of the time of a simulation. */
function answer(status: number): Response {
  return { ok: status === 200, status, body: null, headers: new Headers() } as Response;
}

/** The same numbers each time: https://en.wikipedia.org/wiki/Linear_congruential_generator */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

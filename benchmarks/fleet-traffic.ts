// What a window of many agents is on the wire, and what it takes to send and to receive it: real requests, of profiles
// that are made up.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { defaultView } from '../src/analysis/view-options.js';
import type { ProfileMessage } from '../src/delivery/profile-message.js';
import { pushTarget } from '../src/delivery/push-target.js';
import { profileMessage } from '../src/delivery/recording-messages.js';
import { sendProfile } from '../src/delivery/send-profile.js';
import { receiverIds } from '../src/model/receiver-id.js';
import { profileFromText } from '../tests/support/profile-from-text.js';
import type { ReceivedTraffic } from './fleet-receiver.js';

export interface TrafficRow {
  readonly format: string;
  readonly kind: string;
  /** Of a request with its headers, and of its body alone. */
  readonly bytes: number;
  readonly body: number;
  readonly requestsPerSecond: number;
  /** CPU time of one profile: to make and send the request, and to take it and forget it. */
  readonly senderMicroseconds: number;
  readonly receiverMicroseconds: number;
}

/** So many agents' connections at a time. */
const atOnce = 64;

/** What processes do: how many different stacks a thread has in a window, and how deep they are. */
const kinds = {
  'a process that waits': { threads: 2, stacks: 4, depth: 12 },
  'a busy server': { threads: 8, stacks: 12, depth: 35 },
} as const;

/** One profile of each agent, in each format. */
export async function fleetTraffic(hosts: number): Promise<TrafficRow[]> {
  const receiver = fork(new URL('./fleet-receiver.js', import.meta.url));
  try {
    const [port] = (await once(receiver, 'message')) as [number];
    const rows: TrafficRow[] = [];
    for (const format of receiverIds)
      for (const [kind, shape] of Object.entries(kinds)) {
        const target = pushTarget(`http://127.0.0.1:${port}`, { format, environment: {} });
        const message = madeUp(shape);
        const options = { fetch, timeout: 60_000, now: Date.now };
        const from = performance.now();
        const cpu = process.cpuUsage();
        let left = hosts;
        const agents = async () => {
          while (left-- > 0) {
            const outcome = await sendProfile(target, message, options);
            if (outcome.kind !== 'delivered') throw new Error(JSON.stringify(outcome));
          }
        };
        await Promise.all(Array.from({ length: atOnce }, agents));
        const seconds = (performance.now() - from) / 1000;
        const { user, system } = process.cpuUsage(cpu);
        receiver.send('count');
        const [seen] = (await once(receiver, 'message')) as [ReceivedTraffic];
        rows.push({
          ...{ format, kind },
          bytes: seen.bytes / seen.requests,
          body: target.receiver.request(target.endpoint, message).body.length,
          requestsPerSecond: seen.requests / seconds,
          senderMicroseconds: (user + system) / hosts,
          receiverMicroseconds: (seen.cpu * 1e6) / hosts,
        });
      }
    return rows;
  } finally {
    receiver.disconnect();
  }
}

const words =
  'load save user order cart item price check session token parse render query fetch commit cache index view form field'.split(
    ' ',
  );

/** Stacks that share their outer half, with names as people give them; the same each time. */
function madeUp({ threads, stacks, depth }: (typeof kinds)[keyof typeof kinds]): ProfileMessage {
  let state = 7;
  const next = (most: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % most;
  };
  const name = (at: number) => `${words[at % 20]}_${words[Math.floor(at / 20) % 20]}`;
  const picture = Object.fromEntries(
    Array.from({ length: threads }, (_, thread) => {
      const rows = Array.from({ length: depth }, (_, row) =>
        Array.from(
          { length: stacks },
          () => `${name(row < depth / 2 ? row : next(120))}:${1 + next(2) * 7}`,
        ).join(' '),
      );
      return [thread === 0 ? 'MainThread' : `worker-${'abcdefgh'[thread]}`, rows.join(' | ')];
    }),
  );
  const profile = profileFromText(picture);
  const labels = { host: 'node-1234.example.com', pid: '123456', python_version: '3.13.0' };
  return profileMessage(profile, defaultView, { service: 'shop-checkout', labels })!;
}

import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import type { Profile } from '../../src/model/profile.js';
import { RecordingDecoder } from '../../src/recording/recording-decoder.js';
import type { FinderMessage, FinderRequest } from '../../src/sampler/child-finder-messages.js';
import type { SamplerMessage, SamplingOrder, SamplingRequest } from '../../src/sampler/messages.js';
import { runSampling } from '../../src/sampler/sampling.js';
import { thisMachine } from '../../src/sampler/sampling-world.js';
import { changingImage } from './changing-image.js';
import { FakeProcesses } from './fake-processes.js';
import { stateFixtures } from './images.js';
import { runsOf } from './sampled-process.js';
import { TestTime } from './test-time.js';

/** The Python of its processes, if nothing else is said. */
export const fixture = stateFixtures.findLast(({ isFreeThreaded }) => !isFreeThreaded)!;
/** Pids. */
export const [target, child] = [100, 101];
type Finished = Extract<SamplerMessage, { kind: 'finished' }>;

/** A recording, made on a machine and in a time of the test's. */
export class Recorded {
  readonly processes = new FakeProcesses();
  readonly time = new TestTime();
  readonly messages: SamplerMessage[] = [];
  /** What the finder of children was asked. */
  readonly asked: FinderRequest[] = [];
  /** How often memory was given back. */
  returned = 0;
  readonly #orders: SamplingOrder[] = [];
  readonly #control = new SharedArrayBuffer(12);
  readonly #channel = new MessageChannel();

  /** A process that runs the Python of an image. */
  python(pid: number, parentPid: number, of = fixture) {
    const image = changingImage(of);
    const { memory, location, kernel } = image;
    return Object.assign(this.processes.add(pid, parentPid, { python: { memory, location, kernel } }), {
      image,
    });
  }

  order(order: SamplingOrder): void {
    this.#orders.push(order);
    new Int32Array(this.#control)[2]!++;
  }

  setCell(index: 0 | 1, value: number): void {
    new Int32Array(this.#control)[index] = value;
  }

  /** What the finder of children answers. */
  answer(message: FinderMessage): void {
    this.#channel.port2.postMessage(message);
  }

  found(pid: number): void {
    const { python, mark } = this.processes.byPid.get(pid)!;
    const facts = this.processes.facts(pid)!;
    const { layout } = python!.location;
    this.answer({ kind: 'layout', number: 0, layout });
    const location = { ...python!.location, layout: 0 };
    this.answer({ kind: 'found', pid, facts, isRenumbered: false, location, mark, commandLine: ['child'] });
  }

  /** Takes over what was asked so far. */
  listen(): readonly FinderRequest[] {
    const next = () => receiveMessageOnPort(this.#channel.port2);
    for (let got = next(); got; got = next()) this.asked.push(got.message);
    return this.asked;
  }

  run(request: Partial<SamplingRequest> = {}): Finished {
    try {
      runSampling(
        {
          ...{ pid: target, rate: 100, duration: 1, subprocesses: false, adoptsOrphans: false },
          ...{ cFunctions: true, title: 'a title', writer: 'test' },
          ...{ control: this.#control, finder: this.#channel.port1, ...request },
        },
        (message) => this.messages.push(message),
        {
          ...thisMachine,
          processes: this.processes,
          time: this.time,
          nextOrder: () => this.#orders.shift(),
          returnMemory: () => this.returned++,
        },
      );
      this.listen();
    } finally {
      this.#channel.port1.close();
      this.#channel.port2.close();
    }
    return this.messages.at(-1) as Finished;
  }

  all<Kind extends SamplerMessage['kind']>(kind: Kind) {
    return this.messages.filter(
      (message): message is Extract<SamplerMessage, { kind: Kind }> => message.kind === kind,
    );
  }

  profile(): Profile {
    const decoder = new RecordingDecoder();
    for (const { payload } of this.all('block')) decoder.feed(payload);
    return decoder.snapshot();
  }
}

/** Samples of each process, by its pid. */
export function samplesOf(profile: Profile): Map<number, number> {
  const samples = new Map<number, number>();
  for (const run of runsOf(profile)) {
    const { pid } = profile.processes[profile.threads[run.thread]!.process]!;
    samples.set(pid, (samples.get(pid) ?? 0) + run.samples);
  }
  return samples;
}

import { type MessagePort, Worker } from 'node:worker_threads';
import { threadOptions } from './sampler-worker.js';

/** What the thread that finds children is given. */
export interface FinderData {
  /** `FinderRequest` from the sampler, `FinderMessage` to it. */
  readonly port: MessagePort;
  /** `SamplingRequest.control`. */
  readonly control: SharedArrayBuffer;
  /** For who samples for months. */
  readonly isLasting: boolean;
}

export interface FinderWorker {
  /** Settles when it looks for children. */
  readonly up: PromiseLike<void>;
  /** Settles when it throws what it does not expect. */
  readonly failed: Promise<Error>;
}

/** Starts the thread that finds children. It ends by itself when sampling does, and keeps nobody up. */
export function startFinder(data: FinderData): FinderWorker {
  const worker = new Worker(new URL('./child-finder-thread.js', import.meta.url), {
    workerData: data,
    transferList: [data.port],
    ...threadOptions(),
  });
  const up = new Promise<void>((resolve) => worker.once('message', () => resolve()));
  const failed = new Promise<Error>((resolve) => worker.once('error', resolve));
  worker.unref();
  return { up, failed };
}

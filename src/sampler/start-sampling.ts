import { PyglassError } from '../model/error.js';
import { startFinder } from './finder-worker.js';
import type { SamplerMessage, SamplingOrder, SamplingRequest } from './messages.js';
import { takeSampler } from './sampler-worker.js';

export type Finished = Extract<SamplerMessage, { kind: 'finished' }>;

export interface RunningSampling {
  /** Asks for the end; `finished` settles soon after. */
  stop(): void;
  /**
   * Settles when the sampler waits for the pid of a program to be started, and with its children wanted, also the
   * thread that finds them: it loads for 50 ms, on a busy machine 400, and a child of that time would not be seen.
   */
  readonly ready: Promise<void>;
  /** The pid of that program, which has just been started. */
  started(pid: number): void;
  /** Counts from the next tick on. */
  order(order: SamplingOrder): void;
  /** How it ended. Rejects with a PyglassError when the target cannot be sampled. */
  readonly finished: Promise<Finished>;
}

/** Samples in a thread of its own; `onMessage` hears of everything but the end. */
export function startSampling(
  request: Omit<SamplingRequest, 'control' | 'finder'>,
  onMessage: (message: SamplerMessage) => void,
  start = startFinder,
): RunningSampling {
  const { worker, control, finderPort, failed: threadFailed, ended } = takeSampler(request.subprocesses);
  const cells = new Int32Array(control);
  const post = (cell: number, value: number) => {
    Atomics.store(cells, cell, value);
    Atomics.notify(cells, cell);
  };
  let markReady = () => {};
  const ready = new Promise<void>((resolve) => {
    markReady = resolve;
  });
  let finder: ReturnType<typeof startFinder> | undefined;
  let failed = (_error: Error) => {};
  const findChildren = () => {
    if (finder) return;
    finder = start({ port: finderPort, control, isLasting: request.watches === true });
    finder.failed.then((error) => failed(error));
  };
  worker.postMessage(request);
  // What is started is to be seen from its beginning.
  if (request.subprocesses) findChildren();
  const finished = new Promise<Finished>((resolve, reject) => {
    failed = reject;
    worker.on('message', (message: SamplerMessage) => {
      if (message.kind === 'finished') resolve(message);
      else if (message.kind === 'find-children') findChildren();
      else if (message.kind === 'ready') Promise.resolve(finder?.up).then(markReady);
      else if (message.kind === 'failed')
        reject(new PyglassError(message.code, message.message, { ...message.detail }));
      else if (message.kind !== 'loaded') onMessage(message);
    });
    threadFailed.then(reject);
    ended.then(() => {
      // So that the thread that finds children ends as well.
      post(0, 1);
      reject(new PyglassError('sampler-died', 'the sampling thread ended unexpectedly'));
    });
  });
  return {
    finished,
    ready,
    started: (pid) => post(1, pid),
    order: (order) => {
      worker.postMessage(order);
      Atomics.add(cells, 2, 1);
    },
    stop: () => {
      post(0, 1);
      // Also when there is no program yet to wait for.
      Atomics.notify(cells, 1);
    },
  };
}

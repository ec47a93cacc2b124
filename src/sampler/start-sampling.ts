import nodeModule from 'node:module';
import { dirname } from 'node:path';
import { MessageChannel, Worker, type WorkerOptions } from 'node:worker_threads';
import { PyglassError } from '../model/error.js';
import type { LabelRequest, SamplerMessage, SamplingRequest } from './messages.js';

/**
 * A sample makes no garbage, and what else the thread does little: V8 would let that pile up to 48 MB. This much is
 * collected now and then, in half a millisecond as a rule.
 */
const youngGenerationMb = 6;

export type Finished = Extract<SamplerMessage, { kind: 'finished' }>;

export interface RunningSampling {
  /** Asks for the end; `finished` settles soon after. */
  stop(): void;
  /** Settles when the sampler waits for the pid of a program to be started. */
  readonly ready: Promise<void>;
  /** The pid of that program, which has just been started. */
  started(pid: number): void;
  /** Counts from the next tick on. */
  label(request: LabelRequest): void;
  /** How it ended. Rejects with a PyglassError when the target cannot be sampled. */
  readonly finished: Promise<Finished>;
}

/** Samples in a thread of its own; `onMessage` hears of everything but the end. */
export function startSampling(
  request: Omit<SamplingRequest, 'control' | 'finder'>,
  onMessage: (message: SamplerMessage) => void,
): RunningSampling {
  const control = new SharedArrayBuffer(12);
  const cells = new Int32Array(control);
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(new URL('./sampler-thread.js', import.meta.url), {
    workerData: { ...request, control, finder: port1 },
    transferList: [port1],
    ...threadOptions(),
  });
  const post = (cell: number, value: number) => {
    Atomics.store(cells, cell, value);
    Atomics.notify(cells, cell);
  };
  let markReady = () => {};
  const ready = new Promise<void>((resolve) => {
    markReady = resolve;
  });
  let finds = false;
  let failed = (_error: Error) => {};
  const findChildren = () => {
    if (finds) return;
    finds = true;
    const finder = new Worker(new URL('./child-finder-thread.js', import.meta.url), {
      workerData: { port: port2, control },
      transferList: [port2],
      ...threadOptions(),
    });
    finder.on('error', (error) => failed(error));
    finder.unref();
  };
  // What is started is to be seen from its beginning.
  if (request.subprocesses) findChildren();
  const finished = new Promise<Finished>((resolve, reject) => {
    failed = reject;
    worker.on('message', (message: SamplerMessage) => {
      if (message.kind === 'finished') resolve(message);
      else if (message.kind === 'find-children') findChildren();
      else if (message.kind === 'ready') markReady();
      else if (message.kind === 'failed')
        reject(new PyglassError(message.code, message.message, { ...message.detail }));
      else onMessage(message);
    });
    worker.on('error', reject);
    worker.on('exit', () => {
      // So that the thread that finds children ends as well.
      post(0, 1);
      reject(new PyglassError('sampler-died', 'the sampling thread ended unexpectedly'));
    });
  });
  return {
    finished,
    ready,
    started: (pid) => post(1, pid),
    label: (request) => {
      worker.postMessage(request);
      Atomics.add(cells, 2, 1);
    },
    stop: () => {
      post(0, 1);
      // Also when there is no program yet to wait for.
      Atomics.notify(cells, 1);
    },
  };
}

/** What both threads have in common. A compile cache of ours is theirs as well, which Node does not do by itself. */
function threadOptions(): WorkerOptions {
  const options: WorkerOptions = {
    resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMb },
    // Options of whoever uses us are about their own files: `--input-type` ends a thread that is a file, `--import`
    // loads their loaders in it.
    execArgv: [],
  };
  // From Node 22.8 on. The folder is that of this version of Node, within the one that it was given.
  const { getCompileCacheDir } = nodeModule as { getCompileCacheDir?(): string | undefined };
  const cache = getCompileCacheDir?.();
  if (cache === undefined) return options;
  return { ...options, env: { ...process.env, NODE_COMPILE_CACHE: dirname(cache) } };
}

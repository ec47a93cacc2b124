import nodeModule from 'node:module';
import { dirname } from 'node:path';
import { MessageChannel, type MessagePort, Worker, type WorkerOptions } from 'node:worker_threads';
import type { SamplerMessage } from './messages.js';

/**
 * A sample makes no garbage, and what else the thread does little: V8 would let that pile up to 48 MB. This much is
 * collected now and then, in half a millisecond as a rule.
 */
const youngGenerationMb = 6;
/**
 * The same where children are followed, each of which leaves a quarter of a megabyte at its first samples. What is
 * alive then is copied at each collection, and is old after two. To begin with 1,000 one after the other, ten alive at
 * a time, 166 collections took 500 ms, and with this 83 took 360, with everything else of the machine busy.
 */
const withChildrenMb = 12;

/** The thread that samples, which waits for its `SamplingRequest`. */
export interface SamplerWorker {
  readonly worker: Worker;
  /** `SamplingRequest.control`. */
  readonly control: SharedArrayBuffer;
  /** The other end of the thread's port for the one that finds children. */
  readonly finderPort: MessagePort;
  /** Settles when it throws what it does not expect. */
  readonly failed: Promise<Error>;
  /** Settles when it has ended. */
  readonly ended: Promise<void>;
}

let early: SamplerWorker | undefined;

/**
 * Starts the thread before there is a request: to start takes it as long as the rest takes to load, and there are two
 * processors as a rule. Where there never is a request, it keeps us only until it has loaded: a thread that is ended
 * while it loads koffi ends the whole process with SIGABRT (2 of 60 times where a port was taken).
 */
export function startSamplerEarly(withChildren: boolean): void {
  if (early) return;
  const sampler = startSampler(withChildren);
  early = sampler;
  sampler.worker.once('message', ({ kind }: SamplerMessage) => {
    if (kind === 'loaded' && early === sampler) sampler.worker.unref();
  });
}

/** The thread that was started early, or else one that is started now. */
export function takeSampler(withChildren: boolean): SamplerWorker {
  const sampler = early ?? startSampler(withChildren);
  early = undefined;
  sampler.worker.ref();
  return sampler;
}

function startSampler(withChildren: boolean): SamplerWorker {
  const control = new SharedArrayBuffer(12);
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(new URL('./sampler-thread.js', import.meta.url), {
    workerData: { control, finder: port1 },
    transferList: [port1],
    ...threadOptions(withChildren ? withChildrenMb : youngGenerationMb),
  });
  const failed = new Promise<Error>((resolve) => worker.once('error', resolve));
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  return { worker, control, finderPort: port2, failed, ended };
}

/** What all threads have in common. A compile cache of ours is theirs as well, which Node does not do by itself. */
export function threadOptions(youngMb = youngGenerationMb): WorkerOptions {
  const options: WorkerOptions = {
    resourceLimits: { maxYoungGenerationSizeMb: youngMb },
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

import { setTimeout as pause } from 'node:timers/promises';
import { functionName } from '../../src/analysis/labels.js';
import { emptyStack, type Profile } from '../../src/model/profile.js';
import { linuxSampledThreads } from '../../src/process/sampled-threads.js';
import { RecordingDecoder } from '../../src/recording/recording-decoder.js';
import { RecordingEncoder } from '../../src/recording/recording-encoder.js';
import { attach } from '../../src/sampler/attach.js';
import { ProcessSampler } from '../../src/sampler/process-sampler.js';
import { VerdictCounts } from '../../src/sampler/stacks/verdicts.js';

/** How long a condition may take to come true; on a busy machine the target gets little of it. Milliseconds. */
const longestWait = 30_000;

/**
 * The sampler itself, ticking as long as a test wants: what it should see need not happen within a recording of fixed
 * length.
 */
export class LiveSampling {
  readonly #attached;
  readonly #encoder = new RecordingEncoder({ writer: 'test', startedAt: 0, rate: 1000, title: '' });
  readonly #decoder = new RecordingDecoder();
  readonly #sampler: ProcessSampler;
  readonly #began = performance.now();

  constructor(pid: number) {
    this.#attached = attach(pid);
    const { live, location } = this.#attached;
    const process = this.#encoder.defineProcess({ pid, parentPid: 0, commandLine: [], pythonVersion: '' });
    this.#sampler = new ProcessSampler({
      ...{ memory: live.memory, location, encoder: this.#encoder, process },
      kernel: linuxSampledThreads(pid),
      shortFileName: (name) => name,
      verdicts: new VerdictCounts(),
      losses: { missed: 0, retried: 0, torn: 0, truncated: 0, unreadTasks: 0 },
      cFunctions: true,
      clock: () => (performance.now() - this.#began) * 1000,
      cpu: () => performance.now() * 1000,
    });
    this.#sampler.refreshThreads(0);
  }

  /** Samples until `seen` says so of the profile so far, which holds the samples since the last call. */
  async until(seen: (profile: Profile) => boolean): Promise<boolean> {
    const deadline = performance.now() + longestWait;
    this.#decoder.snapshot();
    this.#decoder.forgetRuns();
    while (performance.now() < deadline) {
      for (let tick = 0; tick < 20; tick++) {
        this.#sampler.tick((performance.now() - this.#began) * 1000);
        await pause(1);
      }
      this.#sampler.checkCalls();
      const now = (performance.now() - this.#began) * 1000;
      if (this.#sampler.needsLook(now, false)) this.#sampler.refreshThreads(now);
      for (let block = this.#encoder.takeBlock(); block; block = this.#encoder.takeBlock())
        this.#decoder.feed(block);
      if (seen(this.#decoder.snapshot())) return true;
    }
    return false;
  }

  close(): void {
    this.#sampler.close();
    this.#attached.live.close();
  }
}

/** Names of functions on the stack of each run, outermost first. */
export function stacksOf(profile: Profile): string[][] {
  const { runs, stacks, frames, functions } = profile;
  return Array.from({ length: runs.stack.length }, (_, run) => {
    const names: string[] = [];
    for (let at = runs.stack.at(run); at !== emptyStack; at = stacks.parent.at(at))
      names.unshift(functionName(functions[frames.function.at(stacks.frame.at(at))]!));
    return names;
  });
}

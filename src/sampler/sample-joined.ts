import type { RecordingEncoder } from '../recording/recording-encoder.js';
import { findHosts } from './find-hosts.js';
import type { SampledThread } from './sampled-thread.js';
import type { StackReader } from './stack-reader.js';
import { emptyNode } from './stacks/stack-tree.js';

/** Samples the threads of a process with several interpreters: the stacks of each thread as one. */
export function sampleJoined(
  threads: readonly SampledThread[],
  reader: Pick<StackReader, 'innerStacks' | 'tree' | 'frameWithoutFile'>,
  encoder: Pick<RecordingEncoder, 'defineStack' | 'sample'>,
): void {
  const { innerStacks, tree } = reader;
  findHosts(threads, (stack) => innerStacks.isEntering(stack), tree);
  for (const thread of threads) {
    // Without a host it is some other thread, whose time is counted there.
    if (thread.host || thread.isShared) continue;
    let outer = tree.stackOf(thread.node);
    let stack = outer;
    for (const { node } of thread.inner) {
      if (node <= emptyNode) continue;
      // From what it was entered was not seen.
      if (!innerStacks.isEntering(outer))
        stack = encoder.defineStack(stack, reader.frameWithoutFile('synthetic', '<unread>'));
      outer = tree.stackOf(node);
      stack = innerStacks.below(stack, outer);
    }
    encoder.sample(thread.id, stack, thread.flags, thread.context);
  }
}

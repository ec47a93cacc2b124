import type { SampledThread } from './sampled-thread.js';
import type { StackTree } from './stacks/stack-tree.js';

/**
 * Which thread runs an interpreter whose thread state does not say so (`isShared`, up to 3.12): one that stands in the
 * C function that enters another interpreter, `isEntering` by its stack. Only where there is no other: of several that
 * were all there before they were first seen, it is not known which runs which, and what they run within is left out.
 */
export function findHosts(
  threads: readonly SampledThread[],
  isEntering: (stack: number) => boolean,
  tree: StackTree,
): void {
  const enters = ({ node }: SampledThread) => isEntering(tree.stackOf(node));
  let active = 0;
  let homeless: SampledThread | undefined;
  for (const thread of threads) {
    if (!thread.isShared) continue;
    if (thread.host && (thread.currentFrame === 0 || !enters(thread.host))) leave(thread, thread.host);
    if (thread.currentFrame === 0) continue;
    active++;
    if (!thread.host) homeless = thread;
  }
  if (!homeless) return;
  const entering = threads.filter((thread) => !thread.isShared && enters(thread));
  const [host, ...others] = entering.filter((thread) => thread.inner.length === 0);
  // As many run within another as others are entered: so all that enter one are known.
  if (!host || others.length > 0 || active !== entering.length) return;
  homeless.host = host;
  host.inner.push(homeless);
}

function leave(thread: SampledThread, host: SampledThread): void {
  thread.host = undefined;
  host.inner.splice(host.inner.indexOf(thread), 1);
}

import type { Layout } from '../../cpython/layout.js';
import { readCurrentFrame } from '../../cpython/stack/frame-format.js';
import { FrameSearch } from '../../cpython/stack/frame-search.js';
import type { ThreadStack } from '../../cpython/stack/thread-stack.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { NodeId } from '../../model/ids.js';
import { emptyNode, type StackTree } from '../stacks/stack-tree.js';

/**
 * Microseconds after a copy in which what is read counts for it. To read what a new request is takes some 200; when it
 * takes much longer, another thread had the processor in between, and the next request may be in the same frames. On a
 * machine with a load of 3, 1000 left 33 of 197 requests of Flask without a name.
 */
const latest = 4000;

interface StillThereParts {
  readonly memory: TargetMemory;
  readonly layout: Layout;
  readonly tree: StackTree;
  /** Microseconds, as the times of ticks. */
  readonly clock: () => number;
}

/**
 * Whether a thread is still in the functions in which it was found in the copy of that time. Where it is not, what was
 * just read may be of the request after that of the stack, whose frames lie where those were. The innermost function
 * alone says little: many requests call the same ones.
 */
export function isStillThere(
  { memory, layout, tree, clock }: StillThereParts,
  { stack, node, currentFrame }: { stack: ThreadStack; node: NodeId; currentFrame: number },
  copiedAt: number,
): boolean {
  const codes: number[] = [];
  for (let at = node; at > emptyNode; at = tree.parentOf(at)) {
    const code = tree.codeOf(at);
    if (code) codes.push(code.address);
  }
  return (
    readCurrentFrame(memory, layout, stack.threadState) === currentFrame &&
    new FrameSearch(layout).hasCodes(memory, currentFrame, codes) &&
    clock() - copiedAt <= latest
  );
}

import type { Layout } from '../../cpython/layout.js';
import { readCurrentFrame } from '../../cpython/stack/frame-format.js';
import { FrameSearch } from '../../cpython/stack/frame-search.js';
import type { ThreadStack } from '../../cpython/stack/thread-stack.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { NodeId } from '../../model/ids.js';
import { emptyNode, type StackTree } from '../stacks/stack-tree.js';
import type { ThreadActivity } from '../thread-activity.js';

/**
 * Microseconds after a copy in which what is read counts for it. To read what a new request is takes some 200; when it
 * takes much longer, another thread had the processor in between, and the next request may be in the same frames. On a
 * machine with a load of 3, 1000 left 33 of 197 requests of Flask without a name.
 */
const latest = 4000;

/** When what the threads do was looked at for this tick; microseconds. */
export interface LookMoment {
  lookedAt: number;
}

interface StillThereParts {
  readonly memory: TargetMemory;
  readonly layout: Layout;
  readonly tree: StackTree;
  /** Microseconds, as the times of ticks. */
  readonly clock: () => number;
  readonly moment: LookMoment;
}

interface StillThereThread {
  readonly stack: ThreadStack;
  readonly node: NodeId;
  readonly currentFrame: number;
  readonly activity: Pick<ThreadActivity, 'hasStood'>;
}

/**
 * Whether a thread is still in the functions in which it was found in the copy of that time. Where it is not, what was
 * just read may be of the request after that of the stack, whose frames lie where those were. The innermost function
 * alone says little: many requests call the same ones. One that has waited ever since it was looked at has the frames
 * and the request that it had then: on a machine that is busy, most threads of a web server wait, and what is read of
 * them comes late.
 */
export function isStillThere(
  { memory, layout, tree, clock, moment }: StillThereParts,
  { stack, node, currentFrame, activity }: StillThereThread,
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
    isInTime({ clock, moment }, activity, copiedAt)
  );
}

/** Whether what was read by now counts for a copy of that time: it is soon after it, or the thread has waited since. */
export function isInTime(
  { clock, moment }: Pick<StillThereParts, 'clock' | 'moment'>,
  activity: StillThereThread['activity'],
  copiedAt: number,
): boolean {
  if (clock() - copiedAt <= latest) return true;
  return moment.lookedAt - copiedAt <= latest && activity.hasStood();
}

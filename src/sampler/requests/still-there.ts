import type { Layout } from '../../cpython/layout.js';
import { readCurrentFrame } from '../../cpython/stack/frame-format.js';
import { FrameSearch } from '../../cpython/stack/frame-search.js';
import type { ThreadStack } from '../../cpython/stack/thread-stack.js';
import { MomentMemory } from '../../memory/moment-memory.js';
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

type PagesToProve = Pick<MomentMemory, 'fetch' | 'isFetched' | 'reads'>;

/**
 * What proves that what was just read is of the request that a thread had in hand when it was copied: where the thread
 * is now. That is on few pages, nearly always the same ones, which are copied at once, right after what is read where
 * that is copied at once as well.
 */
export class ThreadProofs {
  readonly #parts: StillThereParts;
  readonly #search: FrameSearch;
  /** Of what is to be proven. */
  readonly #pages: PagesToProve;
  readonly #ofThread = new WeakMap<ThreadStack, MomentMemory>();
  /** The thread of which there is a copy, made after so many reads of what is to be proven. */
  #copied: ThreadStack | undefined;
  #after = 0;
  readonly #addresses = new Float64Array(16);

  constructor(parts: StillThereParts & { readonly pages: PagesToProve }) {
    this.#parts = parts;
    this.#pages = parts.pages;
    this.#search = new FrameSearch(parts.layout);
  }

  /** What was copied before proves nothing of what is read from now on. */
  begin(): void {
    this.#copied = undefined;
  }

  /** Copies what is usually read where it is about that, and right after it what proves it. */
  readAhead({ stack }: StillThereThread, about: object): void {
    if (this.#pages.isFetched) return;
    this.#pages.fetch(about, this.#memoryOf(stack));
    this.#copied = stack;
    this.#after = this.#pages.reads;
  }

  /** Where the thread is, after all that was read so far. */
  memoryOf({ stack }: StillThereThread): TargetMemory {
    const memory = this.#memoryOf(stack);
    if (this.#copied !== stack || this.#after !== this.#pages.reads) memory.forget();
    this.#copied = stack;
    this.#after = this.#pages.reads;
    return memory;
  }

  #memoryOf(stack: ThreadStack): MomentMemory {
    let memory = this.#ofThread.get(stack);
    if (!memory) {
      memory = new MomentMemory(this.#parts.memory, { now: 0 });
      this.#ofThread.set(stack, memory);
    }
    return memory;
  }

  /** As `isStillThere`. */
  isStillThere(thread: StillThereThread, copiedAt: number): boolean {
    return isStillThere({ ...this.#parts, memory: this.memoryOf(thread) }, thread, copiedAt);
  }

  /**
   * Whether the frames with these codes, that were located, are where they were: coroutines of the next task have the
   * same functions, some of them where this one's are.
   */
  areThere(thread: StillThereThread, codes: readonly number[], addresses: Float64Array): boolean {
    const { threadState } = thread.stack;
    const found = this.#search.inMemory(this.memoryOf(thread), threadState, codes, this.#addresses);
    return found === codes.length && codes.every((_, at) => this.#addresses[at] === addresses[at]);
  }
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

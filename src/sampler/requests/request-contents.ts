import type { Layout } from '../../cpython/layout.js';
import type { ReadPlan } from '../../memory/read-plan.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import { ObjectWatch } from '../evidence/object-watch.js';
import { contentOf, isContentAt, isSameContent, mostContent } from './object-content.js';
import type { RequestInHand } from './request-in-hand.js';

/** Objects that are watched at once: one for each thread that serves a request. */
const mostWatched = 64;
const highHalf = 0x1_0000_0000;

/** The objects that are other ones for each request: copied with every tick, and compared. */
export class RequestContents {
  readonly #memory: TargetMemory;
  /** Of the moment in which a request is found. */
  readonly #pages: TargetMemory;
  readonly #layout: Layout;
  readonly #watch = new ObjectWatch(mostContent, { most: mostWatched });

  constructor(memory: TargetMemory, pages: TargetMemory, layout: Layout) {
    this.#memory = memory;
    this.#pages = pages;
    this.#layout = layout;
  }

  /** Whether the plan of the next tick must be made again. */
  get changed(): boolean {
    return this.#watch.changed;
  }

  addTo(plan: ReadPlan): void {
    this.#watch.addTo(plan);
  }

  /** As `StackReader.drop`. */
  drop(address: number, length: number): boolean {
    return this.#watch.drop(address, length);
  }

  review(now: number): void {
    this.#watch.review(now);
  }

  /** The request is known by what the object at that address is now; 0: by none. */
  set(request: RequestInHand, address: number): void {
    request.content = contentOf(this.#pages, this.#layout, address);
    request.watched = request.content ? address : 0;
  }

  /** Whether a copy has the object as it was, or memory, where the copy does not have it; true without one. */
  isIn(request: RequestInHand, words: Uint32Array | undefined, now: number): boolean {
    const { watched, content } = request;
    if (!content) return true;
    const [low, high] = [watched % highHalf, Math.floor(watched / highHalf)];
    const at = this.#watch.offsetOf(low, high);
    this.#watch.use(low, high, now);
    if (at < 0 || !words) return this.isStill(request);
    return isSameContent(content, words, at);
  }

  /** Whether the object is still the same, read now, or as that memory has it; true without one. */
  isStill({ watched, content }: RequestInHand, memory: TargetMemory = this.#memory): boolean {
    return !content || isContentAt(memory, watched, content);
  }
}

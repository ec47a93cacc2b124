/** Readings in a row that must end elsewhere before that is where the stack ends. */
const mostVotes = 8;

const none: ReadonlySet<number> = new Set();

/**
 * Where a thread's stack ends. A frame that was just left has its link cut and looks outermost (up to 3.10), so that is
 * put to the vote of the readings: where a stack ends hardly ever changes, and accidents differ.
 */
export class RootVote {
  #root = 0;
  #votes = 0;
  /** Frames that are known to be outermost, such as those of greenlets: one thread has them in turn. */
  known: { has(frame: number): boolean } = none;

  /** Whether a reading that ended at this frame saw the whole stack. */
  accepts(frame: number): boolean {
    if (this.known.has(frame)) return true;
    if (frame === this.#root) {
      if (this.#votes < mostVotes) this.#votes++;
      return true;
    }
    if (this.#votes > 0) {
      this.#votes--;
      return false;
    }
    this.#root = frame;
    this.#votes = 1;
    return true;
  }
}

/** Readings in a row that must lack as many frames, before it is the thread that counts so many more. */
const votesNeeded = 8;
/** Numbers of frames that are believed at a time: what is between two greenlets' first frames differs by some calls. */
const mostBelieved = 4;

/**
 * How many frames more than it has a thread counts, up to 3.10. A reading that lacks frames may be torn. But a greenlet
 * counts on from what first switched to it, and C functions may call deep down: as long as that runs, each reading lacks
 * as many. So that is put to the vote of the readings that held still: accidents differ, or are over at the next one.
 */
export class DepthVote {
  readonly #believed: number[] = [];
  #lacking = 0;
  #votes = 0;

  /** Whether a thread may count from `least` to `most` frames more than a reading has. */
  accepts(least: number, most: number): boolean {
    if (most < 0) return false;
    if (least <= 0) return true;
    return this.#believed.some((lacking) => lacking >= least && lacking <= most);
  }

  /** A reading that held still lacks so many. Returns whether that is believed from now on. */
  vote(lacking: number): boolean {
    this.#votes = lacking === this.#lacking ? this.#votes + 1 : 1;
    this.#lacking = lacking;
    if (lacking <= 0 || this.#votes < votesNeeded) return false;
    this.#votes = 0;
    this.#believed.unshift(lacking);
    this.#believed.length = Math.min(this.#believed.length, mostBelieved);
    return true;
  }

  /** A reading that held still lacks none: what the ones before lacked was an accident. */
  reset(): void {
    this.#votes = 0;
  }
}

/** Microseconds until a thread is asked again, at first and at most. */
const firstAfter = 1000;
const longestAfter = 100_000;
const factor = 1.5;

/**
 * When a thread is asked again what it has in hand, though it has not moved: what was not found at first, since another
 * thread was just changing it, would else be missing for as long as the thread waits.
 */
export class AskAgain {
  /** Microseconds; infinite when nothing is missing. */
  at = Number.POSITIVE_INFINITY;
  #after = firstAfter;
  #about = 0;
  /** What was found last. */
  answer: 'unknown' | undefined;

  found(): void {
    this.at = Number.POSITIVE_INFINITY;
    this.#about = 0;
  }

  /** `about`: address of what leads to a request. */
  missed(about: number, now: number, answer?: 'unknown'): void {
    if (this.isTooEarly(about, now)) return;
    this.#after = about === this.#about ? Math.min(this.#after * factor, longestAfter) : firstAfter;
    this.#about = about;
    this.answer = answer;
    this.at = now + this.#after;
  }

  isTooEarly(about: number, now: number): boolean {
    return about === this.#about && now < this.at;
  }
}

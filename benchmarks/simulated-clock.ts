/** Milliseconds: with a thousandth of a second, an hour of 2,000 hosts took a minute. */
const step = 20;

/** Time that passes only when nothing is left to do at the moment, for simulations of hours. Milliseconds. */
export class SimulatedClock {
  now = 0;
  /** What happens at each moment. */
  readonly #events = new Map<number, (() => void)[]>();
  /** The moments, as a binary heap. */
  readonly #moments: number[] = [];

  at(time: number, act: () => void): void {
    const moment = Math.max(this.now, Math.ceil(time / step) * step);
    const known = this.#events.get(moment);
    if (known) known.push(act);
    else {
      this.#events.set(moment, [act]);
      this.#add(moment);
    }
  }

  pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.at(this.now + milliseconds, resolve));
  }

  /** Until a moment, or until nothing is to come any more. */
  async run(until: number): Promise<void> {
    while (this.#moments.length > 0 && this.#moments[0]! <= until) {
      this.now = this.#moments[0]!;
      const acts = this.#events.get(this.now)!;
      this.#events.delete(this.now);
      this.#removeFirst();
      for (const act of acts) act();
      // What follows from it, as far as it takes no time.
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.now = until;
  }

  #add(moment: number): void {
    const heap = this.#moments;
    let at = heap.push(moment) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]! <= moment) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = moment;
  }

  #removeFirst(): void {
    const heap = this.#moments;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]! < heap[child]!) child++;
      if (heap[child]! >= last) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}

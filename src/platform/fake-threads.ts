import type { SampledThreads, StillClock, ThreadClock } from './target.js';

/** A thread as a test sets it: for tests. */
export class FakeThread implements ThreadClock {
  /** Microseconds on a CPU, which the clock shows once it is read. */
  used = 1000;
  /** The same within one turn, and what it goes on to use as soon as it is looked at. */
  usedInTurn = 0;
  usesOnceLookedAt = 0;
  /** How it is found by `look`. */
  state: 'running' | 'waiting' | 'unknown' = 'waiting';
  /** The address it waits at. */
  waitsAt = 0;
  /** Microseconds of age when it was first seen. */
  age = Number.POSITIVE_INFINITY;
  name = '';
  isThere = true;
  cpu = 0;
  turns = 0;
  futexAddress = 0;
  isInSystemCall = true;
  /** How often it was asked. */
  reads = 0;
  looks = 0;
  isOpen = false;
  #seen = 0;
  #noted = '';

  read(): boolean {
    this.reads++;
    this.isOpen = true;
    if (!this.isThere) return false;
    if (this.used !== this.#seen) this.turns++;
    this.#seen = this.used;
    this.cpu = this.used + this.usedInTurn;
    return true;
  }

  look(): 'running' | 'waiting' | 'unknown' {
    this.looks++;
    this.usedInTurn += this.usesOnceLookedAt;
    this.usesOnceLookedAt = 0;
    this.futexAddress = this.state === 'waiting' ? this.waitsAt : 0;
    return this.isThere ? this.state : 'unknown';
  }

  still(): StillClock {
    this.#noted = this.#state();
    return { isStill: () => this.read() && this.#noted === this.#state() };
  }

  #state(): string {
    return `${this.cpu} ${this.turns}`;
  }

  close(): void {
    this.isOpen = false;
  }
}

/** The threads of a process as a test sets them: for tests. */
export class FakeThreads implements SampledThreads {
  readonly byId = new Map<number, FakeThread>();
  readonly ids = {
    all: () => [...this.byId].filter(([, { isThere }]) => isThere).map(([id]) => id),
    has: (id: number) => this.byId.get(id)?.isThere ?? false,
    inner: (id: number) => id,
    areRenumbered: false,
  };

  constructor(ids: Iterable<number>) {
    for (const id of ids) this.add(id);
  }

  count(): number {
    return this.ids.all().length;
  }

  add(id: number): FakeThread {
    const thread = new FakeThread();
    this.byId.set(id, thread);
    return thread;
  }

  /** Each of them was given a processor for less than is counted. */
  wake(): void {
    for (const thread of this.byId.values()) thread.turns++;
  }

  at(id: number): FakeThread {
    return this.byId.get(id)!;
  }

  clock(id: number): ThreadClock {
    return this.at(id);
  }

  wasBornWithin(id: number, micros: number): boolean {
    return this.at(id).age <= micros;
  }

  cpuOf(id: number): number | undefined {
    return this.at(id).used;
  }

  nameOf(id: number): string {
    return this.at(id).name;
  }
}

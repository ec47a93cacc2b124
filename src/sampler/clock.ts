import koffi from 'koffi';
import { TickPriority } from './tick-priority.js';
import { realTime, type Time } from './time.js';

/**
 * When to sample: at intervals that vary evenly between half and one and a half times the period, so that sampling
 * never marches in step with the program. A tick that comes too late is not made up for; what was skipped is counted.
 */
const setTimerSlack = 29;
/** Above this rate a wait is longer than the pause between two samples, so the clock is watched instead. */
const spinningRate = 20_000;
const flatOutRate = 500_000;

export class SamplingClock {
  /** Ticks that were skipped because they were due while the sampler was busy or not running. */
  missed = 0;
  #period: number;
  readonly #control: Int32Array;
  readonly #spin: boolean;
  readonly #flatOut: boolean;
  readonly #time: Time;
  /** When the next tick is due. */
  #due: number;
  readonly #priority: TickPriority;
  readonly #newcomerCpu: () => number;
  #ticks = 0;

  /** `newcomerCpu`: milliseconds of CPU, of those of this thread, that newcomers took (`NewcomerBudget`). */
  constructor(rate: number, control: Int32Array, time = realTime, newcomerCpu = () => 0) {
    this.#time = time;
    this.#newcomerCpu = newcomerCpu;
    this.#period = 1000 / rate;
    this.#control = control;
    this.#spin = rate > spinningRate;
    this.#flatOut = rate >= flatOutRate;
    this.#due = time.now();
    this.#planNext();
    this.#priority = new TickPriority(time.goFirst);
    // The kernel may let a thread oversleep by its timer slack, 50 µs by default: too coarse for 10,000 a second.
    const prctl = koffi
      .load(null)
      .func('int prctl(int, unsigned long, unsigned long, unsigned long, unsigned long)');
    prctl(setTimerSlack, 1000, 0, 0, 0);
  }

  /** Samples a second from the next tick on. Not above `spinningRate`, where the way to wait is another. */
  set rate(rate: number) {
    this.#period = 1000 / Math.min(rate, spinningRate);
  }

  get stopped(): boolean {
    return this.#control[0] !== 0;
  }

  /** Milliseconds after which the next tick counts as missed. */
  get timeLeft(): number {
    return this.#due + this.#period - this.#time.now();
  }

  /** Waits for the next tick; returns its time (`Time.now`). Returns early when asked to stop. */
  next(): number {
    let now = this.#time.now();
    if (this.#flatOut) return now;
    this.#ticks++;
    if (this.#priority.isDue(now)) {
      const cpu = { all: this.#time.cpu(), newcomers: this.#newcomerCpu() };
      this.#priority.review(now, cpu, this.#ticks, this.#period);
    }
    if (now > this.#due) {
      const late = Math.floor((now - this.#due) / this.#period);
      this.missed += late;
      this.#due = late > 0 ? now : this.#due;
      this.#planNext();
      return now;
    }
    while (now < this.#due && !this.stopped) {
      if (!this.#spin) this.#time.wait(this.#control, 0, this.#due - now);
      now = this.#time.now();
    }
    this.#planNext();
    return now;
  }

  #planNext(): void {
    this.#due += this.#period * (0.5 + this.#time.random());
  }
}

import { cpuShareShift, type Profile, RunFlag, wholeCpuShare } from '../../src/model/profile.js';
import { profileFromText } from './profile-from-text.js';
import { seededRandom } from './simulated-load.js';

export interface RoundsOptions {
  readonly seed: number;
  /** Samples a second. */
  readonly rate: number;
  /** [10] */
  readonly seconds?: number;
  /** Milliseconds from one round to the next; 0: without a pause. [0] */
  readonly pace?: number;
  /** How much longer `parse` takes. [1] */
  readonly slower?: number;
  /** How far the machine's speed strays, over some 4 s at 15 rounds a second. [0] */
  readonly drift?: number;
  /** The part of the time for which others have the processor, a few milliseconds at a time. [0] */
  readonly busy?: number;
}

/** Milliseconds that each function takes in a round, as benchmarks/programs/slower.py does. */
const work = { parse: 1.55, order: 0.745, count: 0.76, compute: 1.39, dump: 0.365, digest: 0.66 };
const rest = { search: 2.17, gather: 0.715 };
const parts = Object.entries({ ...work, ...rest });
const pause = parts.length;
/** Microseconds for which a program has the processor where others want it too. */
const slice = 4000;
/** Rounds over which the machine grows slower and faster. */
const memory = 60;

/**
 * A recording of a program that does the same work round by round, no two inputs of one size, by a clock that ticks as
 * the sampler's: thread states are those of the moment, CPU shares those of the time since the sample before.
 */
export function simulatedRounds(options: RoundsOptions): Profile {
  const { seed, rate, seconds = 10, pace = 0, slower = 1, drift = 0, busy = 0 } = options;
  const random = seededRandom(seed);
  const names = parts.map(([name]) => name);
  const text = `${names.map(() => 'main').join(' ')} main | ${names.join(' ')} .`;
  const profile = profileFromText(text, { interval: 1e6 / rate });
  const sampler = new Sampler(profile, random, rate, seconds * 1e6);
  const exponential = (mean: number) => -mean * Math.log(1 - random());
  let speed = 0;
  let left = busy > 0 ? exponential(slice) : Number.POSITIVE_INFINITY;
  for (let next = 0; sampler.now < seconds * 1e6; ) {
    const kept = Math.exp(-1 / memory);
    speed = speed * kept + drift * Math.sqrt(1 - kept ** 2) * normal(random);
    for (const [at, [name, milliseconds]] of parts.entries()) {
      const factor = (name === 'parse' ? slower : 1) * Math.max(0.3, 1 + speed) * (0.7 + 0.6 * random());
      let takes = 1000 * milliseconds * factor;
      for (; takes > left; left = exponential(slice)) {
        sampler.advance(left, at, 'running');
        takes -= left;
        sampler.advance(exponential((slice * busy) / (1 - busy)), at, 'ready');
      }
      left -= takes;
      sampler.advance(takes, at, 'running');
    }
    next = Math.max(next + pace * 1000, sampler.now);
    sampler.advance(next - sampler.now, pause, 'asleep');
  }
  return profile;
}

class Sampler {
  now = 0;
  readonly #profile: Profile;
  readonly #stacks: readonly number[];
  readonly #random: () => number;
  readonly #period: number;
  readonly #end: number;
  #last = 0;
  #due: number;
  /** CPU time since the last sample. */
  #cpu = 0;

  constructor(profile: Profile, random: () => number, rate: number, end: number) {
    const { runs } = profile;
    this.#stacks = Array.from({ length: pause + 1 }, (_, index) => runs.stack.at(index));
    for (const column of Object.values(runs)) column.length = 0;
    profile.duration = end;
    [this.#profile, this.#random, this.#period, this.#end] = [profile, random, 1e6 / rate, end];
    this.#due = this.#gap();
  }

  advance(time: number, stack: number, state: 'running' | 'ready' | 'asleep'): void {
    const until = this.now + time;
    const isRunning = state === 'running';
    while (this.#due <= Math.min(until, this.#end)) {
      if (isRunning) this.#cpu += this.#due - this.now;
      this.now = this.#due;
      this.#sample(this.#stacks[stack]!, state === 'asleep' ? RunFlag.waiting : RunFlag.running);
      this.#due += this.#gap();
    }
    if (isRunning) this.#cpu += until - this.now;
    this.now = until;
  }

  #sample(stack: number, state: number): void {
    const { runs } = this.#profile;
    const time = this.now - this.#last;
    runs.thread.push(0);
    runs.stack.push(stack);
    runs.flags.push(state | (Math.round((wholeCpuShare * this.#cpu) / time) << cpuShareShift));
    runs.context.push(0);
    runs.start.push(this.#last);
    runs.duration.push(time);
    runs.samples.push(1);
    [this.#last, this.#cpu] = [this.now, 0];
  }

  #gap(): number {
    return this.#period * (0.5 + this.#random());
  }
}

/** Nearly so: of mean 0 and deviation 1. */
function normal(random: () => number): number {
  let sum = -6;
  for (let term = 0; term < 12; term++) sum += random();
  return sum;
}

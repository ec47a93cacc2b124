import { cpuShareShift, type Profile, RunFlag, wholeCpuShare } from '../../src/model/profile.js';
import { profileFromText } from './profile-from-text.js';

/** A generator of numbers from 0 to 1 that a seed determines (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface LoadOptions {
  readonly seed: number;
  readonly seconds: number;
  /** How much longer `f0` takes than before. [1] */
  readonly slower?: number;
  /** How much longer all calls take than before, as on a slower machine. [1] */
  readonly all?: number;
  /** How far the machine's speed strays, as a part of it, over half a second. [0.05] */
  readonly drift?: number;
  /**
   * `random`: calls that come as they come, of any length. `loop`: one after another, of nearly the same. `paced`: the
   * same, one each 40 ms. [random]
   */
  readonly calls?: 'random' | 'loop' | 'paced';
}

const functions = Array.from({ length: 12 }, (_, number) => `f${number}`);
const interval = 1000;
/** On a processor for all of the time. */
const running = RunFlag.running | (wholeCpuShare << cpuShareShift);
/** Microseconds over which the machine grows slower and faster. */
const memory = 500_000;

/**
 * A recording, 1,000 samples a second, of a program that makes calls of some 15 ms: 15 samples that are not
 * independent, on a machine whose speed strays.
 */
export function simulatedLoad(options: LoadOptions): Profile {
  const { seed, seconds, slower = 1, all = 1, drift = 0.05, calls = 'random' } = options;
  const random = seededRandom(seed);
  const exponential = (mean: number) => -mean * Math.log(1 - random());
  const profile = profileFromText(`${functions.map(() => 'main').join(' ')} | ${functions.join(' ')}`, {
    interval,
  });
  const { runs } = profile;
  const stacks = functions.map((_, index) => runs.stack.at(index));
  for (const column of Object.values(runs)) column.length = 0;
  const end = seconds * 1e6;
  let speed = 0;
  let call = 0;
  for (let at = 0; at < end; call++) {
    speed += (-speed * 25_000) / memory + drift * Math.sqrt(50_000 / memory) * normal(random);
    const isRandom = calls === 'random';
    const which = isRandom ? Math.floor(functions.length * random() ** 2) : call % functions.length;
    const length = isRandom ? 3000 + exponential(12_000) : 15_000 * (0.8 + 0.4 * random());
    const takes = all * length * Math.max(0.3, 1 + speed) * (which === 0 ? slower : 1);
    const samples = Math.max(1, Math.round(takes / interval));
    const duration = Math.min(samples * interval, end - at);
    runs.thread.push(0);
    runs.stack.push(stacks[which]!);
    runs.flags.push(running);
    runs.context.push(0);
    runs.start.push(at);
    runs.duration.push(duration);
    runs.samples.push(samples);
    at += calls === 'paced' ? Math.max(40_000, duration) : duration + (isRandom ? exponential(10_000) : 5000);
  }
  profile.duration = end;
  return profile;
}

/** Nearly so: of mean 0 and deviation 1. */
function normal(random: () => number): number {
  let sum = -6;
  for (let term = 0; term < 12; term++) sum += random();
  return sum;
}

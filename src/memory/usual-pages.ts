import { pageSize } from './paged-memory.js';
import { ReadPlan } from './read-plan.js';
import type { TargetMemory } from './target-memory.js';

/** Bits: one for each copy that is remembered. */
const remembered = 0xff;
/**
 * Of the last eight copies, those for which a page must have been needed. To copy a page along takes two fifths of the
 * time that it takes to read it by itself.
 */
const leastNeeded = 3;
/** Pages that are remembered; one moment needs some 30. */
const mostPages = 512;

/**
 * Copies pages that earlier moments needed in one read, before they are asked for: types and names stay where they are,
 * and a program often makes its objects where it made those before.
 */
export class UsualPages {
  /** For which of the last copies each was needed, the last one in the lowest bit; those needed last stand last. */
  readonly #needed = new Map<number, number>();
  readonly #plan = new ReadPlan();
  readonly #offsets = new Map<number, number>();
  #copy = new Uint8Array(0);

  /** What was copied is of another moment than what is read next. */
  nextMoment(): void {
    this.#offsets.clear();
  }

  /** Copies them, but for those that `isKnown`; `then` also those of others, right after them. */
  fetch(memory: TargetMemory, isKnown: (number: number) => boolean, then?: UsualPages): void {
    const plan = this.#plan;
    plan.clear();
    const numbers = this.#addTo(plan, isKnown);
    const own = plan.bytes;
    const others = then === undefined ? [] : then.#addTo(plan, () => false);
    if (plan.count === 0) return;
    if (this.#copy.length < plan.bytes) this.#copy = new Uint8Array(plan.bytes);
    const copied = Math.max(0, memory.readMany(plan, this.#copy));
    this.#take(numbers, copied);
    if (!then || copied < own) return;
    // In a copy of its own, since the next moment here is not the next one there.
    then.#copy = this.#copy.slice(own, plan.bytes);
    then.#take(others, copied - own);
  }

  /** Returns which. */
  #addTo(plan: ReadPlan, isKnown: (number: number) => boolean): number[] {
    this.#offsets.clear();
    const numbers = this.next().filter((number) => !isKnown(number));
    for (const number of numbers) plan.add(number * pageSize, pageSize);
    return numbers;
  }

  /** Those that the next moment will need, as it seems. */
  next(): number[] {
    const numbers: number[] = [];
    for (const [number, history] of this.#needed) {
      if (bitsIn(history) >= leastNeeded) numbers.push(number);
      const next = (history << 1) & remembered;
      if (next === 0) this.#needed.delete(number);
      else this.#needed.set(number, next);
    }
    return numbers;
  }

  /** So many bytes arrived, of these and what comes after them. */
  #take(numbers: readonly number[], bytes: number): void {
    const whole = Math.min(numbers.length, Math.floor(bytes / pageSize));
    for (let at = 0; at < whole; at++) this.#offsets.set(numbers[at]!, at * pageSize);
    // The next one cannot be read any more.
    if (whole < numbers.length) this.#needed.delete(numbers[whole]!);
  }

  /** Whether these bytes are of what was fetched, and so last no longer than the moment. */
  owns(bytes: Uint8Array): boolean {
    return bytes.buffer === this.#copy.buffer;
  }

  /** A page as it was fetched for this moment; `undefined` when it was not. */
  fetched(number: number): Uint8Array | undefined {
    const offset = this.#offsets.get(number);
    return offset === undefined ? undefined : this.#copy.subarray(offset, offset + pageSize);
  }

  /** A page that was needed and could be read. */
  needed(number: number): void {
    const history = this.#needed.get(number) ?? 0;
    this.#needed.delete(number);
    this.#needed.set(number, history | 1);
    if (this.#needed.size > mostPages) this.#needed.delete(this.#needed.keys().next().value!);
  }
}

function bitsIn(history: number): number {
  let count = 0;
  for (let rest = history; rest > 0; rest &= rest - 1) count++;
  return count;
}

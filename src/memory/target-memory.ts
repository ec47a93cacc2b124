import type { ReadPlan } from './read-plan.js';

/** What `readMany` returns when there is no process any more. */
export const processEnded = -1;

/** `readMany` by one read after the other. */
export function readEach(plan: ReadPlan, into: Uint8Array, read: TargetMemory['read']): number {
  let filled = 0;
  for (let region = 0; region < plan.count; region++) {
    const bytes = read(plan.addressOf(region), plan.lengthOf(region));
    if (!bytes) break;
    into.set(bytes, filled);
    filled += bytes.length;
  }
  return filled;
}

/**
 * Memory of a Python process: a live one, a core file, a stored image or a fake; readers of Python see no difference.
 *
 * All reads copy. Nothing can be written. Addresses are whole numbers below 2^48, so a double holds them exactly.
 */
export interface TargetMemory {
  /**
   * Exactly `length` bytes at `address`, or `undefined` when any of them cannot be read, or either is no number: both
   * may come from memory that makes no sense. The bytes are the caller's to keep.
   */
  read(address: number, length: number): Uint8Array | undefined;
  /**
   * Copies all regions of the plan into `into`, as close to a single moment as the platform allows. Returns how many
   * bytes arrived: fewer than `plan.bytes` when a region could not be read (then the regions before it have arrived),
   * `processEnded` when the process is gone.
   */
  readMany(plan: ReadPlan, into: Uint8Array): number;
  /**
   * Fills `into` with what lies at `address`; false when any of it cannot be read. Absent where that takes no less than
   * `read`.
   */
  readInto?(address: number, into: Uint8Array): boolean;
}

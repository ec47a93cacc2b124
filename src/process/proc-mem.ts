import { closeSync, openSync, readSync } from 'node:fs';
import type { ReadPlan } from '../memory/read-plan.js';
import { processEnded, type TargetMemory } from '../memory/target-memory.js';
import { hasEnded, memoryOwner } from './linux-process.js';

/**
 * Memory of a live process through /proc/PID/mem: for machines where process_vm_readv cannot be called. Each region
 * is a read of its own, so the regions are further apart in time than with one scatter call; the sampler's checks see
 * that as more samples to repeat.
 */
export class ProcMem implements TargetMemory {
  readonly #pid: number;
  readonly #file: number;

  constructor(pid: number) {
    this.#pid = pid;
    this.#file = openSync(`/proc/${memoryOwner(pid)}/mem`, 'r');
  }

  read(address: number, length: number): Uint8Array | undefined {
    if (!(address >= 0 && length >= 0)) return undefined;
    const bytes = new Uint8Array(length);
    return this.#readInto(bytes, 0, address, length) === length ? bytes : undefined;
  }

  readMany(plan: ReadPlan, into: Uint8Array): number {
    let filled = 0;
    for (let region = 0; region < plan.count; region++) {
      const length = plan.lengthOf(region);
      if (this.#readInto(into, filled, plan.addressOf(region), length) !== length) {
        return region === 0 && hasEnded(this.#pid) ? processEnded : filled;
      }
      filled += length;
    }
    return filled;
  }

  #readInto(into: Uint8Array, offset: number, address: number, length: number): number {
    try {
      return readSync(this.#file, into, offset, length, address);
    } catch {
      return 0;
    }
  }

  close(): void {
    closeSync(this.#file);
  }
}

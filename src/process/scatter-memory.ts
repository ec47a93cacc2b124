import koffi from 'koffi';
import type { ReadPlan } from '../memory/read-plan.js';
import { processEnded, type TargetMemory } from '../memory/target-memory.js';
import { memoryOwner } from './linux-process.js';

/**
 * Memory of a live process by process_vm_readv(2): all regions in one system call, which copies them within about a
 * microsecond. The target is not stopped and does not notice.
 */

/** UIO_MAXIOV: more regions than this are refused in one call. */
const maxRegionsPerCall = 1024;
const ESRCH = koffi.os.errno['ESRCH'];
const EPERM = koffi.os.errno['EPERM'];

// biome-ignore lint/complexity/useMaxParams: the system call has six
type ReadV = (
  pid: number,
  local: BigUint64Array,
  localCount: number,
  remote: Uint32Array,
  remoteCount: number,
  flags: number,
) => number;

let readV: ReadV | undefined;

function systemCall(): ReadV {
  readV ??= koffi
    .load(null)
    .func(
      'long process_vm_readv(int, void *, unsigned long, void *, unsigned long, unsigned long)',
    ) as unknown as ReadV;
  return readV;
}

/**
 * Reads of so many bytes at most arrive in one place and are copied from there: to ask for the address of new bytes
 * takes 1 µs, a third of a read of 8 bytes.
 */
const shortRead = 1024;
const shortBytes = new Uint8Array(shortRead);
let whereShort: bigint | undefined;

/** What is read into is so again and again, and to ask where it lies takes 1 µs. */
const addresses = new WeakMap<Uint8Array, bigint>();

function addressOf(bytes: Uint8Array): bigint {
  const known = addresses.get(bytes);
  if (known !== undefined) return known;
  const address = BigInt(koffi.address(bytes));
  addresses.set(bytes, address);
  return address;
}

function shortAddress(): bigint {
  whereShort ??= BigInt(koffi.address(shortBytes));
  return whereShort;
}

export class ScatterMemory implements TargetMemory {
  readonly #pid: number;
  /** By which the kernel is asked: another one after the main thread has ended by itself. */
  #owner: number;
  readonly #readV = systemCall();
  readonly #single = new Uint32Array(4);
  /** One struct iovec for our side: where the bytes go, however many regions they come from. */
  readonly #local = new BigUint64Array(2);
  #destination: Uint8Array | undefined;
  #destinationAddress = 0n;

  constructor(pid: number) {
    this.#pid = this.#owner = pid;
  }

  read(address: number, length: number): Uint8Array | undefined {
    if (!(address >= 0 && length >= 0)) return undefined;
    const isShort = length <= shortRead;
    const bytes = isShort ? shortBytes : new Uint8Array(length);
    const where = isShort ? shortAddress() : BigInt(koffi.address(bytes));
    if (!this.#copy(address, length, where)) return undefined;
    return isShort ? bytes.slice(0, length) : bytes;
  }

  readInto(address: number, into: Uint8Array): boolean {
    return address >= 0 && this.#copy(address, into.length, addressOf(into));
  }

  #copy(address: number, length: number, where: bigint): boolean {
    this.#single[0] = address % 0x1_0000_0000;
    this.#single[1] = Math.floor(address / 0x1_0000_0000);
    this.#single[2] = length;
    this.#local[0] = where;
    this.#local[1] = BigInt(length);
    this.#destination = undefined;
    return this.#call(this.#single, 1) === length;
  }

  readMany(plan: ReadPlan, into: Uint8Array): number {
    if (into !== this.#destination) {
      this.#destination = into;
      this.#destinationAddress = addressOf(into);
      this.#local[0] = this.#destinationAddress;
      this.#local[1] = BigInt(into.length);
    }
    if (plan.count > maxRegionsPerCall) return this.#readInParts(plan);
    const count = this.#call(plan.iovecs, plan.count);
    return count >= 0 ? count : this.#failure();
  }

  #readInParts(plan: ReadPlan): number {
    let filled = 0;
    for (let first = 0; first < plan.count; first += maxRegionsPerCall) {
      const last = Math.min(plan.count, first + maxRegionsPerCall);
      let wanted = 0;
      for (let region = first; region < last; region++) wanted += plan.lengthOf(region);
      this.#local[0] = this.#destinationAddress + BigInt(filled);
      const count = this.#call(plan.iovecs.subarray(first * 4), last - first);
      if (count < 0 && first === 0) return this.#failure();
      filled += Math.max(0, count);
      if (count < wanted) break;
    }
    this.#local[0] = this.#destinationAddress;
    return filled;
  }

  #call(regions: Uint32Array, count: number): number {
    const copied = this.#readV(this.#owner, this.#local, 1, regions, count, 0);
    if (copied >= 0 || koffi.errno() !== ESRCH) return copied;
    const owner = memoryOwner(this.#pid);
    if (owner === this.#owner) {
      koffi.errno(ESRCH);
      return copied;
    }
    this.#owner = owner;
    return this.#readV(owner, this.#local, 1, regions, count, 0);
  }

  #failure(): number {
    const errno = koffi.errno();
    return errno === ESRCH || errno === EPERM ? processEnded : 0;
  }
}

/**
 * What the kernel answers when `pid`'s memory is asked for: `ok`, or the name of the error (`EPERM`, `ESRCH`,
 * `ENOSYS`).
 */
export function probeScatterRead(pid: number, address: number): string {
  // Bytes that nothing refers to after their address was asked for may be freed before the kernel writes to them.
  const local = new BigUint64Array([shortAddress(), 8n]);
  const remote = new Uint32Array([address % 0x1_0000_0000, Math.floor(address / 0x1_0000_0000), 8, 0]);
  if (systemCall()(pid, local, 1, remote, 1, 0) === 8) return 'ok';
  const errno = koffi.errno();
  return Object.keys(koffi.os.errno).find((name) => koffi.os.errno[name] === errno) ?? `errno ${errno}`;
}

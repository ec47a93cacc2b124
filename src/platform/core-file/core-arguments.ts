import { ByteReader } from '../../bytes/byte-reader.js';
import { decodeUtf8 } from '../../bytes/text.js';
import { pageSize } from '../../memory/paged-memory.js';
import type { TargetMemory } from '../../memory/target-memory.js';

/**
 * The arguments that a program was started with, as they lie at the end of its first stack (System V ABI, "Process
 * Initialization"):
 *
 *     number | pointer to each argument | 0 | pointer to each variable of the environment | 0 | auxiliary vector | … |
 *     texts
 */

/** Behind the auxiliary vector come a few bytes and then the texts, which may be long. */
const searchedBelow = 4 << 20;
const searchedAtOnce = 64 << 10;
/** Pointers to arguments and variables; as many bytes of arguments as are read of a live process. */
const mostPointers = 64 << 10;
const mostBytes = 128 << 10;

/** `undefined` when they are not found. `nearby`: an address somewhere behind the auxiliary vector (AT_RANDOM). */
export function startingArguments(
  memory: TargetMemory,
  auxiliary: Uint8Array,
  nearby: number,
): string[] | undefined {
  const vector = auxiliary.length >= 32 ? addressOf(memory, auxiliary.subarray(0, 32), nearby) : undefined;
  if (vector === undefined) return undefined;
  let at = vector - 8;
  const pointer = (address: number) => {
    const bytes = memory.read(address, 8);
    return bytes ? new ByteReader(bytes).u64(0) : Number.NaN;
  };
  if (pointer(at) !== 0) return undefined;
  // Backwards: the environment up to the zero in front of it, and then the arguments up to their number.
  do at -= 8;
  while (pointer(at) > 0 && vector - at < mostPointers * 8);
  for (let count = 0; count < mostPointers; count++) {
    if (pointer(at - (count + 1) * 8) === count) return textsAt(memory, at - count * 8, count);
  }
  return undefined;
}

function addressOf(memory: TargetMemory, wanted: Uint8Array, nearby: number): number | undefined {
  const top = nearby - (nearby % 16);
  for (let end = top; top - end < searchedBelow; end -= searchedAtOnce) {
    // The vector may lie across the end of what was searched before.
    const start = end - searchedAtOnce;
    const bytes = memory.read(start, searchedAtOnce + wanted.length);
    if (!bytes) return undefined;
    for (let at = searchedAtOnce; at >= 0; at -= 8)
      if (wanted.every((byte, index) => byte === bytes[at + index])) return start + at;
  }
  return undefined;
}

function textsAt(memory: TargetMemory, pointers: number, count: number): string[] | undefined {
  const table = memory.read(pointers, count * 8);
  if (!table || count === 0) return undefined;
  const reader = new ByteReader(table);
  const texts: string[] = [];
  let left = mostBytes;
  for (let index = 0; index < count; index++) {
    const bytes = untilNul(memory, reader.u64(index * 8), left);
    if (!bytes) return undefined;
    texts.push(decodeUtf8(bytes));
    left -= bytes.length;
  }
  return texts;
}

/** Page by page: the last text lies just before the end of the stack. */
function untilNul(memory: TargetMemory, address: number, most: number): Uint8Array | undefined {
  const parts: number[] = [];
  while (parts.length <= most) {
    const at = address + parts.length;
    const bytes = memory.read(at, pageSize - (at % pageSize));
    if (!bytes) return undefined;
    const end = bytes.indexOf(0);
    for (const byte of end < 0 ? bytes : bytes.subarray(0, end)) parts.push(byte);
    if (end >= 0) return Uint8Array.from(parts);
  }
  return undefined;
}

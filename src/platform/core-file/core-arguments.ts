import { ByteReader } from '../../bytes/byte-reader.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import { textAt } from './core-notes.js';

/**
 * The arguments that a program was started with, as they lie at the end of its first stack (System V ABI, "Process Initialization"):
 *
 *     number | pointer to each argument | 0 | pointer to each variable of the environment | 0 | auxiliary vector | … | texts
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
  const first = reader.u64(0);
  const length = reader.u64((count - 1) * 8) - first;
  // One after another, as the kernel puts them there.
  if (!(length >= 0 && length <= mostBytes)) return undefined;
  const texts: string[] = [];
  for (let index = 0; index < count; index++) {
    const text = textOf(memory, reader.u64(index * 8));
    if (text === undefined) return undefined;
    texts.push(text);
  }
  return texts;
}

function textOf(memory: TargetMemory, address: number): string | undefined {
  for (let length = 256; length <= mostBytes; length *= 8) {
    const bytes = memory.read(address, length) ?? memory.read(address, 4096 - (address % 4096));
    if (!bytes) return undefined;
    if (bytes.indexOf(0) >= 0 || bytes.length < length) return textAt(bytes, 0, bytes.length);
  }
  return undefined;
}

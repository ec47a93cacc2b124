import { ByteReader } from '../../bytes/byte-reader.js';
import type { Layout } from '../../cpython/layout.js';
import { isInstance, TypeFlag } from '../../cpython/objects/type-flags.js';
import { isPointer, readPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';

/** Bytes of an object that are compared at most: an id as a text has 36 characters. */
export const mostContent = 88;
/** The smallest object with something in it: an int of one digit has 28. */
const leastContent = 28;

/**
 * The words of an object that is another one for each request, up to its own end: what lies behind belongs to others.
 * `undefined` when there is none that can be read.
 */
export function contentOf(memory: TargetMemory, layout: Layout, address: number): Uint32Array | undefined {
  const bytes = isPointer(address) ? memory.read(address, mostContent) : undefined;
  const type = readPointer(memory, address + layout.object.type);
  const basic = isPointer(type) ? readPointer(memory, type + layout.type.basicSize) : Number.NaN;
  if (!bytes || !(basic > 0)) return undefined;
  const isText = isInstance(memory, layout, address, TypeFlag.str);
  const characters = isText ? new ByteReader(bytes).u64(layout.unicode.length) : 0;
  const size = isText ? layout.unicode.asciiSize + characters : Math.max(basic, leastContent);
  return new Uint32Array(bytes.slice().buffer).slice(0, Math.min(size, mostContent) >> 2);
}

/** Whether the object that begins at word `at` is the same; counts of references, which change all the time, aside. */
export function isSameContent(
  content: Uint32Array,
  words: Uint32Array,
  at: number,
  { freeThreading }: Layout,
): boolean {
  for (let word = freeThreading ? 8 : 4; word < content.length; word++)
    if (content[word] !== words[at + word]) return false;
  return true;
}

import { ByteReader } from '../../bytes/byte-reader.js';
import type { Layout } from '../../cpython/layout.js';
import { typeName } from '../../cpython/objects/instances.js';
import { isInstance, TypeFlag } from '../../cpython/objects/type-flags.js';
import { isPointer, readPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';

/** Bytes of an object that are compared at most: an id as a text has 36 characters. */
export const mostContent = 88;
/** The smallest object with something in it: an int of one digit has 28. */
const leastContent = 28;

/** What an object that is another one for each request was like. */
export interface ObjectContent {
  /** From its beginning. */
  readonly words: Uint32Array;
  /**
   * Which of them say what it is: its type, and what it holds, but for what Python changes, such as counts of
   * references and hashes.
   */
  readonly compared: readonly number[];
}

/**
 * The content of an object up to its own end: what lies behind belongs to others. `undefined` when there is none that
 * can be read.
 */
export function contentOf(memory: TargetMemory, layout: Layout, address: number): ObjectContent | undefined {
  const bytes = isPointer(address) ? memory.read(address, mostContent) : undefined;
  const type = readPointer(memory, address + layout.object.type);
  const basic = isPointer(type) ? readPointer(memory, type + layout.type.basicSize) : Number.NaN;
  if (!bytes || !(basic > 0)) return undefined;
  const { unicode, object } = layout;
  const isText = isInstance(memory, layout, address, TypeFlag.str);
  const characters = isText ? new ByteReader(bytes).u64(unicode.length) : 0;
  const size = isText ? unicode.asciiSize + characters : Math.max(basic, leastContent);
  const words = new Uint32Array(bytes.slice().buffer).slice(0, Math.min(size, mostContent) >> 2);
  // Behind the type: a hash, which is written when it is asked for first, and of texts the length before it.
  const head = object.type + 8;
  const [from, to] = isText
    ? [unicode.length + 8, unicode.asciiSize]
    : [head, isDate(memory, layout, address) ? head + 8 : head];
  const compared = [...words.keys()].filter((word) => {
    const byte = word * 4;
    return byte >= object.type && (byte < from || byte >= to);
  });
  return { words, compared };
}

function isDate(memory: TargetMemory, layout: Layout, address: number): boolean {
  return typeName(memory, layout, address) === 'datetime.datetime';
}

/** Whether the object at that address is the same, read now. */
export function isContentAt(memory: TargetMemory, address: number, content: ObjectContent): boolean {
  const bytes = memory.read(address, content.words.byteLength);
  return bytes !== undefined && isSameContent(content, new Uint32Array(bytes.slice().buffer), 0);
}

/** Whether the object that begins at word `at` is the same. */
export function isSameContent(content: ObjectContent, words: Uint32Array, at: number): boolean {
  for (const word of content.compared) if (content.words[word] !== words[at + word]) return false;
  return true;
}

import { decodeUtf8 } from '../../bytes/text.js';
import { isPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';

/** What follows the string may not be readable, but a page is as a whole. */
const pageSize = 4096;
const step = 64;

/** The UTF-8 text from `address` to the zero byte; `undefined` when it is not readable or longer than `maxBytes`. */
export function readCString(memory: TargetMemory, address: number, maxBytes = 256): string | undefined {
  const text: number[] = [];
  for (let at = address; text.length <= maxBytes; ) {
    const bytes = isPointer(at) ? memory.read(at, Math.min(step, pageSize - (at % pageSize))) : undefined;
    if (!bytes) return undefined;
    const end = bytes.indexOf(0);
    text.push(...(end < 0 ? bytes : bytes.subarray(0, end)));
    if (end >= 0) return text.length > maxBytes ? undefined : decodeUtf8(Uint8Array.from(text));
    at += bytes.length;
  }
  return undefined;
}

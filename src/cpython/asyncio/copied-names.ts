import { decodeCharacters } from '../../bytes/text.js';
import { pointerAt } from '../../memory/pointers.js';
import type { Layout } from '../layout.js';
import { stringState } from '../objects/strings.js';

/** Of a string: compact, and of ASCII characters (`objects/strings.ts`). */
const compactAscii = (1 << 5) | (1 << 6);

/** The int at byte `at` of a copy, a count of tasks: one or two digits of 30 bits, from 3.12 on. */
export function copiedCount({ long }: Layout, words: Uint32Array, at: number): number {
  const low = words[(at + long.digits) >> 2]!;
  const isShort = words[(at + long.tag) >> 2]! >>> 3 < 2;
  return isShort ? low : low + words[((at + long.digits) >> 2) + 1]! * 2 ** 30;
}

/** The string at byte `at` of a copy; `undefined` when it is not ASCII, or longer than `most`. */
export function copiedText(layout: Layout, words: Uint32Array, at: number, most: number): string | undefined {
  const { unicode } = layout;
  const state = stringState(layout, words[(at + unicode.state) >> 2]!);
  const length = pointerAt(words, at + unicode.length);
  if ((state & compactAscii) !== compactAscii || !(length <= most)) return undefined;
  return decodeCharacters(
    new Uint8Array(words.buffer, words.byteOffset + at + unicode.asciiSize, length).slice(),
    1,
  );
}

/** Characters of a name that come with the first read. */
export const usualName = 48;

/**
 * The name of a task at byte `at` of a copy, a string or, where nobody asked for it yet, a count; `undefined` when it
 * is not whole in there. `end`: the byte of the object up to which it must stay: another name may come to its address.
 */
export function copiedName(
  layout: Layout,
  words: Uint32Array,
  at: number,
  isCount: boolean,
): { readonly text: string | undefined; readonly end: number } {
  const { long, unicode } = layout;
  if (isCount) return { text: `Task-${copiedCount(layout, words, at)}`, end: long.digits + 4 };
  const text = copiedText(layout, words, at, usualName);
  const compared = Math.min(usualName, pointerAt(words, at + unicode.length));
  return { text, end: unicode.asciiSize + Math.max(compared, 0) };
}

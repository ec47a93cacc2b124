import { decodeUtf8 } from '../bytes/text.js';
import { maxStringUnits } from './format.js';

/** At most as much of a string as a writer may store; three bytes are the most that a UTF-16 unit takes. */
export function readText(bytes: Uint8Array): string {
  return cutText(
    decodeUtf8(bytes.length > 3 * maxStringUnits ? bytes.subarray(0, 3 * maxStringUnits) : bytes),
  );
}

/** At most as long as a writer may store. */
export function cutText(text: string): string {
  return text.length > maxStringUnits ? text.slice(0, maxStringUnits) : text;
}

/** The same, and not between the halves of a surrogate pair. */
export function cutBetweenPairs(text: string, longest = maxStringUnits): string {
  if (text.length <= longest) return text;
  const last = text.charCodeAt(longest - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? longest - 1 : longest);
}

/**
 * Text from bytes, for places without TextDecoder. Nothing here throws: what is not valid becomes U+FFFD, and
 * surrogates that stand alone in Python's strings stand alone in ours.
 */

const replacement = 0xfffd;
/** Arguments of one `fromCharCode` call: engines limit them by the size of the stack. */
const unitsPerCall = 4096;

function fromUnits(units: Uint8Array | Uint16Array): string {
  let text = '';
  for (let start = 0; start < units.length; start += unitsPerCall) {
    text += String.fromCharCode(...units.subarray(start, start + unitsPerCall));
  }
  return text;
}

/** One byte a character: ASCII too. */
export function decodeLatin1(bytes: Uint8Array): string {
  return fromUnits(bytes);
}

/** Two bytes a character, little-endian; an odd byte at the end is left out. */
export function decodeUcs2(bytes: Uint8Array): string {
  const units = new Uint16Array(bytes.length >> 1);
  for (let index = 0; index < units.length; index++)
    units[index] = bytes[2 * index]! | (bytes[2 * index + 1]! << 8);
  return fromUnits(units);
}

/** Four bytes a character, little-endian; what is above U+10FFFF becomes U+FFFD. */
export function decodeUcs4(bytes: Uint8Array): string {
  const units = new Uint16Array(2 * (bytes.length >> 2));
  let length = 0;
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const point =
      (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
    length = putPoint(units, length, point);
  }
  return fromUnits(units.subarray(0, length));
}

/** UTF-8; each byte that is part of no valid sequence becomes one U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string {
  const units = new Uint16Array(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at]!;
    const more =
      first < 0x80
        ? 0
        : first >= 0xc2 && first < 0xe0
          ? 1
          : first >= 0xe0 && first < 0xf0
            ? 2
            : first >= 0xf0 && first < 0xf5
              ? 3
              : -1;
    let point = more === 0 ? first : first & (0x3f >> more);
    let valid = more >= 0;
    for (let step = 1; valid && step <= more; step++) {
      const next = bytes[at + step] ?? 0;
      valid = (next & 0xc0) === 0x80;
      point = (point << 6) | (next & 0x3f);
    }
    // Longer than needed, a surrogate, or beyond Unicode.
    if ((more === 2 && (point < 0x800 || (point & 0xf800) === 0xd800)) || (more === 3 && point < 0x1_0000))
      valid = false;
    length = putPoint(units, length, valid ? point : replacement);
    at += valid ? more + 1 : 1;
  }
  return fromUnits(units.subarray(0, length));
}

/** Writes a code point as one or two UTF-16 units at `at`; returns where the next one goes. */
function putPoint(units: Uint16Array, at: number, point: number): number {
  if (point < 0x1_0000) {
    units[at] = point;
    return at + 1;
  }
  if (point > 0x10_ffff) {
    units[at] = replacement;
    return at + 1;
  }
  units[at] = 0xd7c0 + (point >> 10);
  units[at + 1] = 0xdc00 | (point & 0x3ff);
  return at + 2;
}

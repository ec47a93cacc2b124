const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** Letters of each 12 bits: two at a time. */
const pairs = Array.from({ length: 4096 }, (_, value) => letters[value >> 6]! + letters[value & 63]!);
/** Bytes of a piece; a multiple of 3, so that only the last one ends in padding. */
const pieceBytes = 3 << 14;

/** Base64 (RFC 4648) in pieces: no string holds all of it. */
export function* base64(bytes: Uint8Array): Iterable<string> {
  for (let from = 0; from < bytes.length; from += pieceBytes)
    yield encode(bytes.subarray(from, from + pieceBytes));
}

function encode(bytes: Uint8Array): string {
  const whole = bytes.length - (bytes.length % 3);
  let text = '';
  for (let at = 0; at < whole; at += 3) {
    const value = (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
    text += pairs[value >> 12]! + pairs[value & 4095]!;
  }
  const left = bytes.length - whole;
  if (left === 1) return `${text}${pairs[bytes[whole]! << 4]!}==`;
  if (left === 0) return text;
  const last = (bytes[whole]! << 8) | bytes[whole + 1]!;
  return `${text}${pairs[last >> 4]!}${letters[(last & 15) << 2]!}=`;
}

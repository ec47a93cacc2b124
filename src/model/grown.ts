/**
 * Entries of a column at first. V8 keeps 64 bytes beside the object, and makes a buffer of what is longer: a process
 * that was just found has a hundred columns, and with 256 entries each they were 130 KB, half of what it left behind.
 */
export const firstRoom = 16;

/** A longer column with what is in `old` at its beginning, and zeros after it. */
export function grown<T extends Uint8Array | Int32Array | Uint32Array | Float64Array>(
  old: T,
  size: number,
): T {
  const larger = new (old.constructor as new (size: number) => T)(size);
  larger.set(old);
  return larger;
}

/** A longer column with what is in `old` at its beginning, and zeros after it. */
export function grown<T extends Uint8Array | Int32Array | Uint32Array | Float64Array>(
  old: T,
  size: number,
): T {
  const larger = new (old.constructor as new (size: number) => T)(size);
  larger.set(old);
  return larger;
}

/**
 * Line tables of code objects, in the forms they have had, decoded into ranges once per code object.
 *
 *   2.7         co_lnotab: pairs (byte increment u8, line increment u8)                    Objects/lnotab_notes.txt
 *   up to 3.9   co_lnotab: pairs (byte increment u8, line increment i8)
 *   3.10        co_linetable: pairs (byte increment u8, line increment i8; -128: no line)  PEP 626
 *   3.11 on     location table: entries of 1 + n bytes, first byte 1 kkkk nnn, kind k and
 *               n + 1 code units; varints of 6 bits, low first, bit 6: more                Objects/locations.md
 *
 * A table that is cut or garbled decodes as far as it makes sense; nothing here throws.
 */
export interface LineRanges {
  /** First instruction (in bytes from the function's first) of each range, ascending. */
  readonly starts: Int32Array;
  /** Line of each range; 0: the instruction belongs to no line. */
  readonly lines: Int32Array;
  readonly firstLine: number;
}

export function decodeLines(minor: number, firstLine: number, table: Uint8Array): LineRanges {
  const ranges: number[] = [];
  if (minor <= 9) decodeLnotab(firstLine, table, ranges, minor < 0 ? unsigned : signed);
  else if (minor === 10) decodeLinetable(firstLine, table, ranges);
  else decodeLocations(firstLine, table, ranges);
  const count = ranges.length / 2;
  const starts = new Int32Array(count);
  const lines = new Int32Array(count);
  for (let range = 0; range < count; range++) {
    starts[range] = ranges[range * 2]!;
    lines[range] = Math.max(0, ranges[range * 2 + 1]!);
  }
  return { starts, lines, firstLine: Math.max(0, firstLine) };
}

/** Line of the instruction at `offset` bytes; before the first instruction the function's own first line. */
export function lineAt({ starts, lines, firstLine }: LineRanges, offset: number): number {
  if (offset < 0 || starts.length === 0) return firstLine;
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return lines[low]! || firstLine;
}

function signed(byte: number): number {
  return byte < 128 ? byte : byte - 256;
}

function unsigned(byte: number): number {
  return byte;
}

function add(ranges: number[], start: number, line: number): void {
  const last = ranges.length - 2;
  if (last >= 0 && ranges[last] === start) ranges[last + 1] = line;
  else if (last < 0 || ranges[last + 1] !== line) ranges.push(start, line);
}

function decodeLnotab(
  firstLine: number,
  table: Uint8Array,
  ranges: number[],
  increment: (byte: number) => number,
): void {
  let offset = 0;
  let line = firstLine;
  add(ranges, 0, line);
  for (let at = 0; at + 1 < table.length; at += 2) {
    offset += table[at]!;
    line += increment(table[at + 1]!);
    add(ranges, offset, line);
  }
}

function decodeLinetable(firstLine: number, table: Uint8Array, ranges: number[]): void {
  let offset = 0;
  let line = firstLine;
  for (let at = 0; at + 1 < table.length; at += 2) {
    const length = table[at]!;
    const step = signed(table[at + 1]!);
    if (step !== -128) line += step;
    if (length > 0) add(ranges, offset, step === -128 ? 0 : line);
    offset += length;
  }
}

function decodeLocations(firstLine: number, table: Uint8Array, ranges: number[]): void {
  let offset = 0;
  let line = firstLine;
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 0; shift < 30 && at < table.length; shift += 6) {
      const byte = table[at++]!;
      value |= (byte & 63) << shift;
      if ((byte & 64) === 0) break;
    }
    return value;
  };
  const signedVarint = () => {
    const value = varint();
    return value & 1 ? -(value >>> 1) : value >>> 1;
  };
  while (at < table.length) {
    const first = table[at++]!;
    if ((first & 128) === 0) return;
    const kind = (first >> 3) & 15;
    if (kind === 14) {
      line += signedVarint();
      varint();
      varint();
      varint();
    } else if (kind === 13) line += signedVarint();
    else if (kind >= 10 && kind <= 12) {
      line += kind - 10;
      at += 2;
    } else if (kind < 10) at += 1;
    add(ranges, offset, kind === 15 ? 0 : line);
    offset += ((first & 7) + 1) * 2;
  }
}

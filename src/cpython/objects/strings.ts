import { ByteReader } from '../../bytes/byte-reader.js';
import { decodeCharacters } from '../../bytes/text.js';
import { isPointer, readPointer } from '../../memory/pointers.js';
import { ReadPlan } from '../../memory/read-plan.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { Layout } from '../layout.js';
import { readPython2String } from './python2-strings.js';
import { isInstance, TypeFlag } from './type-flags.js';

/*
 * `str` objects: the characters lie right behind the struct, all in the width that the widest one needs.
 *
 *   ASCII    PyASCIIObject │ u8 each
 *   others   PyCompactUnicodeObject │ u8, u16 or u32 each
 *   objects of subclasses of str:  PyCompactUnicodeObject │ pointer to the characters
 *
 * The state word, from bit 0: interned:2 kind:3 compact:1 ascii:1, in all builds with a GIL from 3.6 on. (For some
 * months 3.14's alphas had interned:16.) In free-threaded builds from 3.14 on `interned` has eight bits. CPython
 * Include/cpython/unicodeobject.h.
 */
const longestString = 2 ** 40;
const kindShift = 2;
const kindMask = 7;
const compactBit = 1 << 5;
const asciiBit = 1 << 6;
const formMask = (kindMask << kindShift) | compactBit | asciiBit;
const compactAscii = (1 << kindShift) | compactBit | asciiBit;

/** The state word of a string, with the bits where they are in builds with a GIL, but for `interned`. */
export function stringState({ freeThreading }: Layout, state: number): number {
  return state >>> (freeThreading?.stringStateShift ?? 0);
}

/**
 * The text of the `str` at `address`, of Python 2 also of a `unicode`, cut to `most` characters with `…`; `undefined`
 * when there is no such object.
 */
export function readString(
  memory: TargetMemory,
  layout: Layout,
  address: number,
  most = 4096,
): string | undefined {
  const { unicode } = layout;
  if (layout.python2) return readPython2String(memory, layout, address, most);
  if (!isPointer(address) || !isInstance(memory, layout, address, TypeFlag.str)) return undefined;
  const bytes = memory.read(address, unicode.asciiSize);
  if (!bytes) return undefined;
  const fields = new ByteReader(bytes);
  const length = fields.u64(unicode.length);
  const state = stringState(layout, fields.u32(unicode.state));
  const kind = (state >>> kindShift) & kindMask;
  if (!(length <= longestString) || (kind !== 1 && kind !== 2 && kind !== 4)) return undefined;
  const kept = Math.min(length, most);
  const cut = kept < length ? '…' : '';
  if (kept === 0) return cut;
  let start = address + ((state & asciiBit) !== 0 ? unicode.asciiSize : unicode.compactSize);
  if ((state & compactBit) === 0) start = readPointer(memory, address + unicode.compactSize);
  const characters = isPointer(start) ? memory.read(start, kept * kind) : undefined;
  return characters && decodeCharacters(characters, kind) + cut;
}

/** By a text, where it was found last: names are interned, so it is there the next time as well. */
export type FoundStrings = Map<string, number>;

/**
 * Index of the first of `addresses` at which a `str` of this text lies, -1 when none does. For ASCII, as names of
 * modules and attributes are, they are all read at once, or that alone which is known.
 */
export function findString(
  memory: TargetMemory,
  layout: Layout,
  addresses: readonly number[],
  text: string,
  known?: FoundStrings,
): number {
  const wanted = asciiBytes(text);
  if (!wanted)
    return addresses.findIndex((address) => readString(memory, layout, address, text.length) === text);
  const last = known?.get(text);
  const at = last === undefined ? -1 : addresses.indexOf(last);
  if (at >= 0 && isString(memory, layout, last!, wanted)) return at;
  const found = findAscii(memory, layout, addresses, wanted);
  if (found >= 0) known?.set(text, addresses[found]!);
  return found;
}

function isString(memory: TargetMemory, layout: Layout, address: number, wanted: Uint8Array): boolean {
  const start = asciiStart(layout);
  const bytes = memory.read(address, start + wanted.length);
  if (!bytes || asciiLength(layout, new ByteReader(bytes)) !== wanted.length) return false;
  return wanted.every((byte, index) => bytes[start + index] === byte);
}

function findAscii(
  memory: TargetMemory,
  layout: Layout,
  addresses: readonly number[],
  wanted: Uint8Array,
): number {
  const start = asciiStart(layout);
  const size = start + wanted.length;
  const lengthAt = asciiLengthAt(layout);
  const plan = new ReadPlan();
  for (let first = 0; first < addresses.length; ) {
    plan.clear();
    for (const address of addresses.slice(first, first + stringsPerRead)) plan.add(address, size);
    const into = new Uint8Array(plan.bytes);
    const whole = Math.floor(Math.max(0, memory.readMany(plan, into)) / size);
    const fields = new ByteReader(into);
    for (let index = 0; index < whole; index++) {
      const string = index * size;
      // Most have another length, which its lowest byte shows.
      if (into[string + lengthAt] !== (wanted.length & 255)) continue;
      if (asciiLength(layout, fields, string) !== wanted.length) continue;
      if (wanted.every((byte, at) => into[string + start + at] === byte)) return first + index;
    }
    // One that cannot be read that far is shorter: not the one wanted.
    first += whole < plan.count ? whole + 1 : whole;
  }
  return -1;
}

const stringsPerRead = 512;

/** Where the characters of an ASCII string start. */
export function asciiStart({ unicode, bytes, python2 }: Layout): number {
  return python2 ? bytes.data : unicode.asciiSize;
}

function asciiLengthAt({ unicode, bytes, python2 }: Layout): number {
  return python2 ? bytes.size : unicode.length;
}

/**
 * How many characters a string has whose struct is in `bytes`, if they are ASCII; of Python 2 they may not be. -1: they
 * are not.
 */
export function asciiLength(layout: Layout, bytes: ByteReader, at = 0): number {
  const { unicode, python2 } = layout;
  const length = bytes.u64(at + asciiLengthAt(layout));
  const isAscii = python2 || (stringState(layout, bytes.u32(at + unicode.state)) & formMask) === compactAscii;
  return isAscii ? length : -1;
}

function asciiBytes(text: string): Uint8Array | undefined {
  const bytes = Uint8Array.from(text, (character) => Math.min(0x80, character.codePointAt(0)!));
  return bytes.includes(0x80) ? undefined : bytes;
}

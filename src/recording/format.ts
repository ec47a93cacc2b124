/**
 * The numbers of the recording file; docs/recording-format.md describes it whole.
 *
 *     file:   | 'PYGLASS' | version u8 | block | block | …
 *     block:  | marker f5 70 67 62 | length u32 | crc32 u32 | payload, raw deflate, `length` bytes |
 *     entry:  | kind varint | length varint | body |          (an inflated payload is a sequence of these)
 */

/** `PYGLASS` and the version of the format. */
export const fileMagic: readonly number[] = [0x50, 0x59, 0x47, 0x4c, 0x41, 0x53, 0x53];
export const formatVersion = 1;
export const fileHeaderSize = 8;

/** Lets a reader find the next block when the length of one is damaged. Not UTF-8, so no string of ours contains it. */
export const blockMarker: readonly number[] = [0xf5, 0x70, 0x67, 0x62];
export const blockHeaderSize = 12;

/** What one block may hold, compressed and inflated. */
export const maxBlockBytes = 64 << 20;
/** A file may inflate to `maxBlockBytes` and this many times its size; real recordings stay below 20 times. */
export const maxInflation = 128;

/** The largest number of all columns and lists: times and counts of losses alone may be larger. */
export const maxInteger = 0x7fff_ffff;
/** Longer strings are cut, in UTF-16 units: a name of this length is for nobody to read. */
export const maxStringUnits = 65536;
/** Words of one command line; what comes after them is left out. */
export const maxWords = 65536;

export const EntryKind = {
  info: 1,
  strings: 2,
  processes: 3,
  threads: 4,
  threadNames: 5,
  functions: 6,
  frames: 7,
  stacks: 8,
  ticks: 9,
  threadEnds: 10,
  losses: 11,
  end: 12,
  otherThreads: 13,
  contexts: 14,
  suspendedTicks: 15,
  longSteps: 16,
  taskTicks: 17,
  children: 20,
} as const;

/** Kind of a thread that is none: see `ThreadInfo.isTask`. */
export const taskRow = 1;

import type { AsyncioLayout } from './asyncio/asyncio-layout.js';
import { asyncio3_8 } from './asyncio/layouts/python3_8.js';
import { asyncio3_9 } from './asyncio/layouts/python3_9.js';
import { asyncio3_10 } from './asyncio/layouts/python3_10.js';
import { asyncio3_11 } from './asyncio/layouts/python3_11.js';
import { asyncio3_12 } from './asyncio/layouts/python3_12.js';
import { asyncio3_13 } from './asyncio/layouts/python3_13.js';
import { asyncio3_13t } from './asyncio/layouts/python3_13t.js';
import { asyncio3_14 } from './asyncio/layouts/python3_14.js';
import { asyncio3_14t } from './asyncio/layouts/python3_14t.js';
import { asyncio3_15 } from './asyncio/layouts/python3_15.js';
import { asyncio3_15t } from './asyncio/layouts/python3_15t.js';
import { type Opcodes, type OpcodeTable, opcodeTable } from './calls/opcodes.js';
import type { DebugOffsetsTable } from './debug-offsets.js';
import type { Layout } from './layout.js';
import { python2_7 } from './layouts/python2_7.js';
import { python3_6 } from './layouts/python3_6.js';
import { before3_7_4, python3_7 } from './layouts/python3_7.js';
import { python3_8 } from './layouts/python3_8.js';
import { python3_9 } from './layouts/python3_9.js';
import { python3_10 } from './layouts/python3_10.js';
import { python3_11 } from './layouts/python3_11.js';
import { python3_12 } from './layouts/python3_12.js';
import { debugOffsets3_13, python3_13 } from './layouts/python3_13.js';
import { python3_13t } from './layouts/python3_13t.js';
import { debugOffsets3_14, python3_14 } from './layouts/python3_14.js';
import { python3_14t } from './layouts/python3_14t.js';
import { debugOffsets3_15, python3_15 } from './layouts/python3_15.js';
import { python3_15t } from './layouts/python3_15t.js';
import { opcodes2_7 } from './opcodes/python2_7.js';
import { opcodes3_6 } from './opcodes/python3_6.js';
import { opcodes3_7 } from './opcodes/python3_7.js';
import { opcodes3_8 } from './opcodes/python3_8.js';
import { opcodes3_9 } from './opcodes/python3_9.js';
import { opcodes3_10 } from './opcodes/python3_10.js';
import { opcodes3_11 } from './opcodes/python3_11.js';
import { opcodes3_12 } from './opcodes/python3_12.js';
import { opcodes3_13 } from './opcodes/python3_13.js';
import { opcodes3_14 } from './opcodes/python3_14.js';
import { opcodes3_15 } from './opcodes/python3_15.js';

/** A CPython that pyglass reads; its layout is that on x86-64 (`machine-layout.ts`). */
export interface SupportedVersion {
  /** `versionNumber`. */
  readonly minor: number;
  /** `t`: the free-threaded build. Absent: the build with a GIL. */
  readonly abi?: 't';
  readonly layout: Layout;
  /** From 3.13: where the table of offsets in the target has each field of the layout. */
  readonly debugOffsets?: DebugOffsetsTable;
  /** Made when it is asked for: a process runs one of eleven versions. */
  readonly opcodes: () => Opcodes;
  /** From 3.8: of asyncio's tasks. */
  readonly asyncio?: AsyncioLayout;
  /** What is elsewhere in early releases, which locate.ts recognises. */
  readonly early?: Pick<Layout, 'runtime' | 'gc'>;
  /** What differs from the version before, for those who read it: the table of docs/pythons.md. */
  readonly differs: string;
}

/**
 * The one list of versions, oldest first. Layouts, opcodes, messages, tables of documents and the tests follow from
 * it.
 */
export const supportedVersions: readonly SupportedVersion[] = [
  {
    ...{ minor: -1, layout: python2_7, opcodes: opcodes2_7 },
    differs: 'Frames are objects. The state of the interpreter is static variables.',
  },
  {
    ...{ minor: 6, layout: python3_6, opcodes: opcodes3_6 },
    differs: 'Names are Unicode. Instructions have two bytes each. The GIL is fair.',
  },
  {
    ...{ minor: 7, layout: python3_7, opcodes: opcodes3_7, early: before3_7_4 },
    differs: 'The state of the interpreter is one struct.',
  },
  {
    ...{ minor: 8, layout: python3_8, opcodes: opcodes3_8, asyncio: asyncio3_8 },
    differs: 'Code blocks that clean up are entered in other ways.',
  },
  {
    ...{ minor: 9, layout: python3_9, opcodes: opcodes3_9, asyncio: asyncio3_9 },
    differs: 'Each interpreter has a garbage collector.',
  },
  {
    ...{ minor: 10, layout: python3_10, opcodes: opcodes3_10, asyncio: asyncio3_10 },
    differs: 'Line tables have a new form, and jumps count instructions.',
  },
  {
    ...{ minor: 11, layout: python3_11, opcodes: opcodes3_11, asyncio: asyncio3_11 },
    differs: 'Frames lie side by side in chunks of memory. Functions have qualified names.',
  },
  {
    ...{ minor: 12, layout: python3_12, opcodes: opcodes3_12, asyncio: asyncio3_12 },
    differs: 'Each interpreter may have a GIL of its own.',
  },
  {
    ...{
      minor: 13,
      layout: python3_13,
      debugOffsets: debugOffsets3_13,
      opcodes: opcodes3_13,
      asyncio: asyncio3_13,
    },
    differs: 'Offsets come from a table in the target itself.',
  },
  {
    ...{
      minor: 14,
      layout: python3_14,
      debugOffsets: debugOffsets3_14,
      opcodes: opcodes3_14,
      asyncio: asyncio3_14,
    },
    differs: 'Frames have a stack pointer, and references in them are tagged.',
  },
  {
    ...{
      minor: 15,
      layout: python3_15,
      debugOffsets: debugOffsets3_15,
      opcodes: opcodes3_15,
      asyncio: asyncio3_15,
    },
    differs: 'Loops keep an index beside their iterator.',
  },
];

/** The free-threaded builds, oldest first: those of the list that run without a GIL. */
export const freeThreadedVersions: readonly SupportedVersion[] = [
  {
    ...{
      minor: 13,
      abi: 't',
      layout: python3_13t,
      debugOffsets: debugOffsets3_13,
      opcodes: opcodes3_13,
      asyncio: asyncio3_13t,
    },
    differs: 'No GIL: all threads run at once. Objects have a longer header.',
  },
  {
    ...{
      minor: 14,
      abi: 't',
      layout: python3_14t,
      debugOffsets: debugOffsets3_14,
      opcodes: opcodes3_14,
      asyncio: asyncio3_14t,
    },
    differs: 'Each thread has its own copy of the bytecode that it runs.',
  },
  {
    ...{
      minor: 15,
      abi: 't',
      layout: python3_15t,
      debugOffsets: debugOffsets3_15,
      opcodes: opcodes3_15,
      asyncio: asyncio3_15t,
    },
    differs: 'As 3.14t.',
  },
];

/**
 * Versions by one number, the older the smaller, so that `minor <= 10` holds for all that have what 3.10 has: of Python
 * 3 the minor version, of Python 2.7, the last before it, -1. NaN for others.
 */
export function versionNumber(major: number, minor: number): number {
  if (major === 3) return minor;
  return major === 2 && minor === 7 ? python2 : Number.NaN;
}

const python2 = -1;

/** `3.11`, by its number. */
export function versionName(number: number): string {
  return number === python2 ? '2.7' : `3.${number}`;
}

export function supportedVersion(major: number, minor: number, abi?: 't'): SupportedVersion | undefined {
  const versions = abi === 't' ? freeThreadedVersions : supportedVersions;
  const number = versionNumber(major, minor);
  return versions.find((version) => version.minor === number);
}

/** What is known of the Python that has this layout. */
export function versionOf({ major, minor, freeThreading }: Layout): SupportedVersion | undefined {
  return supportedVersion(major, minor, freeThreading ? 't' : undefined);
}

/** For messages and documents: `2.7 and 3.6 to 3.14`. */
export function supportedPythons(): string {
  const [old, first, ...others] = supportedVersions.map(({ minor }) => versionName(minor));
  return `${old!} and ${first!} to ${others.at(-1)!}`;
}

const tables = new Map<number, OpcodeTable>();

/** What the instructions of a version do, by their number; `minor` is that of the version (`versionNumber`). */
export function opcodesOf(minor: number): OpcodeTable | undefined {
  const opcodes = supportedVersions.find((version) => version.minor === minor)?.opcodes;
  if (!opcodes) return undefined;
  const table = tables.get(minor) ?? opcodeTable(minor, opcodes());
  tables.set(minor, table);
  return table;
}

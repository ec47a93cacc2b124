import { isPointer, pointerAt } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { Layout } from '../layout.js';

const entrySize = 16;
/** The hash of a removed entry, -1, as `pointerAt` gives it. */
const removed = 0xffff_ffff * 0x1_0000_0000 + 0xffff_ffff;

/** Readings of a set that changes meanwhile. */
const mostReadings = 4;

export interface SetMembers {
  /** Addresses. */
  readonly members: readonly number[];
  /** The set held still meanwhile: these are all, or as many as were asked for. */
  readonly isWhole: boolean;
}

export interface SetLimits {
  /** Members that are read. */
  readonly most: number;
  /** Entries of the table, in which up to five times as many find room. */
  readonly largestTable: number;
}

/** Members of the set at `address`; `undefined` when it cannot be read, or its table is too large. */
export function setMembers(
  memory: TargetMemory,
  layout: Layout,
  address: number,
  limits: SetLimits,
): SetMembers | undefined {
  let before = readHead(memory, layout, address);
  let members: readonly number[] | undefined;
  for (let reading = 0; reading < mostReadings && before; reading++) {
    members = tableMembers(memory, layout, before, limits);
    const after = readHead(memory, layout, address);
    if (!members || !after) break;
    // While its table is made larger, a set has the new one, in which not all of them are yet.
    const isSame = before.table === after.table && before.mask === after.mask;
    const isFull = members.length >= Math.min(before.used, after.used, limits.most);
    if (isSame && isFull) return { members, isWhole: true };
    before = after;
  }
  return members && { members, isWhole: false };
}

interface SetHead {
  readonly used: number;
  readonly mask: number;
  readonly table: number;
}

function readHead(memory: TargetMemory, { set }: Layout, address: number): SetHead | undefined {
  const first = Math.min(set.used, set.mask, set.table);
  const bytes = memory.read(address + first, Math.max(set.used, set.mask, set.table) + 8 - first);
  if (!bytes) return undefined;
  const fields = new Uint32Array(bytes.slice().buffer);
  const field = (offset: number) => pointerAt(fields, offset - first);
  return { used: field(set.used), mask: field(set.mask), table: field(set.table) };
}

function tableMembers(
  memory: TargetMemory,
  { set }: Layout,
  { used, mask, table }: SetHead,
  { most, largestTable }: SetLimits,
): number[] | undefined {
  if (used === 0) return [];
  const bytes =
    mask < largestTable && isPointer(table) ? memory.read(table, (mask + 1) * entrySize) : undefined;
  if (!bytes) return undefined;
  const entries = new Uint32Array(bytes.slice().buffer);
  const members: number[] = [];
  for (let at = 0; at < bytes.length && members.length < most; at += entrySize) {
    const key = pointerAt(entries, at + set.entryKey);
    if (isPointer(key) && pointerAt(entries, at + set.entryHash) !== removed) members.push(key);
  }
  return members;
}

import { ByteReader } from '../../bytes/byte-reader.js';
import { isPointer, readPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { Layout } from '../layout.js';
import { readCString } from './c-strings.js';

/**
 * Attributes that a class has named in `__slots__`, and those that a C type keeps in its struct: pointers in the
 * object, at an offset given by an entry of `tp_members`, of the type or of one of its bases.
 *
 *   PyMemberDef:  name │ type i32, padded │ offset │ flags i32, padded │ doc      a null name ends the array
 *
 * CPython Include/structmember.h up to 3.11, Include/descrobject.h later.
 */
const memberSize = 40;
const memberType = 8;
const memberOffset = 16;
/** T_OBJECT and T_OBJECT_EX: the field is a pointer to an object. */
const objectTypes: readonly number[] = [6, 16];
const mostMembers = 256;
const mostBases = 64;

/** Address of what the object's slot of that name holds; 0 when it is empty or there is none. */
export function slotOf(
  memory: TargetMemory,
  layout: Layout,
  object: number,
  type: number,
  name: string,
): number {
  let current = type;
  for (let bases = 0; isPointer(current) && bases < mostBases; bases++) {
    const offset = memberNamed(memory, readPointer(memory, current + layout.type.members), name);
    if (offset !== undefined) {
      const value = readPointer(memory, object + offset);
      return isPointer(value) ? value : 0;
    }
    current = readPointer(memory, current + layout.type.base);
  }
  return 0;
}

/**
 * All slots that objects of a type have, those of its own class first: name, and where in the object the pointer is.
 */
export function slotsOf(
  memory: TargetMemory,
  layout: Layout,
  type: number,
): { name: string; offset: number }[] {
  const found: { name: string; offset: number }[] = [];
  let current = type;
  for (let bases = 0; isPointer(current) && bases < mostBases; bases++) {
    const members = readPointer(memory, current + layout.type.members);
    for (const { name, offset } of objectMembers(memory, members)) {
      const text = readCString(memory, name);
      if (text !== undefined) found.push({ name: text, offset });
    }
    current = readPointer(memory, current + layout.type.base);
  }
  return found;
}

function memberNamed(memory: TargetMemory, members: number, wanted: string): number | undefined {
  for (const { name, offset } of objectMembers(memory, members))
    if (readCString(memory, name) === wanted) return offset;
  return undefined;
}

/** Members that are pointers to objects: the address of the name, and where in the object. */
function* objectMembers(memory: TargetMemory, members: number): Generator<{ name: number; offset: number }> {
  for (let index = 0; index < mostMembers; index++) {
    const address = members + index * memberSize;
    const bytes = isPointer(address) ? memory.read(address, memberSize) : undefined;
    if (!bytes) return;
    const member = new ByteReader(bytes);
    const name = member.u64(0);
    if (!isPointer(name)) return;
    if (objectTypes.includes(member.i32(memberType))) yield { name, offset: member.u64(memberOffset) };
  }
}

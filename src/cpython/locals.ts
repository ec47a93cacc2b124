import { ByteReader } from '../bytes/byte-reader.js';
import { isPointer, readPointer } from '../memory/pointers.js';
import type { TargetMemory } from '../memory/target-memory.js';
import type { Layout } from './layout.js';
import { readBytes } from './objects/bytes.js';
import { dictEntries } from './objects/dicts.js';
import { typeName } from './objects/instances.js';
import { readString } from './objects/strings.js';
import { readTuple } from './objects/tuples.js';

/**
 * The variables of a frame. They lie behind its fixed part, a pointer each, in the order in which the code names them:
 *
 *   up to 3.10   co_varnames │ co_cellvars │ co_freevars; cells hold the value of the last two kinds
 *   from 3.11    co_localsplusnames; a bit in co_localspluskinds marks cells
 *   from 3.14    the two lowest bits of the pointers are tags
 *
 * Arguments come first: positional, keyword-only, then `*args` and `**kwargs`. A frame that is no function's (of a
 * module or class) keeps its variables in a dict. CPython Objects/frameobject.c, Include/internal/pycore_code.h and
 * pycore_frame.h.
 */
export interface VariableNames {
  readonly names: readonly string[];
  readonly mayBeCell: readonly boolean[];
  readonly argumentCount: number;
  /** Whether the variables are in a dict instead. */
  readonly inNamespace: boolean;
}

export interface FoundVariable {
  readonly name: string;
  readonly isArgument: boolean;
  /** Address of the object. */
  readonly object: number;
}

const optimized = 0x1;
const varArgs = 0x4;
const varKeywords = 0x8;
/** CO_FAST_CELL and CO_FAST_FREE. */
const cellKinds = 0x40 | 0x80;
const mostVariables = 1000;
const longestName = 200;
/** Of variables whose kinds are read, which are a byte each. */
const mostKinds = 1 << 20;

const noNames: VariableNames = { names: [], mayBeCell: [], argumentCount: 0, inNamespace: false };

/**
 * Which variables the code object at `code` has; none when not all of that can be read, since which is in which slot
 * is not known then.
 */
export function readVariableNames(memory: TargetMemory, layout: Layout, code: number): VariableNames {
  const { variables } = layout;
  const length =
    Math.max(
      ...[layout.code.flags, variables.keywordOnlyCount, layout.code.cellNames, layout.code.freeNames],
      ...[layout.code.argCount, layout.code.localsPlusNames, layout.code.localsPlusKinds],
    ) + 8;
  const bytes = memory.read(code, length);
  if (!bytes) return noNames;
  const fields = new ByteReader(bytes);
  const flags = fields.u32(layout.code.flags);
  const argumentCount =
    fields.u32(layout.code.argCount) +
    (variables.keywordOnlyCount < 0 ? 0 : fields.u32(variables.keywordOnlyCount)) +
    ((flags & varArgs) !== 0 ? 1 : 0) +
    ((flags & varKeywords) !== 0 ? 1 : 0);
  const namesAt = (field: number) =>
    readTuple(memory, layout, fields.u64(field), mostVariables)?.map(
      (name) => readString(memory, layout, name, longestName) ?? '?',
    );
  const own = namesAt(layout.code.localsPlusNames);
  const inNamespace = (flags & optimized) === 0;
  if (!own) return { ...noNames, inNamespace };
  if (layout.minor <= 10) {
    const ofCells = namesAt(layout.code.cellNames);
    const free = namesAt(layout.code.freeNames);
    if (!ofCells || !free) return { ...noNames, inNamespace };
    // Cells come after all other variables, also after those that are too many.
    const cells = own.length < mostVariables ? [...ofCells, ...free] : [];
    const mayBeCell = [...own.map(() => false), ...cells.map(() => true)];
    return { names: [...own, ...cells], mayBeCell, argumentCount, inNamespace };
  }
  const kinds = readBytes(memory, layout, fields.u64(layout.code.localsPlusKinds), mostKinds);
  if (!kinds || kinds.length < own.length) return { ...noNames, inNamespace };
  const mayBeCell = own.map((_, at) => (kinds[at]! & cellKinds) !== 0);
  return { names: own, mayBeCell, argumentCount, inNamespace };
}

/** The variables of a frame that have a value, arguments first. */
export function readVariables(
  memory: TargetMemory,
  layout: Layout,
  frame: number,
  code: VariableNames,
): FoundVariable[] {
  if (!code.inNamespace) return slotVariables(memory, layout, frame, code);
  const ofNamespace = namespaceVariables(memory, layout, frame);
  if (!layout.python2) return ofNamespace;
  // A function of Python 2 with `exec` has both, and the dict may have values of before.
  const inSlots = slotVariables(memory, layout, frame, code);
  return [...inSlots, ...ofNamespace.filter(({ name }) => !code.names.includes(name))];
}

function slotVariables(
  memory: TargetMemory,
  layout: Layout,
  frame: number,
  { names, mayBeCell, argumentCount }: VariableNames,
): FoundVariable[] {
  const bytes = memory.read(frame + layout.frame.localsPlus, names.length * 8);
  if (!bytes) return [];
  const slots = new ByteReader(bytes);
  const found = new Map<string, FoundVariable>();
  for (const [at, name] of names.entries()) {
    const slot = slots.u64(at * 8);
    let object = slot - (slot % 4);
    if (!isPointer(object)) continue;
    if (mayBeCell[at] && typeName(memory, layout, object) === 'cell')
      object = readPointer(memory, object + layout.cell.value);
    const isArgument = names.indexOf(name) < argumentCount;
    if (isPointer(object)) found.set(name, { name, isArgument, object });
  }
  // Up to 3.10 an argument that is a cell stands among the cells.
  return [...found.values()].sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
}

/** What stands in every module and class without anybody's doing. */
const given = /^__\w+__$/;

function namespaceVariables(memory: TargetMemory, layout: Layout, frame: number): FoundVariable[] {
  const dict = readPointer(memory, frame + layout.variables.namespace);
  const found: FoundVariable[] = [];
  for (const { key, value } of dictEntries(memory, layout, dict, mostVariables)) {
    const name = readString(memory, layout, key, longestName);
    if (name !== undefined && !given.test(name)) found.push({ name, isArgument: false, object: value });
  }
  return found;
}

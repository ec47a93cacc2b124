import { argumentBits, argumentsOfPython2, opcodeAt, prefixUnits, shortArgument } from './bytecode.js';
import { type OpcodeClass, onlyTaking, opcodeClasses } from './opcode-classes.js';
import type { OpcodeTable } from './opcodes.js';

/** How the object in a slot of the value stack says which C function is being called. */
export const CallKind = {
  /** It is the callable. */
  call: 1,
  /** Its type's `__enter__`. */
  enter: 2,
  /** Its type's `__next__`. */
  next: 3,
  /** `__pow__` and `__matmul__` of its type, if the object in the slot after it has the same type. */
  power: 4,
  matmul: 5,
  /** Its type's `__contains__`. */
  contains: 6,
} as const;
export type CallKind = (typeof CallKind)[keyof typeof CallKind];

/** An instruction that may run a C function. */
export interface CallSite {
  readonly kind: CallKind;
  /** Slot of the value stack, from its bottom. */
  readonly slot: number;
  /** A method call: when the slot is empty, the callable is in the next. */
  readonly orNext: boolean;
}

type Rule = (depth: number, argument: number, minor: number) => CallSite | undefined;

const site = (kind: CallKind, slot: number, orNext = false): CallSite | undefined =>
  slot >= 0 ? { kind, slot, orNext } : undefined;

/** NB_POWER, NB_MATRIX_MULTIPLY and their in-place forms (Include/opcode.h). */
const binaryOperators: Readonly<Record<number, CallKind>> = {
  8: CallKind.power,
  21: CallKind.power,
  4: CallKind.matmul,
  17: CallKind.matmul,
};

/**
 * Where each calling instruction finds what it calls, from the top of the stack down (Python/ceval.c up to 3.11,
 * Python/bytecodes.c later):
 *
 *   CALL_FUNCTION        callable, arguments
 *   CALL_METHOD          NULL or method, callable or self, arguments
 *   CALL_FUNCTION_KW     callable, arguments, names
 *   CALL, up to 3.12     NULL or method, callable or self, arguments
 *   CALL, from 3.13      callable, self or NULL, arguments
 *   CALL_KW              callable, self or NULL, arguments, names
 *
 * Python 2 has no CALL_METHOD, and its other calls have names and values in turn: callable, arguments, pairs, `*`,
 * `**`.
 */
const rules: Readonly<Record<string, Rule>> = {
  CALL_FUNCTION: (depth, argument, minor) =>
    minor < 0 ? python2Call('CALL_FUNCTION', depth, argument) : site(CallKind.call, depth - 1 - argument),
  CALL_FUNCTION_VAR: (depth, argument) => python2Call('CALL_FUNCTION_VAR', depth, argument),
  CALL_FUNCTION_VAR_KW: (depth, argument) => python2Call('CALL_FUNCTION_VAR_KW', depth, argument),
  CALL_FUNCTION_KW: (depth, argument, minor) =>
    minor < 0 ? python2Call('CALL_FUNCTION_KW', depth, argument) : site(CallKind.call, depth - 2 - argument),
  CALL_METHOD: (depth, argument) => site(CallKind.call, depth - 2 - argument, true),
  PRECALL: (depth, argument) => site(CallKind.call, depth - 2 - argument, true),
  CALL: (depth, argument, minor) => {
    // PRECALL is said to take the arguments away, though they stay.
    if (minor === 11) return site(CallKind.call, depth - 2, true);
    return site(CallKind.call, depth - 2 - argument, minor === 12);
  },
  CALL_KW: (depth, argument) => site(CallKind.call, depth - 3 - argument),
  CALL_FUNCTION_EX: (depth, argument, minor) => {
    if (minor >= 14) return site(CallKind.call, depth - 4);
    return site(CallKind.call, depth - (minor === 13 ? 3 : 2) - (argument & 1));
  },
  SETUP_WITH: (depth) => site(CallKind.enter, depth - 1),
  BEFORE_WITH: (depth) => site(CallKind.enter, depth - 1),
  // From 3.15 an index lies above the iterator.
  FOR_ITER: (depth, _argument, minor) => site(CallKind.next, depth - (minor >= 15 ? 2 : 1)),
  BINARY_POWER: (depth) => site(CallKind.power, depth - 2),
  INPLACE_POWER: (depth) => site(CallKind.power, depth - 2),
  BINARY_MATRIX_MULTIPLY: (depth) => site(CallKind.matmul, depth - 2),
  INPLACE_MATRIX_MULTIPLY: (depth) => site(CallKind.matmul, depth - 2),
  BINARY_OP: (depth, argument) => {
    const kind = binaryOperators[argument];
    return kind && site(kind, depth - 2);
  },
  CONTAINS_OP: (depth) => site(CallKind.contains, depth - 1),
  // Up to 3.8 `in` and `not in` are comparisons 6 and 7.
  COMPARE_OP: (depth, argument, minor) =>
    minor <= 8 && (argument === 6 || argument === 7) ? site(CallKind.contains, depth - 1) : undefined,
};

function python2Call(name: string, depth: number, argument: number): CallSite | undefined {
  return site(CallKind.call, depth - 1 - argumentsOfPython2(name, argument));
}

/** What the instruction at `unit` calls; `depths` are those of `stackDepths`. */
export function callSiteAt(
  table: OpcodeTable,
  code: Uint8Array,
  depths: Int32Array,
  unit: number,
): CallSite | undefined {
  const instruction = table.byCode[opcodeAt(table, code, unit)];
  const depth = depths[unit] ?? -1;
  const rule = instruction && rules[instruction.name];
  return rule && depth >= 0 ? rule(depth, argumentAt(table, code, depths, unit), table.minor) : undefined;
}

/** The instruction at a unit, empty for none. */
function nameAt(table: OpcodeTable, code: Uint8Array, unit: number): string {
  return unit < 0 ? '' : (table.byCode[opcodeAt(table, code, unit)]?.name ?? '');
}

function argumentAt(table: OpcodeTable, code: Uint8Array, depths: Int32Array, unit: number): number {
  const bits = argumentBits(table);
  const step = prefixUnits(table);
  let argument = shortArgument(table, code, unit);
  for (let before = unit - step, shift = bits; before >= 0 && shift <= 24; before -= step, shift += bits) {
    // In Python 2 it may be the end of another instruction, which is never reached.
    if (nameAt(table, code, before) !== 'EXTENDED_ARG' || !(depths[before]! >= 0)) break;
    argument |= shortArgument(table, code, before) << shift;
  }
  return argument;
}

/** The ways in which a Python frame gets below an instruction: bits. */
export const WayToCall = {
  /**
   * The interpreter goes on in the frame of the function: what calls, and attributes and items by functions of
   * Python.
   */
  directly: 1,
  /** It goes on in the frame of a generator or coroutine. */
  resuming: 2,
  /** By way of a function written in C. From 3.12 on such a call has a frame of the interpreter's own in between. */
  throughC: 4,
} as const;

const waysOf: Readonly<Record<OpcodeClass, number>> = {
  quiet: 0,
  direct: WayToCall.directly | WayToCall.throughC,
  resuming: WayToCall.resuming | WayToCall.throughC,
  throughC: WayToCall.throughC,
};

/**
 * First in the interpreter's own code that stands between a class that is called and its `__init__`
 * (Python/specialize.c).
 */
const beginOfInitCaller = 'EXIT_INIT_CHECK';

/**
 * The ways in which the instruction at `unit` may call a function of Python, as bits of `WayToCall`; undefined when
 * it is not known.
 */
export function waysToCall(
  table: OpcodeTable,
  code: Uint8Array,
  depths: Int32Array,
  unit: number,
): number | undefined {
  if (nameAt(table, code, 0) === beginOfInitCaller) return WayToCall.directly;
  // Before the first instruction; or the instruction is of other code than the copy says.
  if (unit < 0 || unit >= depths.length) return 0;
  const begin = beginOf(table, code, depths, unit);
  if (begin < unit && !callsFromCaches(table)) return 0;
  // What replaces instructions while a program is traced or compiled is in no table, so that it is not known.
  const kind = opcodeClasses.get(nameAt(table, code, begin));
  if (kind === undefined) return undefined;
  return begin < unit ? waysOf[kind] & ~WayToCall.throughC : waysOf[kind];
}

/**
 * In 3.11 and 3.12 a frame that is left for another of Python is already at the last inline cache of the instruction,
 * where it will go on. Functions of C run before that.
 */
export function callsFromCaches({ minor }: OpcodeTable): boolean {
  return minor === 11 || minor === 12;
}

/** No instruction has more inline caches. */
const mostCaches = 16;

/**
 * The unit at which the instruction begins that the inline cache at `unit` belongs to; `unit` when it is none. Caches
 * hold any bytes.
 */
export function beginOf(table: OpcodeTable, code: Uint8Array, depths: Int32Array, unit: number): number {
  let begin = unit;
  while (begin >= 0 && begin > unit - mostCaches && (depths[begin] ?? -1) < 0) begin--;
  const caches = begin < 0 ? 0 : (table.byCode[opcodeAt(table, code, begin)]?.caches ?? 0);
  return begin + caches >= unit ? begin : unit;
}

/** From the argument of an instruction that loads by name to the name's index in `co_names`. */
const loads: Readonly<Record<string, (argument: number, minor: number) => number>> = {
  LOAD_GLOBAL: (argument, minor) => (minor >= 11 ? argument >> 1 : argument),
  LOAD_ATTR: (argument, minor) => (minor >= 12 ? argument >> 1 : argument),
  LOAD_SUPER_ATTR: (argument) => argument >> 2,
  LOAD_METHOD: (argument) => argument,
  LOAD_NAME: (argument) => argument,
};

/**
 * The source of the callable of a call: a name, as its index in `co_names`, or a local variable, as its slot of the
 * frame.
 */
export interface CallableSource {
  readonly name?: number;
  readonly isGlobal?: boolean;
  readonly local?: number;
}

/** The source of the callable of a call at `unit`, as far as the instruction that loaded it shows. */
export function callableSource(
  table: OpcodeTable,
  code: Uint8Array,
  depths: Int32Array,
  unit: number,
  { kind, slot, orNext }: CallSite,
): CallableSource {
  if (kind !== CallKind.call) return {};
  let loader = loaderOf(table, code, depths, unit, slot);
  // What looks a method up writes both slots; otherwise the first is NULL and the callable came into the second.
  if (orNext && !/^LOAD_(METHOD|ATTR|SUPER_ATTR)$/.test(nameAt(table, code, loader)))
    loader = loaderOf(table, code, depths, unit, slot + 1);
  const instruction = nameAt(table, code, loader);
  if (instruction === '') return {};
  const argument = argumentAt(table, code, depths, loader);
  const rule = loads[instruction];
  if (rule) return { name: rule(argument, table.minor), isGlobal: instruction === 'LOAD_GLOBAL' };
  // Two at once: the first lies below the second.
  if (/^LOAD_FAST(_BORROW)?_LOAD_FAST(_BORROW)?$/.test(instruction))
    return { local: depths[loader] === slot ? argument >> 4 : argument & 15 };
  return /^LOAD_FAST(_BORROW|_CHECK)?$/.test(instruction) ? { local: argument } : {};
}

/** The last instruction before `unit` that put something into the slot; -1 when there is none. */
function loaderOf(
  table: OpcodeTable,
  code: Uint8Array,
  depths: Int32Array,
  unit: number,
  slot: number,
): number {
  // Units without a depth are caches, or never reached.
  let after = depths[unit]!;
  for (let at = unit - 1; at >= 0; at--) {
    const depth = depths[at]!;
    if (depth < 0) continue;
    const name = nameAt(table, code, at);
    const pushes = depth <= slot && after > slot;
    const replaces = after === slot + 1 && !onlyTaking.has(name);
    // An attribute of what was in the slot, and in the next one what it is bound to.
    const looksUp = depth === slot + 1 && after === slot + 2 && /^LOAD_(ATTR|METHOD)$/.test(name);
    if (pushes || replaces || looksUp) return at;
    after = depth;
  }
  return -1;
}

import { argumentBits, argumentsOfPython2, opcodeAt, shortArgument, unitsIn, unitsOf } from './bytecode.js';
import { effectOf, type Instruction, type OpcodeTable } from './opcodes.js';

/**
 * How many values lie on the value stack before each instruction of a code object: what CPython's compiler computes
 * for `co_stacksize`, and `mark_stacks` of Objects/frameobject.c for jumps in a debugger.
 */

/** The instruction is never reached, or the stack there is not known. */
export const unknownDepth = -1;

export interface Bytecode {
  /** As bytecode.ts has it. */
  readonly code: Uint8Array;
  /** `co_flags`. */
  readonly flags: number;
  /** `co_exceptiontable`, from 3.11; empty before. */
  readonly exceptionTable: Uint8Array;
}

const generatorFlags = 0x20 | 0x80 | 0x200;
/** Passes over the code until nothing changes; a jump backwards to code not reached otherwise needs a second one. */
const mostPasses = 8;

/** One number per unit; undefined when the code holds an instruction that this Python's tables do not know. */
export function stackDepths(table: OpcodeTable, bytecode: Bytecode): Int32Array | undefined {
  const search = new DepthSearch(table, bytecode.code);
  // From 3.10 to 3.12 a generator begins with what it was sent on its stack; before and after, only once it was
  // resumed.
  const startsWithSent = table.minor >= 10 && table.minor <= 12 && (bytecode.flags & generatorFlags) !== 0;
  search.reach(0, startsWithSent ? 1 : 0);
  const handlers = exceptionHandlers(bytecode.exceptionTable);
  for (let pass = 0; pass < mostPasses; pass++) {
    search.changed = false;
    if (!search.passOver()) return undefined;
    for (const { unit, depth } of handlers) search.reach(unit, depth);
    search.reachFinally();
    if (!search.changed) break;
  }
  return search.result();
}

class DepthSearch {
  readonly #table: OpcodeTable;
  readonly #code: Uint8Array;
  readonly #depths: Int32Array;
  /** Up to 3.8: in the body of how many `finally` a unit is. */
  readonly #finallyBody: Uint8Array | undefined;
  /**
   * Up to 3.7: where the body of each `finally` and the end of each `with` begins, by the depth there when it is
   * entered with None. What precedes it leads there as well, unless it always returns, and knows better.
   */
  readonly #finallyDepths = new Map<number, number>();
  /** 3.8: the first units of the bodies of `finally`. */
  readonly #finallyStarts: ReadonlySet<number>;
  /** Something was reached for the first time. */
  changed = false;

  constructor(table: OpcodeTable, code: Uint8Array) {
    const units = unitsIn(table, code);
    this.#table = table;
    this.#code = code;
    this.#depths = new Int32Array(units).fill(unknownDepth);
    this.#finallyBody = table.minor <= 8 ? new Uint8Array(units) : undefined;
    this.#finallyStarts = table.minor === 8 ? finallyStarts(table, code) : new Set();
  }

  reach(unit: number, depth: number, inFinally = 0): void {
    if (!(unit >= 0 && unit < this.#depths.length && depth >= 0) || this.#depths[unit]! >= 0) return;
    this.#depths[unit] = depth;
    if (this.#finallyBody)
      this.#finallyBody[unit] =
        inFinally + (this.#finallyDepths.has(unit) || this.#finallyStarts.has(unit) ? 1 : 0);
    this.changed = true;
  }

  /** Reaches what only an exception or a return leads to. */
  reachFinally(): void {
    for (const [unit, depth] of this.#finallyDepths) this.reach(unit, depth);
  }

  /** From every instruction that is reached to those that come after it; false when one is in no table. */
  passOver(): boolean {
    const code = this.#code;
    let argument = 0;
    for (let unit = 0; unit < this.#depths.length; ) {
      const instruction = this.#table.byCode[opcodeAt(this.#table, code, unit)];
      if (!instruction) return false;
      argument = (argument << argumentBits(this.#table)) | shortArgument(this.#table, code, unit);
      const next = unit + unitsOf(this.#table, code, unit);
      if (this.#depths[unit]! >= 0) this.#follow(unit, next, instruction, argument);
      if (instruction.name !== 'EXTENDED_ARG') argument = 0;
      unit = next;
    }
    return true;
  }

  #follow(unit: number, next: number, instruction: Instruction, argument: number): void {
    const depth = this.#depths[unit]!;
    const before = this.#finallyBody?.[unit] ?? 0;
    if (instruction.name === 'EXTENDED_ARG') {
      this.reach(next, depth, before);
      return;
    }
    const inFinally = finallyAfter(instruction.name, before);
    if (instruction.jump !== undefined) {
      const target = jumpTarget(this.#table.minor, instruction.jump, next, argument);
      const there = depth + effectOf(instruction.jumpEffect, argument);
      if (this.#table.minor <= 7 && beginsFinally.test(instruction.name))
        this.#finallyDepths.set(target, there);
      else this.reach(target, there, inFinally);
    }
    if (!instruction.ends) {
      const growth = growthBy(this.#table, instruction, argument);
      this.reach(next, depth + growth, inFinally);
    }
  }

  result(): Int32Array {
    // What lies on the stack in a `finally` depends on how it was entered.
    for (const [unit, inBody] of this.#finallyBody?.entries() ?? [])
      if (inBody) this.#depths[unit] = unknownDepth;
    return this.#depths;
  }
}

function growthBy({ minor }: OpcodeTable, { name, effect }: Instruction, argument: number): number {
  if (name === 'UNPACK_EX') return (argument & 0xff) + (argument >> 8);
  if (minor < 0 && name.startsWith('CALL_FUNCTION')) return -argumentsOfPython2(name, argument);
  return effectOf(effect, argument);
}

/** Up to 3.7 their jump is what runs in any case. */
const beginsFinally = /^SETUP_(FINALLY|WITH|ASYNC_WITH)$/;

/** In 3.8 what follows BEGIN_FINALLY, and what CALL_FINALLY calls. An exception leads there, too. */
function finallyStarts(table: OpcodeTable, code: Uint8Array): Set<number> {
  const starts = new Set<number>();
  let argument = 0;
  for (let unit = 0; unit < code.length >> 1; unit++) {
    const name = table.byCode[code[unit * 2]!]?.name;
    argument = (argument << 8) | code[unit * 2 + 1]!;
    if (name === 'BEGIN_FINALLY') starts.add(unit + 1);
    if (name === 'CALL_FINALLY') starts.add(jumpTarget(table.minor, 'forward', unit + 1, argument));
    if (name !== 'EXTENDED_ARG') argument = 0;
  }
  return starts;
}

function finallyAfter(name: string, before: number): number {
  return name === 'END_FINALLY' ? Math.max(0, before - 1) : before;
}

function jumpTarget(minor: number, jump: string, next: number, argument: number): number {
  // Up to 3.9 jumps count bytes, which are the units of Python 2.
  const units = minor >= 0 && minor <= 9 ? argument >> 1 : argument;
  if (jump === 'absolute') return units;
  return jump === 'back' ? next - units : next + units;
}

/**
 * `co_exceptiontable` (Objects/exception_handling_notes.txt): start, length, target and (depth << 1 | lasti), each
 * six bits a byte, highest first, bit 6 set while more follow, bit 7 at the first byte of an entry.
 */
function exceptionHandlers(bytes: Uint8Array): { unit: number; depth: number }[] {
  const handlers: { unit: number; depth: number }[] = [];
  let at = 0;
  const number = (): number => {
    let value = bytes[at]! & 63;
    while (at < bytes.length && (bytes[at]! & 64) !== 0) value = (value << 6) | (bytes[++at]! & 63);
    at++;
    return value;
  };
  while (at < bytes.length) {
    number();
    number();
    const unit = number();
    const depthAndLasti = number();
    // The exception, below it the instruction's number when it is to be raised again.
    handlers.push({ unit, depth: (depthAndLasti >> 1) + (depthAndLasti & 1) + 1 });
  }
  return handlers;
}

/**
 * What one instruction of a Python does to the value stack, as that Python says of itself
 * (tools/generate-opcodes.py).
 */
export interface Instruction {
  readonly code: number;
  readonly name: string;
  /** Two-byte units of inline cache that follow it. */
  readonly caches?: number;
  /**
   * By how much the stack grows: `[slope, low…]` means slope × argument + low[argument modulo the number of lows].
   * Absent: it is not known.
   */
  readonly effect?: readonly number[];
  readonly jump?: string;
  /** The same as `effect` for when it jumps. */
  readonly jumpEffect?: readonly number[] | null;
  /** The instruction after it is not reached from it. */
  readonly ends?: boolean;
}

export interface Opcodes {
  readonly instructions: readonly Instruction[];
  /** [what the running interpreter put in place, what it stands for] */
  readonly specialized: readonly (readonly number[])[];
}

/** The same by number. Numbers that stand for nothing have no entry. */
export interface OpcodeTable {
  readonly minor: number;
  readonly byCode: readonly (Instruction | undefined)[];
}

export function opcodeTable(minor: number, opcodes: Opcodes): OpcodeTable {
  const byCode: (Instruction | undefined)[] = new Array(256).fill(undefined);
  for (const instruction of opcodes.instructions) byCode[instruction.code] = instruction;
  for (const [special, base] of opcodes.specialized) byCode[special!] = byCode[base!];
  return { minor, byCode };
}

/** Growth of the stack for an argument, NaN when it is not known. */
export function effectOf(rule: readonly number[] | null | undefined, argument: number): number {
  if (!rule || rule.length < 2) return Number.NaN;
  return rule[0]! * argument + rule[1 + (argument % (rule.length - 1))]!;
}

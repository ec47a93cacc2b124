import { readFileSync } from 'node:fs';
import koffi from 'koffi';
import type { Machine } from '../binary/elf/machines.js';
import { ByteReader } from '../bytes/byte-reader.js';
import type { TargetMemory } from '../memory/target-memory.js';
import { machineOfNode } from './kernel-machine.js';

/**
 * What distinguishes the program that a process runs from the one that it runs after an exec, also where both are the
 * same file at the same addresses: 16 random bytes that the kernel gives each program (AT_RANDOM, getauxval(3)). A
 * child has them from its parent until it execs.
 */
export interface ImageMark {
  readonly address: number;
  readonly bytes: Uint8Array;
}

const atRandom = 25;
const markLength = 16;

/** `undefined` when the process is gone, may not be read, or its kernel gives no such bytes. */
export function imageMark(pid: number, memory: TargetMemory): ImageMark | undefined {
  let vector: Uint8Array;
  try {
    vector = readFileSync(`/proc/${pid}/auxv`);
  } catch {
    return undefined;
  }
  const words = new ByteReader(vector);
  for (let at = 0; at + 16 <= vector.length; at += 16) {
    if (words.u64(at) !== atRandom) continue;
    const address = words.u64(at + 8);
    const bytes = memory.read(address, markLength);
    return bytes && { address, bytes };
  }
  return undefined;
}

/** Whether the program is still the one that the mark was read of: false also when the process is gone. */
export function hasMark(memory: TargetMemory, { address, bytes }: ImageMark): boolean {
  const now = memory.read(address, bytes.length);
  return now !== undefined && bytes.every((byte, at) => byte === now[at]);
}

/** Of kcmp(2), on the machine that we are built for. */
const sysKcmp: Readonly<Record<Machine, number>> = { 'x86-64': 312, aarch64: 272 };
const kcmpMemory = 1;
let systemCall:
  | ((number: number, a: number, b: number, type: number, c: number, d: number) => number)
  | undefined;

/**
 * Whether two processes are one memory (kcmp(2)): a child between vfork and exec, in which nothing of its own can be
 * read.
 */
export function shareMemory(a: number, b: number): boolean {
  systemCall ??= koffi
    .load(null)
    .func('long syscall(long, long, long, long, long, long)') as unknown as typeof systemCall;
  return systemCall!(sysKcmp[machineOfNode()], a, b, kcmpMemory, 0, 0) === 0;
}

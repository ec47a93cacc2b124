import type { CallKind } from '../../src/cpython/calls/call-sites.js';
import { readCallable } from '../../src/cpython/calls/callables.js';
import { readCodeCalls } from '../../src/cpython/calls/code-calls.js';
import { readCode } from '../../src/cpython/code-reader.js';
import { readInterpreters, readThreadStates } from '../../src/cpython/interpreters.js';
import type { Layout } from '../../src/cpython/layout.js';
import { lineAt } from '../../src/cpython/lines/decode-lines.js';
import type { RuntimeLocation } from '../../src/cpython/locate/locate.js';
import { ThreadStack } from '../../src/cpython/stack/thread-stack.js';
import { type CallReader, packCall, Walk } from '../../src/cpython/stack/walk.js';
import { ReadPlan } from '../../src/memory/read-plan.js';
import type { TargetMemory } from '../../src/memory/target-memory.js';

/** Readings until one has all frames: the first shows where more lie. */
const mostReadings = 8;

/** Of each thread, by its ident, the stack as the reader of samples sees it: `name:line`, innermost first, C functions as `name:0`. */
export function sampledStacks(
  memory: TargetMemory,
  { layout, runtime }: RuntimeLocation,
): Map<number, string[]> {
  const stacks = new Map<number, string[]>();
  for (const interpreter of readInterpreters(memory, layout, runtime))
    for (const { address, ident } of readThreadStates(memory, layout, interpreter.address))
      stacks.set(ident, sampledStack(memory, layout, address));
  return stacks;
}

function sampledStack(memory: TargetMemory, layout: Layout, threadState: number): string[] {
  const stack = new ThreadStack(layout, threadState);
  const plan = new ReadPlan();
  const walk = new Walk();
  const names: string[] = [''];
  const calls = callReader(memory, layout, names);
  stack.begin(memory);
  for (let reading = 0; reading < mostReadings; reading++) {
    plan.clear();
    stack.addTo(plan, true);
    stack.addRest(plan);
    const words = new Uint32Array(Math.ceil(plan.bytes / 4));
    stack.regions.copied = memory.readMany(plan, new Uint8Array(words.buffer));
    const before = stack.anchor(words, 'before');
    if (before < 0) continue;
    stack.walk(words, before, walk, calls, true, 0);
    if (walk.end === 'missing') stack.cover(memory, walk.missing);
    const isWhole = walk.end === 'whole' && !stack.changed && before === stack.anchor(words, 'after');
    if (isWhole && stack.hasDepthOf(words, 'before', walk)) return shown(memory, layout, walk, names);
  }
  return [`<${walk.end}>:0`];
}

function shown(memory: TargetMemory, layout: Layout, walk: Walk, names: readonly string[]): string[] {
  const lines: string[] = [];
  for (let at = 0; at < walk.count; at++) {
    if (walk.callee[at]! > 0) lines.push(`${names[walk.callee[at]!]}:0`);
    const address = walk.codeHigh[at]! * 2 ** 32 + walk.codeLow[at]!;
    const code = readCode(memory, layout, address);
    const offset = instructionOffset(layout, address, walk.instruction[at]!);
    lines.push(code ? `${code.qualifiedName}:${lineAt(code.lines, offset)}` : '<no code>:0');
  }
  return lines;
}

function instructionOffset({ minor, code }: Layout, address: number, instruction: number): number {
  if (minor <= 9) return instruction | 0;
  if (minor === 10) return (instruction | 0) * 2;
  return (instruction - address - code.instructions) | 0;
}

/** Takes what lies in a slot for what is called: the threads of an image are within their calls. */
function callReader(memory: TargetMemory, layout: Layout, names: string[]): CallReader {
  const objectAt = (words: Uint32Array, slot: number) =>
    words[slot + 1]! * 2 ** 32 + ((words[slot]! & ~7) >>> 0);
  return {
    callAt(low, high, instruction) {
      const call = readCodeCalls(memory, layout, high * 2 ** 32 + low)?.at(instruction);
      return call ? packCall(call) : 0;
    },
    callee(kind, words, _frame, slot) {
      const { name } = readCallable(
        memory,
        layout,
        objectAt(words, slot),
        kind as CallKind,
        objectAt(words, slot + 2),
      );
      return name === '' ? 0 : names.push(name) - 1;
    },
  };
}

import { mainInstruction } from '../../src/cpython/bytecode-copies.js';
import type { CallKind } from '../../src/cpython/calls/call-sites.js';
import { readCallable } from '../../src/cpython/calls/callables.js';
import { readCodeCalls } from '../../src/cpython/calls/code-calls.js';
import { readCode } from '../../src/cpython/code-reader.js';
import { readInterpreters, readThreadStates } from '../../src/cpython/interpreters.js';
import type { Layout } from '../../src/cpython/layout.js';
import { lineAt } from '../../src/cpython/lines/decode-lines.js';
import type { RuntimeLocation } from '../../src/cpython/locate/locate.js';
import { kindBits, packCall, Reading, type SiteReader } from '../../src/cpython/stack/reading.js';
import { ThreadStack } from '../../src/cpython/stack/thread-stack.js';
import { ReadPlan } from '../../src/memory/read-plan.js';
import type { TargetMemory } from '../../src/memory/target-memory.js';
import { Sites } from '../../src/sampler/stacks/sites.js';

/** Readings until one has all frames: the first shows where more lie. */
const mostReadings = 8;

/**
 * Of each thread, by its ident, the stack as the reader of samples sees it: `name:line`, innermost first, C functions
 * as `name:0`.
 */
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
  const reading = new Reading();
  const names: string[] = [''];
  const sites = new Sites();
  const siteReader = readerOf(memory, layout, sites, names);
  stack.begin(memory);
  for (let times = 0; times < mostReadings; times++) {
    plan.clear();
    stack.addTo(plan, true);
    stack.addRest(plan);
    const words = new Uint32Array(Math.ceil(plan.bytes / 4));
    stack.regions.copied = memory.readMany(plan, new Uint8Array(words.buffer));
    const before = stack.currentFrame(words, 'before');
    if (before < 0) continue;
    reading.clear();
    stack.follow(words, before, reading, siteReader, { inCall: true, reusable: 0 });
    if (reading.end === 'missing') stack.cover(memory, reading.missing);
    const isWhole =
      reading.end === 'whole' && !stack.changed && before === stack.currentFrame(words, 'after');
    if (isWhole && stack.hasDepthOf(words, 'before', reading))
      return shown(memory, layout, sites, reading, names);
  }
  return [`<${reading.end}>:0`];
}

function shown(
  memory: TargetMemory,
  layout: Layout,
  sites: Sites,
  { count, site, callee }: Reading,
  names: readonly string[],
): string[] {
  const lines: string[] = [];
  for (let at = 0; at < count; at++) {
    if (callee[at]! > 0) lines.push(`${names[callee[at]!]}:0`);
    const address = sites.addressOf(sites.codeOf(site[at]!));
    const code = readCode(memory, layout, address);
    const offset = instructionOffset(layout, address, sites.instructionOf(site[at]!));
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
function readerOf(memory: TargetMemory, layout: Layout, sites: Sites, names: string[]): SiteReader {
  const objectAt = (words: Uint32Array, slot: number) =>
    words[slot + 1]! * 2 ** 32 + ((words[slot]! & ~7) >>> 0);
  const callAt: SiteReader['callAt'] = (site) => {
    const calls = readCodeCalls(memory, layout, sites.addressOf(sites.codeOf(site)));
    const call = calls?.at(sites.instructionOf(site));
    return call ? packCall(call) : 0;
  };
  return {
    siteOf: (low, high, instruction) =>
      sites.siteOf(low, high, mainInstruction(memory, layout, high * 2 ** 32 + low, instruction)),
    callAt,
    asked: 'outer',
    calleeAt(site, words, _frame, slot) {
      const kind = callAt(site) & kindBits;
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

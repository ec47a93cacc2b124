import { ByteReader } from '../../bytes/byte-reader.js';
import { cachedMemory } from '../../memory/cached-memory.js';
import { readPointer } from '../../memory/pointers.js';
import { withReadBudget } from '../../memory/read-budget.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import { readCode } from '../code-reader.js';
import { readInterpreters, readThreadStates, type ThreadStateInfo } from '../interpreters.js';
import type { Layout } from '../layout.js';
import { findThreadIdOffset } from '../native-thread-ids.js';
import { dictEntries, dictValue } from '../objects/dicts.js';
import { readInt } from '../objects/integers.js';
import { FrameBudget, readFrames } from '../read-frames.js';

/** The kernel's ids of the process's threads, as they are in its own pid namespace; empty when they are not known. */
export type OwnThreadIds = () => ReadonlySet<number>;

/** Of a runtime found by what lies there, what is looked at to be sure: regions, threads, and frames of these. */
const mostReads = 200_000;
const mostThreads = 16;
const mostFrames = 50_000;
const mostCodes = 40;
const mostEntries = 50_000;
/** Threads that move, and code that is dropped, may spoil one look. */
const looks = 3;

/**
 * Whether CPython's runtime lies at `runtime` with this layout, by its structure alone. Returns `sys.hexversion`, or
 * undefined: no. All must hold, twice one after the other:
 *
 *   interpreters   the list ends at the main one, whose number is 0; other numbers are below the next to be given
 *   thread states  each names its interpreter; each has a thread of the C library, and one of these the id of a
 *                  thread of the process
 *   frames         a thread's chain ends, and is of code objects with names; where no thread has one, none
 *   version        `sys.hexversion` in `sys.modules` is of the layout's version
 */
export function checkRuntime(
  memory: TargetMemory,
  layout: Layout,
  runtime: number,
  threadIds: OwnThreadIds,
): number | undefined {
  if (!hasMainThread(memory, layout, runtime)) return undefined;
  for (let look = 0; look < looks; look++) {
    const first = checkOnce(memory, layout, runtime, threadIds);
    if (first === undefined) continue;
    if (checkOnce(memory, layout, runtime, threadIds) === first) return first;
  }
  return undefined;
}

/** A few reads, by which nearly all that is none is left out. */
function hasMainThread(memory: TargetMemory, layout: Layout, runtime: number): boolean {
  const main = readPointer(memory, runtime + layout.runtime.interpretersHead + 8);
  const thread = readPointer(memory, main + layout.interpreter.threadsHead);
  return readPointer(memory, thread + layout.threadState.interpreter) === main;
}

function checkOnce(
  target: TargetMemory,
  layout: Layout,
  runtime: number,
  threadIds: OwnThreadIds,
): number | undefined {
  const memory = withReadBudget(target, mostReads);
  const main = mainInterpreter(memory, layout, runtime);
  if (main === undefined) return undefined;
  const states = readThreadStates(cachedMemory(memory), layout, main);
  if (!haveThreads(memory, states, threadIds) || !haveFrames(memory, layout, states)) return undefined;
  const version = hexVersion(cachedMemory(memory), layout, main);
  return version >>> 24 === layout.major && ((version >>> 16) & 255) === layout.minor ? version : undefined;
}

function mainInterpreter(memory: TargetMemory, layout: Layout, runtime: number): number | undefined {
  const head = runtime + layout.runtime.interpretersHead;
  const interpreters = readInterpreters(memory, layout, runtime);
  const next = memory.read(head + 16, 8);
  const last = interpreters.at(-1);
  if (!next || !last || last.id !== 0 || last.address !== readPointer(memory, head + 8)) return undefined;
  const numbers = new Set(interpreters.map(({ id }) => id));
  const limit = new ByteReader(next).u64(0);
  const fits = numbers.size === interpreters.length && [...numbers].every((id) => id >= 0 && id < limit);
  return fits && readPointer(memory, last.address + layout.interpreter.next) === 0 ? last.address : undefined;
}

/**
 * `pthread_self()` is the address of a struct that begins with its own address, in glibc (`tcbhead_t`) as in musl, on
 * x86-64. After a fork() that Python did not hear of, the other thread states are left over.
 */
function haveThreads(
  memory: TargetMemory,
  states: readonly ThreadStateInfo[],
  threadIds: OwnThreadIds,
): boolean {
  const idents = states.map(({ ident }) => ident).filter((ident) => readPointer(memory, ident) === ident);
  if (idents.length === 0) return false;
  const ids = threadIds();
  return ids.size === 0 || findThreadIdOffset(memory, idents, ids) >= 0;
}

function haveFrames(memory: TargetMemory, layout: Layout, states: readonly ThreadStateInfo[]): boolean {
  const budget = new FrameBudget(mostFrames);
  let haveNone = true;
  // The main thread comes last.
  for (const { address } of states.slice(-mostThreads).reverse()) {
    const { frames, stable } = readFrames(memory, layout, address, budget);
    if (stable && frames.length === 0) continue;
    haveNone = false;
    const outer = frames.slice(-mostCodes);
    if (outer.length > 0 && outer.every(({ code }) => isCode(memory, layout, code))) return true;
  }
  return haveNone;
}

function isCode(memory: TargetMemory, layout: Layout, address: number): boolean {
  return (readCode(memory, layout, address)?.name ?? '') !== '';
}

/** 0 when it cannot be read. */
function hexVersion(memory: TargetMemory, layout: Layout, interpreter: number): number {
  const modules = readPointer(memory, interpreter + layout.interpreter.modules);
  const sys = valueIn(memory, layout, modules, 'sys');
  // PyModuleObject: md_dict follows the object header.
  const globals = sys === 0 ? 0 : readPointer(memory, sys + layout.object.type + 8);
  return readInt(memory, layout, valueIn(memory, layout, globals, 'hexversion')) ?? 0;
}

function valueIn(memory: TargetMemory, layout: Layout, dict: number, name: string): number {
  return dictValue(memory, layout, dictEntries(memory, layout, dict, mostEntries), name);
}

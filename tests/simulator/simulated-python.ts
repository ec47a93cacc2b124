import { python3_10 } from '../../src/cpython/layouts/python3_10.js';
import { python3_13 } from '../../src/cpython/layouts/python3_13.js';
import { opcodesOf } from '../../src/cpython/versions.js';
import type { ReadPlan } from '../../src/memory/read-plan.js';
import type { TargetMemory } from '../../src/memory/target-memory.js';
import { SimulatedObjects } from './simulated-objects.js';

/**
 * A made-up Python that runs while it is read. Its memory has the structs of CPython (3.10: a frame object for each
 * function; 3.13: frames in a chunk), and time passes with each line of 64 bytes that is copied, so that copies are
 * torn as those of a live process are:
 *
 *   program  ─── push f ───── pop f ── push g ───
 *   copy      │ pointer │ line │ line │ line │      a frame of g below the caller's site of the call of f
 *
 * Times are in nanoseconds.
 */

/**
 * What a function does, in turn: it runs by itself for a while, or calls another one. `.one|two` is a property, of
 * which no function is on the value stack, and which is another function each time.
 *
 * Only for `Moments`, where nothing runs: `~` goes on in a generator, `$` calls a local variable, `?` what came from
 * elsewhere, and `!` is an instruction that is in no table.
 */
export type Step = number | string;

/** By name; `main` runs over and over. */
export type SimulatedProgram = Readonly<Record<string, readonly Step[]>>;

export type SimulatedVersion = 10 | 13;

const layouts = { 10: python3_10, 13: python3_13 };
/** As high as programs for aarch64 lie: user space ends at 2^48 there. */
const base = 0xaaaa_0000_0000;
const threadState = base + 0x10_0000;
const chunk = base + 0x20_0000;
const chunkSize = 0x4000;
const firstObject = base + 0x40_0000;
const objectSize = 0x1000;
export const frameSize = 0x80;
/** Replaces others while a program is traced. */
const unknownOpcode = 253;
/** What a system call, one more region, one more line and a call of the program take. */
export const costs = { read: 700, region: 60, line: 6, call: 40, writes: 3 };

interface ActiveFrame {
  readonly name: string;
  readonly address: number;
}

export interface SimulatedFunction {
  readonly code: number;
  /** The function object. */
  readonly object: number;
  /** The code unit of each step. */
  readonly units: readonly number[];
}

/** Which thread it is of which process. */
export interface SimulatedThread {
  /** The first thread of the process, whose memory and code this one shares; absent: it is the first. */
  readonly first?: SimulatedPython;
  /** From 1 on, another one for each but the first. */
  readonly number?: number;
  /** The function that it runs over and over; otherwise `main`. */
  readonly entry?: string;
}

/** What lies at the same place in each thread is so far apart. */
const betweenThreads = 2 ** 32;

export class SimulatedPython implements TargetMemory {
  readonly layout;
  readonly threadState: number;
  readonly objects: SimulatedObjects;
  now = 0;
  /** Each stack that ever was: names, outermost first. */
  readonly stacks = new Set<string>();
  /** Nanoseconds by name of the innermost function. */
  readonly self = new Map<string, number>();
  readonly #version: SimulatedVersion;
  readonly #program: SimulatedProgram;
  readonly #functions: Map<string, SimulatedFunction>;
  readonly #frameObjects = new Map<string, number>();
  readonly #entry: string;
  readonly chunk: number;
  readonly #active: ActiveFrame[] = [];
  readonly #run: Iterator<number, void>;
  #next = 0;
  #properties = 0;
  /** It runs by itself, and is not about to call or return. */
  isInStep = false;

  constructor(version: SimulatedVersion, program: SimulatedProgram, thread: SimulatedThread = {}) {
    this.#version = version;
    this.#program = program;
    this.layout = layouts[version];
    const { first, number = 0, entry = 'main' } = thread;
    this.#entry = entry;
    this.#functions = first ? first.#functions : new Map();
    this.threadState = number * betweenThreads + threadState;
    this.chunk = number * betweenThreads + chunk;
    this.objects = new SimulatedObjects(this.layout, number * betweenThreads + firstObject, first?.objects);
    this.objects.page(this.threadState, objectSize);
    if (!first)
      for (const [name, steps] of Object.entries(program))
        this.#functions.set(name, this.#function(name, steps));
    if (version === 13) {
      const { stackChunk, threadState: fields } = this.layout;
      this.objects.page(this.chunk, chunkSize);
      this.objects.set(this.chunk + stackChunk.size, chunkSize);
      this.objects.set(this.threadState + fields.dataStackChunk, this.chunk);
    }
    this.#run = this.#forever();
    this.#advance(1);
  }

  read(address: number, length: number): Uint8Array | undefined {
    const into = new Uint8Array(length);
    this.#pass(costs.read);
    return this.#copy(address, length, into, 0) ? into : undefined;
  }

  readMany(plan: ReadPlan, into: Uint8Array): number {
    this.#pass(costs.read);
    let filled = 0;
    for (let region = 0; region < plan.count; region++) {
      const length = plan.lengthOf(region);
      if (!this.#copy(plan.addressOf(region), length, into, filled)) break;
      filled += length;
    }
    return filled;
  }

  /** What lies there at this moment, all in one piece of memory; `undefined`: nothing. */
  bytesAt(address: number, length: number): Uint8Array | undefined {
    return this.objects.bytesAt(address, length);
  }

  /** Memory beside that of the program. */
  addMemory(address: number, size: number): void {
    this.objects.page(address, size);
  }

  set(address: number, value: number): void {
    this.objects.set(address, value);
  }

  functionNamed(name: string): SimulatedFunction {
    return this.#functions.get(name)!;
  }

  /** The program runs for a while, unread. */
  pass(nanoseconds: number): void {
    this.#pass(nanoseconds);
  }

  #pass(nanoseconds: number): void {
    this.now += nanoseconds;
    this.#advance(this.now);
  }

  #copy(address: number, length: number, into: Uint8Array, at: number): boolean {
    this.#pass(costs.region);
    for (let from = address; from < address + length; ) {
      const to = Math.min(address + length, from - (from % 64) + 64);
      this.#pass(costs.line);
      const bytes = this.objects.bytesAt(from, to - from);
      if (!bytes) return false;
      into.set(bytes, at + from - address);
      from = to;
    }
    return true;
  }

  #advance(until: number): void {
    while (this.#next <= until) {
      const { value, done } = this.#run.next();
      if (done) throw new Error('the program ended');
      const top = this.#active.at(-1);
      if (top) this.self.set(top.name, (this.self.get(top.name) ?? 0) + value);
      this.#next += value;
    }
  }

  *#forever(): Generator<number, void> {
    for (;;) yield* this.#runs(this.#entry);
  }

  /** Runs a function; yields after each write how long it is until the next. */
  *#runs(name: string): Generator<number, void> {
    const { frame, threadState: fields } = this.layout;
    const { code, units } = this.#functions.get(name)!;
    const caller = this.#active.at(-1);
    const address = this.#placeFor(name);
    this.objects.set(address + frame.code, code);
    this.setInstruction(address, code, 0);
    if (frame.owner >= 0) this.objects.byte(address + frame.owner, 0);
    this.objects.set(address + frame.previous, caller?.address ?? 0);
    if (caller) yield costs.writes;
    this.#setDepth(this.#active.length + 1);
    this.objects.set(this.threadState + fields.frame, address);
    this.#active.push({ name, address });
    this.stacks.add(this.#active.map((active) => active.name).join(' '));
    yield costs.call;
    for (const [at, step] of this.#program[name]!.entries()) {
      this.setInstruction(address, code, units[at]!);
      if (typeof step === 'number') {
        this.isInStep = true;
        yield step;
        this.isInStep = false;
        continue;
      }
      if (step.startsWith('.')) {
        yield* this.#runs(this.#getter(step));
        continue;
      }
      this.objects.set(address + frame.localsPlus, this.#functions.get(step)!.object);
      yield costs.writes;
      yield* this.#runs(step);
      this.objects.set(address + frame.localsPlus, 0);
      yield costs.writes;
    }
    this.#setDepth(this.#active.length - 1);
    this.objects.set(this.threadState + fields.frame, caller?.address ?? 0);
    this.#active.pop();
    // To leave a frame cuts its link, up to 3.10.
    if (this.#version === 10) this.objects.set(address + frame.previous, 0);
    if (caller) yield costs.writes;
  }

  /** The next of the functions of a property. */
  #getter(step: string): string {
    const names = step.slice(1).split('|');
    return names[this.#properties++ % names.length]!;
  }

  #setDepth(depth: number): void {
    const { recursionDepth } = this.layout.threadState;
    if (recursionDepth >= 0) this.objects.setInt(this.threadState + recursionDepth, depth);
  }

  setInstruction(frame: number, code: number, unit: number): void {
    const at = frame + this.layout.frame.instruction;
    if (this.#version === 10) this.objects.setInt(at, unit);
    else this.objects.set(at, code + this.layout.code.instructions + unit * 2);
  }

  #placeFor(name: string): number {
    if (this.#version === 13)
      return this.chunk + this.layout.stackChunk.data + this.#active.length * frameSize;
    // Each function has a frame object of its own; while it is in use, another one.
    const uses = this.#active.filter((active) => active.name === name).length;
    const key = `${name} ${uses}`;
    const known = this.#frameObjects.get(key) ?? this.objects.object();
    this.#frameObjects.set(key, known);
    return known;
  }
  #function(name: string, steps: readonly Step[]): SimulatedFunction {
    const { code: fields, pythonFunction } = this.layout;
    const { bytecode, units } = this.#bytecodeOf(steps);
    const code = this.objects.instanceOf('code', 0);
    const empty = this.objects.bytesOf(new Uint8Array(0));
    const text = this.objects.string(name);
    for (const field of [fields.name, fields.fileName, fields.qualifiedName])
      if (field >= 0) this.objects.set(code + field, text);
    this.objects.set(code + fields.lineTable, empty);
    this.objects.set(code + fields.names, this.objects.tuple(steps.filter(hasName)));
    if (steps.some((step) => `${step}`.startsWith('$'))) this.objects.setInt(code + fields.localCount, 1);
    for (const field of [fields.cellNames, fields.freeNames])
      if (field >= 0) this.objects.set(code + field, this.objects.tuple([]));
    if (fields.exceptionTable >= 0) this.objects.set(code + fields.exceptionTable, empty);
    if (fields.bytecode >= 0) this.objects.set(code + fields.bytecode, this.objects.bytesOf(bytecode));
    else {
      this.objects.set(code + fields.unitCount, bytecode.length / 2);
      this.objects.put(code + fields.instructions, bytecode);
    }
    const object = this.objects.instanceOf('function', 0);
    this.objects.set(object + pythonFunction.code, code);
    return { code, object, units };
  }

  /** Calls load a global and call it without arguments; running by itself is one instruction that does nothing. */
  #bytecodeOf(steps: readonly Step[]): { bytecode: Uint8Array; units: number[] } {
    const table = opcodesOf(this.#version)!.byCode;
    const numbers: number[] = [];
    const add = (name: string, argument: number) => {
      const opcode = table.findIndex((one, code) => one?.name === name && one.code === code);
      const caches = table[opcode]!.caches ?? 0;
      numbers.push(opcode, argument, ...new Array<number>(caches * 2).fill(0));
    };
    const units: number[] = [];
    const isOld = this.#version === 10;
    const call = () => {
      units.push(numbers.length / 2);
      add(isOld ? 'CALL_FUNCTION' : 'CALL', 0);
      add('POP_TOP', 0);
    };
    let names = 0;
    for (const step of steps) {
      const kind = typeof step === 'number' || step === '!' ? step : step.charAt(0);
      if (kind === '.') {
        add('LOAD_FAST', 0);
        units.push(numbers.length / 2);
        add('LOAD_ATTR', isOld ? names : names * 2);
        names++;
        add('POP_TOP', 0);
      } else if (kind === '~') {
        add('LOAD_FAST', 0);
        units.push(numbers.length / 2);
        add('FOR_ITER', 0);
        add('POP_TOP', 0);
        add('POP_TOP', 0);
      } else if (kind === '$' || kind === '?') {
        add(kind === '$' ? 'LOAD_FAST' : 'LOAD_CONST', 0);
        if (!isOld) add('PUSH_NULL', 0);
        call();
      } else if (kind === '!') {
        units.push(numbers.length / 2);
        numbers.push(unknownOpcode, 0);
      } else if (typeof kind === 'string') {
        // From 3.11 the lowest bit pushes a NULL as well.
        add('LOAD_GLOBAL', isOld ? names : names * 2 + 1);
        names++;
        call();
      } else {
        units.push(numbers.length / 2);
        add('NOP', 0);
      }
    }
    add('LOAD_CONST', 0);
    add('RETURN_VALUE', 0);
    return { bytecode: Uint8Array.from(numbers), units };
  }
}

/** Whether an instruction of the step has a name. */
function hasName(step: Step): step is string {
  return typeof step === 'string' && !/^[~$?!]/.test(step);
}

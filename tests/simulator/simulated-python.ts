import { python3_10 } from '../../src/cpython/layouts/python3_10.js';
import { python3_13 } from '../../src/cpython/layouts/python3_13.js';
import { TypeFlag } from '../../src/cpython/objects/type-flags.js';
import { opcodesOf } from '../../src/cpython/versions.js';
import type { ReadPlan } from '../../src/memory/read-plan.js';
import type { TargetMemory } from '../../src/memory/target-memory.js';

/**
 * A made-up Python that runs while it is read. Its memory has the structs of CPython (3.10: a frame object for each function; 3.13: frames in a
 * chunk), and time passes with each line of 64 bytes that is copied, so that copies are torn as those of a live process are:
 *
 *   program  ─── push f ───── pop f ── push g ───
 *   copy      │ pointer │ line │ line │ line │      a frame of g below the caller's site of the call of f
 *
 * Times are in nanoseconds.
 */

/**
 * What a function does, in turn: it runs by itself for a while, or calls another one. `.one|two` is a property, of which no function is on the value
 * stack, and which is another function each time.
 */
export type Step = number | string;

/** By name; `main` runs over and over. */
export type SimulatedProgram = Readonly<Record<string, readonly Step[]>>;

export type SimulatedVersion = 10 | 13;

const layouts = { 10: python3_10, 13: python3_13 };
const threadState = 0x10_0000;
const chunk = 0x20_0000;
const chunkSize = 0x4000;
const firstObject = 0x40_0000;
const objectSize = 0x1000;
const frameSize = 0x80;
/** What a system call, one more region, one more line and a call of the program take. */
export const costs = { read: 700, region: 60, line: 6, call: 40, writes: 3 };

interface ActiveFrame {
  readonly name: string;
  readonly address: number;
}

interface SimulatedFunction {
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
  now = 0;
  /** Each stack that ever was: names, outermost first. */
  readonly stacks = new Set<string>();
  /** Nanoseconds by name of the innermost function. */
  readonly self = new Map<string, number>();
  readonly #version: SimulatedVersion;
  readonly #program: SimulatedProgram;
  readonly #bytes: Map<number, DataView>;
  readonly #functions: Map<string, SimulatedFunction>;
  readonly #types = new Map<string, number>();
  readonly #frameObjects = new Map<string, number>();
  readonly #starts: Map<DataView, number>;
  readonly #entry: string;
  readonly #chunk: number;
  readonly #active: ActiveFrame[] = [];
  readonly #run: Iterator<number, void>;
  #next = 0;
  #properties = 0;
  #nextObject: number;
  /** It runs by itself, and is not about to call or return. */
  isInStep = false;

  constructor(version: SimulatedVersion, program: SimulatedProgram, thread: SimulatedThread = {}) {
    this.#version = version;
    this.#program = program;
    this.layout = layouts[version];
    const { first, number = 0, entry = 'main' } = thread;
    this.#entry = entry;
    this.#bytes = first ? first.#bytes : new Map();
    this.#starts = first ? first.#starts : new Map();
    this.#functions = first ? first.#functions : new Map();
    this.threadState = number * betweenThreads + threadState;
    this.#chunk = number * betweenThreads + chunk;
    this.#nextObject = number * betweenThreads + firstObject;
    this.#page(this.threadState, objectSize);
    if (!first)
      for (const [name, steps] of Object.entries(program))
        this.#functions.set(name, this.#function(name, steps));
    if (version === 13) {
      const { stackChunk, threadState: fields } = this.layout;
      this.#page(this.#chunk, chunkSize);
      this.#set(this.#chunk + stackChunk.size, chunkSize);
      this.#set(this.threadState + fields.dataStackChunk, this.#chunk);
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
    const page = this.#pageOf(address);
    if (!page || this.#pageOf(address + length - 1) !== page) return undefined;
    return new Uint8Array(page.buffer, address - this.#pageStart(address), length);
  }

  /** Memory beside that of the program. */
  addMemory(address: number, size: number): void {
    this.#page(address, size);
  }

  set(address: number, value: number): void {
    this.#set(address, value);
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
      const to = Math.min(address + length, (from & ~63) + 64);
      this.#pass(costs.line);
      const page = this.#pageOf(from);
      if (!page || this.#pageOf(to - 1) !== page) return false;
      const start = page.byteOffset + from - this.#pageStart(from);
      into.set(new Uint8Array(page.buffer, start, to - from), at + from - address);
      from = to;
    }
    return true;
  }

  #advance(until: number): void {
    while (this.#next <= until) {
      const { value, done } = this.#run.next();
      if (done) throw new Error('the program ended');
      const top = this.#active.at(-1);
      if (top) {
        this.self.set(top.name, (this.self.get(top.name) ?? 0) + value);
        this.stacks.add(this.#active.map(({ name }) => name).join(' '));
      }
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
    this.#set(address + frame.code, code);
    this.#setInstruction(address, code, 0);
    if (frame.owner >= 0) this.#byte(address + frame.owner, 0);
    this.#set(address + frame.previous, caller?.address ?? 0);
    if (caller) yield costs.writes;
    this.#setDepth(this.#active.length + 1);
    this.#set(this.threadState + fields.frame, address);
    this.#active.push({ name, address });
    yield costs.call;
    for (const [at, step] of this.#program[name]!.entries()) {
      this.#setInstruction(address, code, units[at]!);
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
      this.#set(address + frame.localsPlus, this.#functions.get(step)!.object);
      yield costs.writes;
      yield* this.#runs(step);
      this.#set(address + frame.localsPlus, 0);
      yield costs.writes;
    }
    this.#setDepth(this.#active.length - 1);
    this.#set(this.threadState + fields.frame, caller?.address ?? 0);
    this.#active.pop();
    // To leave a frame cuts its link, up to 3.10.
    if (this.#version === 10) this.#set(address + frame.previous, 0);
    if (caller) yield costs.writes;
  }

  /** The next of the functions of a property. */
  #getter(step: string): string {
    const names = step.slice(1).split('|');
    return names[this.#properties++ % names.length]!;
  }

  #setDepth(depth: number): void {
    const { recursionDepth } = this.layout.threadState;
    if (recursionDepth >= 0) this.#view(this.threadState).setInt32(recursionDepth, depth, true);
  }

  #setInstruction(frame: number, code: number, unit: number): void {
    const at = frame + this.layout.frame.instruction;
    if (this.#version === 10) this.#view(at).setInt32(at - this.#pageStart(at), unit, true);
    else this.#set(at, code + this.layout.code.instructions + unit * 2);
  }

  #placeFor(name: string): number {
    if (this.#version === 13)
      return this.#chunk + this.layout.stackChunk.data + this.#active.length * frameSize;
    // Each function has a frame object of its own; while it is in use, another one.
    const uses = this.#active.filter((active) => active.name === name).length;
    const key = `${name} ${uses}`;
    const known = this.#frameObjects.get(key) ?? this.#object();
    this.#frameObjects.set(key, known);
    return known;
  }
  #function(name: string, steps: readonly Step[]): SimulatedFunction {
    const { code: fields, pythonFunction } = this.layout;
    const { bytecode, units } = this.#bytecodeOf(steps);
    const code = this.#instanceOf('code', 0);
    const empty = this.#bytesOf(new Uint8Array(0));
    const text = this.#string(name);
    for (const field of [fields.name, fields.fileName, fields.qualifiedName])
      if (field >= 0) this.#set(code + field, text);
    this.#set(code + fields.lineTable, empty);
    this.#set(code + fields.names, this.#tuple(steps.filter((step) => typeof step === 'string')));
    for (const field of [fields.cellNames, fields.freeNames])
      if (field >= 0) this.#set(code + field, this.#tuple([]));
    if (fields.exceptionTable >= 0) this.#set(code + fields.exceptionTable, empty);
    if (fields.bytecode >= 0) this.#set(code + fields.bytecode, this.#bytesOf(bytecode));
    else {
      this.#set(code + fields.unitCount, bytecode.length / 2);
      this.#put(code + fields.instructions, bytecode);
    }
    const object = this.#instanceOf('function', 0);
    this.#set(object + pythonFunction.code, code);
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
    let names = 0;
    for (const step of steps) {
      if (typeof step === 'string' && step.startsWith('.')) {
        add('LOAD_FAST', 0);
        units.push(numbers.length / 2);
        add('LOAD_ATTR', this.#version === 10 ? names : names * 2);
        names++;
        add('POP_TOP', 0);
      } else if (typeof step === 'string') {
        // From 3.11 the lowest bit pushes a NULL as well.
        add('LOAD_GLOBAL', this.#version === 10 ? names : names * 2 + 1);
        names++;
        units.push(numbers.length / 2);
        add(this.#version === 10 ? 'CALL_FUNCTION' : 'CALL', 0);
        add('POP_TOP', 0);
      } else {
        units.push(numbers.length / 2);
        add('NOP', 0);
      }
    }
    add('LOAD_CONST', 0);
    add('RETURN_VALUE', 0);
    return { bytecode: Uint8Array.from(numbers), units };
  }

  /** An object with a type of that name. */
  #instanceOf(typeName: string, flags: number): number {
    const { type, object } = this.layout;
    let known = this.#types.get(typeName);
    if (known === undefined) {
      known = this.#object();
      this.#set(known + type.name, this.#text(typeName));
      this.#view(known).setUint32(type.flags, flags >>> 0, true);
      this.#types.set(typeName, known);
    }
    const address = this.#object();
    this.#view(address).setUint32(0, 1, true);
    this.#set(address + object.type, known);
    return address;
  }

  #string(text: string): number {
    const { unicode } = this.layout;
    const address = this.#instanceOf('str', TypeFlag.str);
    this.#set(address + unicode.length, text.length);
    // Compact ASCII of one byte a character.
    this.#view(address).setUint32(unicode.state, (1 << 2) | (1 << 5) | (1 << 6), true);
    this.#put(address + unicode.asciiSize, new TextEncoder().encode(text));
    return address;
  }

  #bytesOf(content: Uint8Array): number {
    const address = this.#instanceOf('bytes', TypeFlag.bytes);
    this.#set(address + this.layout.bytes.size, content.length);
    this.#put(address + this.layout.bytes.data, content);
    return address;
  }

  #tuple(texts: readonly string[]): number {
    const address = this.#instanceOf('tuple', TypeFlag.tuple);
    this.#set(address + this.layout.tuple.size, texts.length);
    for (const [at, text] of texts.entries())
      this.#set(address + this.layout.tuple.items + at * 8, this.#string(text));
    return address;
  }

  #text(text: string): number {
    const address = this.#object();
    this.#put(address, new TextEncoder().encode(text));
    return address;
  }

  #object(): number {
    const address = this.#nextObject;
    this.#nextObject += objectSize * 2;
    this.#page(address, objectSize);
    return address;
  }

  #page(address: number, size: number): void {
    const view = new DataView(new ArrayBuffer(size));
    for (let at = 0; at < size; at += objectSize) this.#bytes.set((address + at) / objectSize, view);
    this.#starts.set(view, address);
  }
  #pageOf(address: number): DataView | undefined {
    return this.#bytes.get(Math.floor(address / objectSize));
  }

  #pageStart(address: number): number {
    return this.#starts.get(this.#view(address))!;
  }

  #view(address: number): DataView {
    return this.#pageOf(address)!;
  }

  #set(address: number, value: number): void {
    this.#view(address).setBigUint64(address - this.#pageStart(address), BigInt(value), true);
  }

  #put(address: number, bytes: Uint8Array): void {
    new Uint8Array(this.#view(address).buffer).set(bytes, address - this.#pageStart(address));
  }

  #byte(address: number, value: number): void {
    this.#view(address).setUint8(address - this.#pageStart(address), value);
  }
}

import { TypeFlag } from '../../src/cpython/objects/type-flags.js';
import { ThreadStack } from '../../src/cpython/stack/thread-stack.js';
import { ReadPlan } from '../../src/memory/read-plan.js';
import { processEnded, type TargetMemory } from '../../src/memory/target-memory.js';
import type { Losses } from '../../src/model/profile.js';
import { ReadingCount } from '../../src/sampler/evidence/proven-calls.js';
import { CheckedStack } from '../../src/sampler/name-check.js';
import { type ReadThread, type Remembered, StackReader } from '../../src/sampler/stack-reader.js';
import { LastStack } from '../../src/sampler/stacks/last-stack.js';
import { VerdictCounts } from '../../src/sampler/stacks/verdicts.js';
import {
  frameSize,
  type SimulatedProgram,
  SimulatedPython,
  type SimulatedVersion,
} from './simulated-python.js';

/** Beyond what a program can have. */
const noAddress = 0xffff_8000_0000_0000;

/** A frame of a moment. */
interface MomentFrame {
  readonly name: string;
  /** The step of its function at which it is. */
  readonly step: number;
  /** What its value stack has to be called: a function of the program, a C function (`time.sleep`), or nothing (''). */
  readonly pending: string;
  /** Its link is cut, or leads back to itself. */
  readonly isCut: boolean;
  readonly isRing: boolean;
  /** It does not say which code it ran, as frames that were left (from 3.14). */
  readonly isWithoutCode: boolean;
  /** In place of its code is something else. */
  readonly isGarbage: boolean;
  /** It lies where none was before. */
  readonly isFresh: boolean;
  readonly address: number;
}

interface Moment {
  readonly frames: readonly MomentFrame[];
  /** How many frames the current-frame pointer says there are, before and after these were copied. */
  readonly before: number;
  readonly after: number;
  readonly depth: number;
}

export interface MomentsOptions {
  readonly cFunctions?: boolean;
  readonly most?: Partial<Remembered>;
}

const unbounded: Remembered = { nodes: 1e6, sites: 1e6, codes: 1e6, functions: 1e6 };

/**
 * One thread of a Python that stands still, and of which the test says what each copy of it has:
 *
 *   main left:1 leaf        the frames, outermost first; `left` is at its step 1, the others at their step 0
 *   main:0(other) leaf      the value stack of `main` has `other` to be called; without that what its step calls, and
 *                           `()`: nothing
 *   main:9(@map) ~gen       an iterator of C; `main(&ops.Thing)` and `main(&ops.Thing/1)` are objects of C that can be
 *                           called, `main(%time.sleep)` is a bound method
 *   main:1(=time.sleep)     what is called is also in the local variable
 *   main(time.sleep) C leaf a C function, and the frame of the interpreter's own between what it calls and its caller
 *   main ~gen leaf!         `gen` lies by itself; the link of `leaf` is cut
 *   main left leaf^         the link of `leaf` leads to itself; `leaf%`: it has no code
 *   main left leaf* leaf?   the first `leaf` lies where no frame was before (up to 3.10); the second one does not say
 *                           which code it ran. `leaf+` lies where only `leaf+` was before
 *   main left leaf 3/2      the current-frame pointer is that of the third frame, and of the second when it was read
 *                           again
 *   main left #4            the thread counts 4 frames
 */
export class Moments implements TargetMemory {
  readonly python: SimulatedPython;
  readonly losses: Losses = { missed: 0, retried: 0, torn: 0, truncated: 0, unreadTasks: 0 };
  readonly verdicts = new VerdictCounts();
  readonly thread: ReadThread;
  /** Microseconds. */
  now = 0;
  /** Microseconds from a copy to what is read after it. */
  late = 0;
  /** Microseconds that a copy takes too long. */
  copyDelay = 0;
  blocked = false;
  hasGil = true;
  inCall = true;
  /** The sample has taken all the time that it may once so many copies of the frames were made. */
  mostCopies = Number.POSITIVE_INFINITY;
  /** How often all stacks were forgotten. */
  forgotten = 0;
  /** The process ends after so many copies of a look. */
  endsAfter = Number.POSITIVE_INFINITY;
  /** When that object is read, with the frames or by itself, the thread goes on to this moment. */
  goesOn: { readonly object: string; readonly to: string } | undefined;
  /** Called with each address that is read beside frames. */
  onRead: (address: number) => void = () => {};
  /** Called with each copy of the frames that was made. */
  onCopy: () => void = () => {};
  /** Names of the stack that was shown last. */
  shown: readonly string[] = [];
  readonly #program: SimulatedProgram;
  readonly #minor: SimulatedVersion;
  readonly #reader: StackReader;
  readonly #stacks: string[][] = [[]];
  readonly #plan = new ReadPlan();
  readonly #places = new Map<string, number>();
  readonly #lost = new Set<number>();
  #moments: Moment[] = [];
  #next = 0;
  #fresh = 0;
  #globals = 0;

  constructor(
    version: SimulatedVersion,
    program: SimulatedProgram,
    { cFunctions = true, most }: MomentsOptions = {},
  ) {
    this.#program = program;
    this.#minor = version;
    this.python = new SimulatedPython(version, program);
    const { layout, threadState } = this.python;
    this.thread = {
      stack: new ThreadStack(layout, threadState),
      last: new LastStack(),
      checked: new CheckedStack(),
      readings: new ReadingCount(),
      followedAt: Number.NEGATIVE_INFINITY,
    };
    const names: string[] = [];
    const numbers = new Map<string, number>();
    const numbered = (key: string, make: () => number) => {
      const number = numbers.get(key) ?? make();
      numbers.set(key, number);
      return number;
    };
    this.#reader = new StackReader({
      ...{ memory: this, layout, losses: this.losses, verdicts: this.verdicts, cFunctions },
      most: { ...unbounded, ...most },
      threads: () => [this.thread],
      encoder: {
        defineFunction: ({ qualifiedName }) =>
          numbered(`function ${qualifiedName}`, () => names.push(qualifiedName) - 1),
        defineFrame: (fn) => fn,
        defineStack: (parent, frame) =>
          numbered(
            `stack ${parent} ${frame}`,
            () => this.#stacks.push([...this.#stacks[parent]!, names[frame]!]) - 1,
          ),
      },
      shortFileName: (name) => name,
      isTimeUp: () => this.#next >= this.mostCopies,
      // Time passes between any two looks at the clock.
      clock: () => {
        this.now += 0.01;
        return this.now + this.late;
      },
    });
  }

  /**
   * Frames have been in the copy before but for those marked to be new. The stack that a sample shows, names outermost
   * first, when the tick copies the first of these moments and what is read again copies the others, the last one over
   * and over. `passed`: microseconds since the sample before.
   */
  look(moments: string | readonly string[], passed = 100): string {
    this.now += passed;
    this.#moments = [moments].flat().map((text) => this.#parse(text));
    this.#next = 0;
    const { stack } = this.thread;
    for (const moment of [...this.#moments].reverse()) {
      this.#lay(moment);
      for (const { address, isFresh } of moment.frames) if (!isFresh) stack.cover(this, address);
    }
    this.#plan.clear();
    stack.addTo(this.#plan, true);
    this.#reader.addTo(this.#plan);
    stack.addRest(this.#plan);
    const bytes = new Uint8Array(this.#plan.bytes);
    stack.regions.copied = this.readMany(this.#plan, bytes);
    const words = new Uint32Array(bytes.buffer);
    const currentFrame = stack.currentFrame(words, 'before');
    const { inCall, blocked, hasGil: runs, copyDelay, now: copiedAt } = this;
    const moment = { words, copiedAt, copyDelay, passed, currentFrame, inCall, blocked, runs };
    const node = this.#reader.read(this.thread, moment);
    this.shown = this.#stacks[this.#reader.stackOf(node)]!;
    if (this.#reader.review(this.now)) this.forgotten++;
    return this.shown.join(' ');
  }

  /** Reads ahead of the first sample what each step copies, the last of these moments over and over: how many steps. */
  ahead(moments: readonly string[]): number {
    this.#moments = moments.map((text) => this.#parse(text));
    this.#next = 0;
    this.#layNext();
    let steps = 0;
    for (const _ of this.#reader.learnAhead([this.python.threadState])) steps++;
    return steps;
  }

  /** So many looks at the same; the last stack that was shown. */
  looks(times: number, moments: string | readonly string[], passed = 100): string {
    for (let look = 0; look < times; look++) this.look(moments, passed);
    return this.shown.join(' ');
  }

  /** By which rule the last look found its stack. */
  ruleOf(moments: string | readonly string[]): string {
    const before = this.verdicts.toJSON();
    this.look(moments);
    const after = Object.entries(this.verdicts.toJSON());
    return after
      .filter(([rule, count]) => count > (before[rule] ?? 0))
      .map(([rule]) => rule)
      .join(', ');
  }

  /** At the address of a function's code other code lies from now on, of that name. */
  rename(name: string, by: string): void {
    const { objects, layout } = this.python;
    const { code } = this.python.functionNamed(name);
    const text = objects.string(by);
    for (const field of [layout.code.name, layout.code.qualifiedName])
      if (field >= 0) objects.set(code + field, text);
  }

  /** The frame of a function can be read no more (up to 3.10). */
  lose(name: string): void {
    this.#lost.add(this.#places.get(`${name} 0`)!);
  }

  /** At the address of one object of C another one lies from now on. */
  replace(object: string, by: string): void {
    const size = this.python.layout.cFunction.module + 8;
    this.python.objects.put(this.addressOf(object), this.python.bytesAt(this.addressOf(by), size)!.slice());
  }

  /** A function runs the code of another one from now on, or is gone. */
  runs(name: string, other?: string): void {
    const { objects, layout } = this.python;
    const { object } = this.python.functionNamed(name);
    objects.set(object + layout.pythonFunction.code, other ? this.python.functionNamed(other).code : 0);
  }

  read(address: number, length: number): Uint8Array | undefined {
    this.onRead(address);
    this.#goOn(address);
    return this.python.bytesAt(address, length)?.slice();
  }

  readMany(plan: ReadPlan, into: Uint8Array): number {
    const { threadState, layout } = this.python;
    const pointer = threadState + layout.threadState.frame;
    let pointers = 0;
    let filled = 0;
    for (let region = 0; region < plan.count; region++) {
      const [address, length] = [plan.addressOf(region), plan.lengthOf(region)];
      if (address === pointer && pointers++ === 0) {
        if (this.#next >= this.endsAfter) return processEnded;
        this.#layNext();
      }
      if (address === pointer && pointers === 2) this.#point(this.#current, 'after');
      this.#goOn(address);
      const bytes = this.#lost.has(address) ? undefined : this.python.bytesAt(address, length);
      if (!bytes) break;
      into.set(bytes, filled);
      filled += length;
    }
    if (pointers > 0) this.onCopy();
    else this.onRead(plan.addressOf(0));
    return filled;
  }

  #goOn(address: number): void {
    const { goesOn } = this;
    if (goesOn && address === this.#places.get(goesOn.object)) this.#lay(this.#parse(goesOn.to));
  }

  get #current(): Moment {
    return this.#moments[Math.max(0, Math.min(this.#next, this.#moments.length) - 1)]!;
  }

  #layNext(): void {
    this.#next++;
    this.#lay(this.#current);
  }

  #point({ before, after, frames, depth }: Moment, which: 'before' | 'after'): void {
    const { objects, threadState, layout } = this.python;
    const fields = layout.threadState;
    const count = which === 'before' ? before : after;
    objects.set(threadState + fields.frame, frames[count - 1]?.address ?? 0);
    if (fields.recursionDepth >= 0)
      objects.setInt(threadState + fields.recursionDepth, depth + (count - before));
  }

  #lay(moment: Moment): void {
    const { objects, layout } = this.python;
    const { frame } = layout;
    for (const [at, one] of moment.frames.entries()) {
      const { name, step, pending, address } = one;
      const caller = moment.frames[at - 1]?.address ?? 0;
      objects.set(address + frame.previous, one.isRing ? address : one.isCut ? 0 : caller);
      if (frame.owner >= 0) objects.byte(address + frame.owner, name === 'C' ? layout.ownerShim : 0);
      if (name === 'C') continue;
      const { code, units } = this.python.functionNamed(name);
      objects.set(address + frame.code, one.isWithoutCode ? 0 : one.isGarbage ? noAddress : code);
      this.python.setInstruction(address, code, units[step]!);
      objects.set(address + frame.globals, this.#globals);
      const hasLocal = this.#program[name]!.some((one) => `${one}`.startsWith('$'));
      const isLocal = pending.startsWith('=');
      const object = this.addressOf(isLocal ? pending.slice(1) : pending);
      if (hasLocal) objects.set(address + frame.localsPlus, isLocal ? object : 0);
      objects.set(address + frame.localsPlus + (hasLocal ? 8 : 0), object);
    }
    this.#point(moment, 'before');
  }

  /** Where what is called lies, or an object of a value stack. */
  addressOf(pending: string): number {
    if (pending === '') return 0;
    if (pending.startsWith('%')) return this.#placed(pending, () => this.#method(pending.slice(1)));
    if (/^[@&]/.test(pending)) return this.#placed(pending, () => this.#instance(pending));
    if (this.#program[pending]) return this.python.functionNamed(pending).object;
    return this.#placed(pending, () => this.#cFunction(pending));
  }

  #placed(key: string, make: () => number): number {
    const known = this.#places.get(key) ?? make();
    this.#places.set(key, known);
    return known;
  }

  /** A function of C, by its full name. */
  #cFunction(name: string): number {
    const { objects, layout } = this.python;
    const [module, last] = name.split('.');
    const address = objects.instanceOf('builtin_function_or_method', 0);
    const definition = objects.object();
    objects.set(definition, objects.text(last!));
    objects.set(address + layout.cFunction.definition, definition);
    objects.set(address + layout.cFunction.module, objects.string(module!));
    return address;
  }

  /** An object of a type in C that has a `__next__` (`@type`) or a `__call__` (`&type`, `&type/1`). */
  #instance(text: string): number {
    const { objects, layout } = this.python;
    const address = objects.instanceOf(text.slice(1).replace(/\/.*/, ''), 0);
    const type = this.#typeAt(address);
    objects.set(type + layout.object.type, this.#typeAt(objects.instanceOf('type', TypeFlag.type)));
    objects.set(type + (text.startsWith('@') ? layout.type.next : layout.type.call), objects.object());
    return address;
  }

  /** A bound method of a function of C. */
  #method(name: string): number {
    const { objects, layout } = this.python;
    const address = objects.instanceOf('method', 0);
    objects.set(address + layout.boundMethod.function, this.addressOf(name));
    return address;
  }

  /** From now on frames have a global variable of that name. */
  setGlobal(name: string, object: string): void {
    const { objects, layout } = this.python;
    const { dict, dictKeys } = layout;
    this.#globals = objects.instanceOf('dict', TypeFlag.dict);
    const keys = objects.object();
    objects.set(this.#globals + dict.keys, keys);
    if (dictKeys.kind < 0) objects.set(keys + dictKeys.size, 8);
    else objects.byte(keys + dictKeys.log2IndexBytes, 3);
    objects.set(keys + dictKeys.entryCount, 1);
    // Eight indices of a byte, then hash, key and value.
    objects.set(keys + dictKeys.indices + 16, objects.string(name));
    objects.set(keys + dictKeys.indices + 24, this.addressOf(object));
  }

  #typeAt(object: number): number {
    const [pointer] = new BigUint64Array(this.read(object + this.python.layout.object.type, 8)!.buffer);
    return Number(pointer);
  }

  #parse(text: string): Moment {
    const frames: MomentFrame[] = [];
    let pointers: readonly string[] | undefined;
    let depth: number | undefined;
    for (const part of text.split(' ')) {
      if (/^\d/.test(part)) pointers = part.split('/');
      else if (part.startsWith('#')) depth = Number(part.slice(1));
      else frames.push(this.#frame(part, frames));
    }
    const before = Number(pointers?.[0] ?? frames.length);
    depth ??= frames.slice(0, before).filter(({ name }) => name !== 'C').length;
    return { frames, before, after: Number(pointers?.[1] ?? before), depth };
  }

  #frame(text: string, outer: readonly MomentFrame[]): MomentFrame {
    const [, alone, name, step, pending, marks = ''] = /^(~?)(\w+)(?::(\d+))?(?:\((.*)\))?([!?*+^%]*)$/.exec(
      text,
    )!;
    const at = Number(step ?? 0);
    const called = `${this.#program[name!]?.[at] ?? ''}`;
    const isObject = alone === '~' || this.#minor === 10;
    const uses = outer.filter((frame) => frame.name === name).length;
    return {
      ...{ name: name!, step: at, pending: pending ?? (this.#program[called] ? called : '') },
      ...{ isCut: marks.includes('!'), isRing: marks.includes('^'), isWithoutCode: marks.includes('?') },
      isFresh: /[*+]/.test(marks),
      isGarbage: marks.includes('%'),
      address: isObject
        ? this.#placed(
            marks.includes('*') ? `fresh ${this.#fresh++}` : `${name} ${marks.includes('+') ? '+' : uses}`,
            () => this.python.objects.object(),
          )
        : this.python.chunk + this.python.layout.stackChunk.data + outer.length * frameSize,
    };
  }
}

import { CallKind } from '../cpython/calls/call-sites.js';
import { readCallable } from '../cpython/calls/callables.js';
import { type CodeCalls, readCodeCalls } from '../cpython/calls/code-calls.js';
import { instructionAtStart } from '../cpython/code-unit.js';
import type { Layout } from '../cpython/layout.js';
import { dictEntries, dictValue } from '../cpython/objects/dicts.js';
import { readString } from '../cpython/objects/strings.js';
import { type CallReader, packCall } from '../cpython/stack/walk.js';
import { readPointer } from '../memory/pointers.js';
import { RecordedMemory } from '../memory/recorded-memory.js';
import type { TargetMemory } from '../memory/target-memory.js';
import { CallableCache } from './callable-cache.js';
import { ObjectWatch } from './object-watch.js';
import { PythonFunctions } from './python-functions.js';

/**
 * The C functions that frames call, looked up without allocation once they are known.
 *
 * What lies in the slot need not be what is called: a copy can be torn, the instruction of one moment beside the slot of another, and when a
 * call is over, what it gave back lies where its callable lay. So a name needs evidence:
 *
 *   - the callable was loaded by that name: `sleep` at the instruction that calls `time.sleep`;
 *   - or it is still in the variable that it was loaded from;
 *   - or the thread is blocked, and not by the GIL: then it is within the call;
 *   - or it came from elsewhere or is an object that can be called, and was there at several times and most of the times that the
 *     instruction was seen, and nothing that has the name was.
 *
 * An instruction that calls different functions in turn may stay without a name; it does not get a wrong one.
 */

const places = 1 << 14;
/** Times that a function is seen at an instruction before it is believed without other evidence, and microseconds between two such times. */
const proof = 6;
const timesApart = 10_000;
/** What was seen less often than in this part of all sightings makes room for another. */
const rarely = 16;
/** Code objects whose calls are remembered before all are forgotten. */
const mostCodes = 20_000;
const mostGlobals = 100_000;
const highHalf = 0x1_0000_0000;
/** Microseconds from a copy until which an object that it points to is taken for the one that was there, and the same for a thread that is blocked. */
const mostLate = 30;
const mostLateBlocked = 1000;
const instanceCall = '__call__';
const longestName = 200;

export class CCalls implements CallReader {
  /** Those that were seen to be called. */
  readonly pythonFunctions: PythonFunctions;
  /** Names of code objects by address: as `#words` numbers them. */
  readonly #codeNames = new Map<number, number>();
  readonly #memory: TargetMemory;
  readonly #layout: Layout;
  readonly #named: boolean;
  readonly #clock: () => number;
  readonly #codes = new Map<number, CodeCalls>();
  /** By address of code: the places that its instructions were given; some may be others' by now. */
  readonly #placesOf = new Map<number, Set<number>>();
  /** Addresses from torn copies where no code object was found of late. */
  readonly #noCodes = new Set<number>();

  // One entry a place: an instruction of a code object, what it calls, and which two functions were seen there most.
  readonly #placeLow = new Uint32Array(places);
  readonly #placeHigh = new Uint32Array(places);
  readonly #placeInstruction = new Uint32Array(places);
  readonly #placeCall = new Int32Array(places).fill(-1);
  readonly #placeName = new Int32Array(places);
  readonly #placeLocal = new Int32Array(places);
  /** 1: a C function with the name by which the callable is loaded was seen. */
  readonly #placeMatched = new Uint8Array(places);
  /** Address of the global of that name: 0 not looked for, -1 there is none. */
  readonly #placeGlobal = new Float64Array(places);
  readonly #countedAt = new Float64Array(places);
  readonly #seen = new Uint32Array(places);
  readonly #first = new Int32Array(places);
  readonly #firstSeen = new Uint32Array(places);
  readonly #second = new Int32Array(places);
  readonly #secondSeen = new Uint32Array(places);
  #place = 0;
  /** When the copy was made that is looked at, microseconds. */
  now = 0;
  /** Whether its thread is blocked, and not by the GIL. */
  blocked = false;

  /** Objects that are copied with every tick. */
  readonly watch: ObjectWatch;
  /** Of the object that was looked up last: another one may have lain there when the copy was made. Then only its name can prove it. */
  #isDoubtful = false;
  /** The tick's copy. */
  tickWords: Uint32Array | undefined;
  /** Of objects that last, by their addresses. */
  readonly #objects: CallableCache;
  /** Others are looked at each time: by their types and first fields. */
  readonly #contents: CallableCache;

  readonly #functions = new Map<string, number>();
  /** Names by which callables are loaded, and the last words of functions' names, numbered from 1. */
  readonly #words = new Map<string, number>();
  readonly #lastWord: number[] = [0];
  /** Always the first word. */
  readonly #instanceCall = this.#numberOf(this.#words, instanceCall);
  /** By number; there is no function 0. */
  readonly names: string[] = [''];

  /**
   * `named` false: C functions are not told, only functions of Python, which are evidence of calls. `clock`: microseconds, as the times of
   * copies.
   */
  constructor(memory: TargetMemory, layout: Layout, named: boolean, clock: () => number) {
    this.#named = named;
    this.#clock = clock;
    this.#memory = memory;
    this.#layout = layout;
    this.pythonFunctions = new PythonFunctions(memory, layout);
    this.#objects = new CallableCache(memory);
    this.#contents = new CallableCache(memory);
    this.watch = new ObjectWatch(layout.object.size + 8);
  }

  callAt(codeLow: number, codeHigh: number, instruction: number): number {
    const mixed = Math.imul(codeLow, 0x9e3779b1) ^ Math.imul(instruction, 0x85ebca6b);
    const place = (mixed ^ (mixed >>> 15)) & (places - 1);
    if (this.#isPlace(place, codeLow, codeHigh, instruction)) this.#place = place;
    else if (this.#isPlace(place ^ 1, codeLow, codeHigh, instruction)) this.#place = place ^ 1;
    else {
      // The one of two that was seen less makes room: two that are used in turn then do not drive each other out.
      this.#place = this.#seen[place]! > this.#seen[place ^ 1]! ? place ^ 1 : place;
      return this.#learn(this.#place, codeLow, codeHigh, instruction);
    }
    return this.#placeCall[this.#place]!;
  }

  #isPlace(place: number, codeLow: number, codeHigh: number, instruction: number): boolean {
    return (
      this.#placeLow[place] === codeLow &&
      this.#placeInstruction[place] === instruction &&
      this.#placeHigh[place] === codeHigh &&
      this.#placeCall[place]! >= 0
    );
  }

  #learn(place: number, codeLow: number, codeHigh: number, instruction: number): number {
    const address = codeHigh * highHalf + codeLow;
    if (this.#noCodes.has(address)) return 0;
    const calls = this.#codes.get(address) ?? readCodeCalls(this.#memory, this.#layout, address);
    if (!calls) {
      if (this.#noCodes.size < mostCodes) this.#noCodes.add(address);
      return 0;
    }
    if (this.#codes.size >= mostCodes) this.#forgetPlaces();
    this.#codes.set(address, calls);
    const itsPlaces = this.#placesOf.get(address) ?? new Set();
    this.#placesOf.set(address, itsPlaces.add(place));
    const call = calls.at(instruction);
    this.#placeLow[place] = codeLow;
    this.#placeHigh[place] = codeHigh;
    this.#placeInstruction[place] = instruction;
    this.#placeCall[place] = call ? packCall(call) : 0;
    this.#placeName[place] = call?.name === undefined ? 0 : this.#numberOf(this.#words, call.name);
    this.#placeLocal[place] = call?.local ?? -1;
    this.#placeMatched[place] = 0;
    this.#placeGlobal[place] = call?.isGlobal ? 0 : -1;
    this.#countedAt[place] = Number.NEGATIVE_INFINITY;
    this.#seen[place] = this.#first[place] = this.#second[place] = 0;
    this.#firstSeen[place] = this.#secondSeen[place] = 0;
    return this.#placeCall[place]!;
  }

  callee(kind: number, words: Uint32Array, frame: number, slot: number): number {
    const place = this.#place;
    // Bits at the end of a reference are marks.
    const low = (words[slot]! & ~7) >>> 0;
    const high = words[slot + 1]!;
    const other = words[slot + 3]! * highHalf + ((words[slot + 2]! & ~7) >>> 0);
    const fn = this.#functionOf(kind, words, low, high, other);
    if (fn <= 0 || !this.#named) {
      this.#count(place, 0);
      return Math.min(fn, 0);
    }
    const name = this.#placeName[place]!;
    if (name !== 0 && this.#lastWord[fn] === name) {
      this.#placeMatched[place] = 1;
      return fn;
    }
    if (this.#isGlobal(place, words, frame, high * highHalf + low)) return fn;
    if (this.#isDoubtful) return 0;
    const local = this.#placeLocal[place]!;
    if (local >= 0) {
      const at = frame + (local >> 2);
      if (((words[at]! ^ low) & ~7) === 0 && words[at + 1] === high) return fn;
    }
    const isUsual = this.#count(place, fn) && this.#placeMatched[place] === 0;
    // What is loaded by a name and has another may be an object that can be called, but a function is more often what was given back.
    const mayHaveName = name === 0 || this.#lastWord[fn] === this.#instanceCall;
    return (isUsual && mayHaveName) || this.blocked ? fn : 0;
  }

  /** Whether the global by whose name the callable was loaded is the object at `address`. */
  #isGlobal(place: number, words: Uint32Array, frame: number, address: number): boolean {
    if (this.#placeGlobal[place] === 0) {
      const at = frame + (this.#layout.frame.globals >> 2);
      const globals = words[at + 1]! * highHalf + words[at]!;
      const entries = dictEntries(this.#memory, this.#layout, globals, mostGlobals);
      const name = this.#wordAt(this.#placeName[place]!);
      this.#placeGlobal[place] = dictValue(this.#memory, this.#layout, entries, name) || -1;
    }
    return this.#placeGlobal[place] === address;
  }

  #wordAt(number: number): string {
    for (const [word, its] of this.#words) if (its === number) return word;
    return '';
  }

  /** Counts what is seen at an instruction, now and then; whether it is `fn` nearly always. */
  #count(place: number, fn: number): boolean {
    if (this.now - this.#countedAt[place]! >= timesApart) {
      this.#countedAt[place] = this.now;
      const seen = ++this.#seen[place]!;
      if (fn === 0) return false;
      if (fn === this.#first[place]) this.#firstSeen[place]!++;
      else if (fn === this.#second[place]) this.#secondSeen[place]!++;
      else if (this.#secondSeen[place]! * rarely < seen) {
        this.#second[place] = fn;
        this.#secondSeen[place] = 1;
      }
      if (this.#secondSeen[place]! > this.#firstSeen[place]!) this.#swap(place);
    }
    const times = this.#firstSeen[place]!;
    return fn === this.#first[place] && times >= proof && times * 2 > this.#seen[place]!;
  }

  #swap(place: number): void {
    const [fn, seen] = [this.#first[place]!, this.#firstSeen[place]!];
    this.#first[place] = this.#second[place]!;
    this.#firstSeen[place] = this.#secondSeen[place]!;
    this.#second[place] = fn;
    this.#secondSeen[place] = seen;
  }

  #functionOf(kind: number, words: Uint32Array, low: number, high: number, other: number): number {
    if (high >= 0x8000 || (high === 0 && low < 4096)) return 0;
    const known = this.#objects.get(low, high, kind, this.now);
    this.#isDoubtful = known === 'changed';
    return typeof known === 'number' ? known : this.#lookAt(kind, words, low, high, other);
  }

  #lookAt(kind: number, words: Uint32Array, low: number, high: number, other: number): number {
    const { object } = this.#layout;
    const address = high * highHalf + low;
    const at = words === this.tickWords ? this.watch.offsetOf(low, high) : -1;
    const head = at >= 0 ? words : this.#headOf(address);
    if (!head) return 0;
    if (at < 0 && this.#isLate(this.blocked ? mostLateBlocked : mostLate)) this.#isDoubtful = true;
    const first = Math.max(0, at);
    const type = head[first + (object.type >> 2)]!;
    const field = this.#fieldOf(kind, head, first, other);
    const alike = this.#contents.get(type, field, kind, this.now);
    if (typeof alike === 'number') {
      if (alike > 0) this.watch.use(low, high, this.now);
      return alike;
    }
    const memory = new RecordedMemory(this.#memory);
    const { name, lasting, pythonFunction } = readCallable(
      memory,
      this.#layout,
      address,
      kind as CallKind,
      other,
    );
    // What was read may be of the next object that came to lie there.
    const now = this.#headOf(address);
    if (!now || now[object.type >> 2] !== type || this.#fieldOf(kind, now, 0, other) !== field) return 0;
    // Or of one between, when the kernel gave our processor to somebody else twice. Counts of references change all the time.
    if (!memory.agreesWith(address, new Uint8Array(now.buffer), object.type)) return 0;
    const fn = name === '' ? -this.pythonFunctions.numberOf(pythonFunction, this.now) : this.#number(name);
    // The same iterator is met at each of its steps: one that is none of interest is not looked at each time.
    if (lasting || (name === '' && kind === CallKind.next))
      this.#objects.set(low, high, kind, this.now, fn, memory.known());
    else {
      this.#contents.set(type, field, kind, this.now, fn, memory.known(address, other));
      if (fn > 0) this.watch.use(low, high, this.now);
    }
    if (alike === 'changed' || this.#isLate(mostLate)) this.#isDoubtful = true;
    return fn;
  }

  /** What besides its type says which function it is: the first field, or the type of the other operand. Of other kinds nothing does. */
  #fieldOf(kind: number, head: Uint32Array, first: number, other: number): number {
    const { object } = this.#layout;
    if (kind === CallKind.call) return head[first + (object.size >> 2)]!;
    if (kind !== CallKind.power && kind !== CallKind.matmul) return 0;
    return readPointer(this.#memory, other + object.type) % highHalf || 0;
  }

  /** The beginning of an object as it is now; `undefined` when it cannot be read. */
  #headOf(address: number): Uint32Array | undefined {
    const bytes = this.#memory.read(address, this.#layout.object.size + 8);
    return bytes && new Uint32Array(bytes.buffer);
  }

  /** Whether the object that was in the copy may have made room for another one by now. */
  #isLate(most: number): boolean {
    return this.#clock() > this.now + most;
  }

  #number(name: string): number {
    const number = this.#numberOf(this.#functions, name);
    if (number === this.names.length) {
      this.names.push(name);
      this.#lastWord.push(this.#numberOf(this.#words, name.slice(name.lastIndexOf('.') + 1)));
    }
    return number;
  }

  /** The number of a code object's name. */
  #nameOf(code: number): number {
    const known = this.#codeNames.get(code);
    if (known !== undefined) return known;
    const nameAt = readPointer(this.#memory, code + this.#layout.code.name);
    const name = readString(this.#memory, this.#layout, nameAt, longestName) ?? '';
    const number = name === '' ? 0 : this.#numberOf(this.#words, name);
    if (this.#codeNames.size >= mostCodes) this.#codeNames.clear();
    this.#codeNames.set(code, number);
    return number;
  }

  /** Of a code object, as a frame has its instruction at the first one, which stands for the line of its definition. */
  firstInstruction(codeLow: number): number {
    return instructionAtStart(this.#layout, codeLow);
  }

  /** Whether the code at an address has the name by which a caller loads what it calls at an instruction, as far as it loads it by name. */
  mayBeLoaded(
    callerLow: number,
    callerHigh: number,
    instruction: number,
    codeLow: number,
    codeHigh: number,
  ): boolean {
    this.callAt(callerLow, callerHigh, instruction);
    const name = this.#placeName[this.#place]!;
    return name === 0 || name === this.#nameOf(codeHigh * highHalf + codeLow);
  }

  /** In which ways the code at an address may call a function of Python at an instruction; undefined when that is not known. */
  waysToCall(codeLow: number, codeHigh: number, instruction: number): number | undefined {
    return this.#codes.get(codeHigh * highHalf + codeLow)?.waysToCall(instruction);
  }

  #numberOf(numbers: Map<string, number>, text: string): number {
    const number = numbers.get(text) ?? numbers.size + 1;
    numbers.set(text, number);
    return number;
  }

  /** Looks again from now on at objects that were nothing of interest, in case their addresses were reused. */
  recheck(): void {
    this.#noCodes.clear();
    this.#objects.forgetOthers();
    this.#contents.forgetOthers();
  }

  #forgetPlaces(): void {
    this.#codes.clear();
    this.#placesOf.clear();
    this.#placeCall.fill(-1);
  }

  /** The code object at an address is another one: forgets what its instructions call. */
  forgetCode(address: number): void {
    this.#codes.delete(address);
    this.#noCodes.delete(address);
    this.#codeNames.delete(address);
    const [low, high] = [address % highHalf, Math.floor(address / highHalf)];
    for (const place of this.#placesOf.get(address) ?? [])
      if (this.#placeLow[place] === low && this.#placeHigh[place] === high) this.#placeCall[place] = -1;
    this.#placesOf.delete(address);
  }

  /** Forgets all code, so that memory is bounded. */
  forgetAllCode(): void {
    this.#forgetPlaces();
    this.pythonFunctions.clear();
    this.#codeNames.clear();
    this.names.length = this.#lastWord.length = 1;
    this.#functions.clear();
    this.#words.clear();
    this.#numberOf(this.#words, instanceCall);
    this.#noCodes.clear();
    this.#objects.clear();
    this.#contents.clear();
  }
}

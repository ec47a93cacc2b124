import type { CallKind } from '../cpython/calls/call-sites.js';
import { readCallable } from '../cpython/calls/callables.js';
import { type CodeCalls, readCodeCalls } from '../cpython/calls/code-calls.js';
import type { Layout } from '../cpython/layout.js';
import { type CallReader, packCall } from '../cpython/thread-stack.js';
import type { TargetMemory } from '../memory/target-memory.js';

/**
 * The C functions that frames call, looked up without allocation once they are known.
 *
 * A copy can be torn within a frame too: the instruction of one moment beside the stack slot of the next. Such a pair is a rare accident,
 * so a C function is shown at an instruction only once it was seen there several times and in a fair part of all samples of that
 * instruction. An instruction that calls many different functions in turn stays without a name rather than with a wrong one.
 */

const places = 1 << 14;
const objects = 1 << 12;
/** Sightings of a function at an instruction before it is believed, and the part of all sightings there that it must have. */
const proof = 3;
const fairPart = 16;
/** Code objects whose calls are remembered before all are forgotten. */
const mostCodes = 20_000;
const highHalf = 0x1_0000_0000;

export class CCalls implements CallReader {
  readonly #memory: TargetMemory;
  readonly #layout: Layout;
  readonly #codes = new Map<number, CodeCalls>();

  // One entry a place: an instruction of a code object, what it calls, and which two functions were seen there most.
  readonly #placeLow = new Uint32Array(places);
  readonly #placeHigh = new Uint32Array(places);
  readonly #placeInstruction = new Uint32Array(places);
  readonly #placeCall = new Int32Array(places).fill(-1);
  readonly #seen = new Uint32Array(places);
  readonly #first = new Int32Array(places);
  readonly #firstSeen = new Uint32Array(places);
  readonly #second = new Int32Array(places);
  readonly #secondSeen = new Uint32Array(places);
  #place = 0;

  // Objects that last: an address says which function. 0 in `objectKind`: free.
  readonly #objectLow = new Uint32Array(objects);
  readonly #objectHigh = new Uint32Array(objects);
  readonly #objectKind = new Uint8Array(objects);
  readonly #objectFunction = new Int32Array(objects);
  // Others are looked at each time: their type and first field say which function.
  readonly #contentLow = new Uint32Array(objects);
  readonly #contentField = new Uint32Array(objects);
  readonly #contentKind = new Uint8Array(objects);
  readonly #contentFunction = new Int32Array(objects);

  readonly #numbers = new Map<string, number>();
  /** By number; there is no function 0. */
  readonly names: string[] = [''];

  constructor(memory: TargetMemory, layout: Layout) {
    this.#memory = memory;
    this.#layout = layout;
  }

  callAt(codeLow: number, codeHigh: number, instruction: number): number {
    const mixed = Math.imul(codeLow, 0x9e3779b1) ^ Math.imul(instruction, 0x85ebca6b);
    const place = (mixed ^ (mixed >>> 15)) & (places - 1);
    this.#place = place;
    if (
      this.#placeLow[place] !== codeLow ||
      this.#placeInstruction[place] !== instruction ||
      this.#placeHigh[place] !== codeHigh ||
      this.#placeCall[place]! < 0
    ) {
      return this.#learn(place, codeLow, codeHigh, instruction);
    }
    return this.#placeCall[place]!;
  }

  #learn(place: number, codeLow: number, codeHigh: number, instruction: number): number {
    const address = codeHigh * highHalf + codeLow;
    const calls = this.#codes.get(address) ?? readCodeCalls(this.#memory, this.#layout, address);
    if (!calls) return 0;
    if (this.#codes.size >= mostCodes) this.#codes.clear();
    this.#codes.set(address, calls);
    const call = calls.at(instruction);
    this.#placeLow[place] = codeLow;
    this.#placeHigh[place] = codeHigh;
    this.#placeInstruction[place] = instruction;
    this.#placeCall[place] = call ? packCall(call) : 0;
    this.#seen[place] = this.#first[place] = this.#second[place] = 0;
    this.#firstSeen[place] = this.#secondSeen[place] = 0;
    return this.#placeCall[place]!;
  }

  callee(kind: number, low: number, high: number, otherLow: number, otherHigh: number): number {
    return this.#believed(this.#functionOf(kind, low, high, otherHigh * highHalf + otherLow));
  }

  #believed(fn: number): number {
    const place = this.#place;
    const seen = ++this.#seen[place]!;
    if (fn === 0) return 0;
    let times = 0;
    if (fn === this.#first[place]) times = ++this.#firstSeen[place]!;
    else if (fn === this.#second[place]) times = ++this.#secondSeen[place]!;
    else if (this.#secondSeen[place]! * fairPart < seen) {
      this.#second[place] = fn;
      times = this.#secondSeen[place] = 1;
    }
    if (this.#secondSeen[place]! > this.#firstSeen[place]!) this.#swap(place);
    return times >= proof && times * fairPart >= seen ? fn : 0;
  }

  #swap(place: number): void {
    const [fn, seen] = [this.#first[place]!, this.#firstSeen[place]!];
    this.#first[place] = this.#second[place]!;
    this.#firstSeen[place] = this.#secondSeen[place]!;
    this.#second[place] = fn;
    this.#secondSeen[place] = seen;
  }

  #functionOf(kind: number, low: number, high: number, other: number): number {
    if (high >= 0x8000 || (high === 0 && low < 4096)) return 0;
    const slot = hash(low, kind) & (objects - 1);
    if (this.#objectLow[slot] === low && this.#objectHigh[slot] === high && this.#objectKind[slot] === kind)
      return this.#objectFunction[slot]!;
    return this.#lookAt(kind, high * highHalf + low, slot, other);
  }

  #lookAt(kind: number, address: number, slot: number, other: number): number {
    const { object } = this.#layout;
    const bytes = this.#memory.read(address, object.size + 8);
    if (!bytes) return 0;
    const words = new Uint32Array(bytes.buffer);
    const typeLow = words[object.type >> 2]!;
    // Of an object whose type alone matters, the rest may be anything.
    const field = kind === 1 ? words[object.size >> 2]! : 0;
    const at = hash(typeLow ^ Math.imul(field, 0x85ebca6b), kind) & (objects - 1);
    if (
      this.#contentLow[at] === typeLow &&
      this.#contentField[at] === field &&
      this.#contentKind[at] === kind
    )
      return this.#contentFunction[at]!;
    const { name, lasting } = readCallable(this.#memory, this.#layout, address, kind as CallKind, other);
    const fn = name === '' ? 0 : this.#number(name);
    if (lasting) {
      this.#objectLow[slot] = address % highHalf;
      this.#objectHigh[slot] = Math.floor(address / highHalf);
      this.#objectKind[slot] = kind;
      this.#objectFunction[slot] = fn;
    } else if (kind !== 4 && kind !== 5) {
      this.#contentLow[at] = typeLow;
      this.#contentField[at] = field;
      this.#contentKind[at] = kind;
      this.#contentFunction[at] = fn;
    }
    return fn;
  }

  #number(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.names.push(name) - 1;
    this.#numbers.set(name, number);
    return number;
  }

  /** Looks at lasting objects again from now on, in case their addresses were reused. */
  recheck(): void {
    this.#objectKind.fill(0);
    this.#contentKind.fill(0);
  }

  /** Forgets what instructions call, for when a code object's address came to mean another one. */
  forgetCode(): void {
    this.#codes.clear();
    this.#placeCall.fill(-1);
    this.recheck();
  }
}

function hash(low: number, kind: number): number {
  const mixed = Math.imul(low, 0x9e3779b1) ^ Math.imul(kind, 0xc2b2ae35);
  return mixed ^ (mixed >>> 15);
}

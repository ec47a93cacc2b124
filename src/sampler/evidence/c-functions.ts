import { CallKind } from '../../cpython/calls/call-sites.js';
import type { FrameCall } from '../../cpython/calls/code-calls.js';
import { readGlobal } from '../../cpython/calls/globals.js';
import type { Layout } from '../../cpython/layout.js';
import { type AskedFrame, kindBits, type SiteReader } from '../../cpython/stack/reading.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import { firstRoom, grown } from '../../model/grown.js';
import type { SiteId } from '../../model/ids.js';
import type { Sites } from '../stacks/sites.js';
import type { CallListener, CallSites } from './call-sites.js';
import type { Callables } from './callables.js';

/**
 * The C functions that frames call, looked up without allocation once they are known.
 *
 * What lies in the slot need not be what is called: a copy can be torn, the instruction of one moment beside the slot
 * of another, and when a call is over, what it gave back lies where its callable lay. So a name needs evidence, one of
 * these:
 *
 *   - the callable was loaded by that name: `sleep` at the instruction that calls `time.sleep`;
 *   - it is still in the global or the local variable that it was loaded from;
 *   - it is that of the innermost frame, and the thread is blocked, and not by the GIL: then it is within the call;
 *   - it came from elsewhere or is an object that can be called, and was there at several times and most of the times
 *     that the instruction was seen, and nothing that has the name was. Only times count at which the call went on.
 *
 * An instruction that calls different functions in turn may stay without a name; it does not get a wrong one.
 */

/**
 * Times that a function is seen at a site before that is proof without other evidence, and microseconds between two
 * such times.
 */
const proof = 6;
const timesApart = 10_000;
/** What was seen less often than in this part of all observations makes room for another. */
const rarely = 16;
const highHalf = 0x1_0000_0000;
const instanceCall = '__call__';
/** In place of the address of a global: it was not looked for; there is none. */
const notLookedFor = 0;
const noGlobal = -1;

export interface CFunctionsParts {
  readonly memory: TargetMemory;
  readonly layout: Layout;
  readonly sites: Sites;
  readonly callSites: CallSites;
  readonly callables: Callables;
  /** False: C functions are not shown, only functions of Python are looked for, which are evidence of calls. */
  readonly isShown: boolean;
}

export class CFunctions implements SiteReader, CallListener {
  asked: AskedFrame = 'outer';
  readonly #memory: TargetMemory;
  readonly #layout: Layout;
  readonly #sites: Sites;
  readonly #callSites: CallSites;
  readonly #callables: Callables;
  readonly #isShown: boolean;
  /** By number of a C function: the last part of its name, as `CallSites.names` numbers it. */
  readonly #lastPart: number[] = [0];
  #instanceCall: number;

  // By site: where its callable comes from, and which two functions were seen there most.
  #local = new Int32Array(firstRoom);
  #global = new Float64Array(firstRoom);
  /** 1: a C function with the name by which the callable is loaded was seen. */
  #hasMatched = new Uint8Array(firstRoom);
  #countedAt = new Float64Array(firstRoom);
  #seen = new Uint32Array(firstRoom);
  #first = new Int32Array(firstRoom);
  #firstSeen = new Uint32Array(firstRoom);
  #second = new Int32Array(firstRoom);
  #secondSeen = new Uint32Array(firstRoom);

  constructor({ memory, layout, sites, callSites, callables, isShown }: CFunctionsParts) {
    this.#memory = memory;
    this.#layout = layout;
    this.#sites = sites;
    this.#callSites = callSites;
    this.#callables = callables;
    this.#isShown = isShown;
    this.#instanceCall = callSites.names.numberOf(instanceCall);
    callSites.listener = this;
  }

  siteCalls(site: SiteId, call: FrameCall): void {
    this.#makeRoom(site);
    this.#local[site] = call.local;
    this.#global[site] = call.isGlobal ? notLookedFor : noGlobal;
    this.#countedAt[site] = Number.NEGATIVE_INFINITY;
  }

  siteOf(codeLow: number, codeHigh: number, instruction: number): SiteId {
    return this.#sites.siteOf(codeLow, codeHigh, instruction);
  }

  callAt(site: SiteId): number {
    return this.#callSites.callAt(site);
  }

  calleeAt(site: SiteId, words: Uint32Array, frame: number, slot: number, address: number): number {
    const callables = this.#callables;
    const kind = this.callAt(site) & kindBits;
    const fn = callables.functionAt(kind, words, slot);
    const goesOn = this.#goesOn(kind);
    if (fn <= 0 || !this.#isShown) {
      if (goesOn) this.#count(site, 0);
      return Math.min(fn, 0);
    }
    const name = this.#callSites.nameAt(site);
    const lastPart = this.#lastPartOf(fn);
    if (name !== 0 && lastPart === name) {
      this.#hasMatched[site] = 1;
      return fn;
    }
    if (this.#isGlobal(site, words, frame, slot)) return fn;
    if (callables.isUncertain) return 0;
    if (callables.isPassing && !callables.isStillCalled(words, frame, slot, address)) return 0;
    const local = this.#local[site]!;
    if (local >= 0 && isSameReference(words, frame + (local >> 2), slot)) return fn;
    if (goesOn) this.#count(site, fn);
    const isUsual = this.#isUsual(site, fn) && this.#hasMatched[site] === 0;
    // What is loaded by a name and has another may be an object that can be called, but a function is more often what
    // was given back.
    const mayHaveName = name === 0 || lastPart === this.#instanceCall;
    return (isUsual && mayHaveName) || (goesOn && callables.moment.blocked) ? fn : 0;
  }

  /** Whether the call at which the frame is asked about has given back nothing yet. */
  #goesOn(kind: number): boolean {
    // What else than calls works on an object leaves it where it is.
    if (kind !== CallKind.call || this.asked === 'calling') return true;
    const { blocked, runs } = this.#callables.moment;
    return this.asked === 'innermost' && (blocked || runs);
  }

  #lastPartOf(fn: number): number {
    const known = this.#lastPart[fn];
    if (known !== undefined) return known;
    const name = this.#callables.names.nameOf(fn);
    const number = this.#callSites.names.numberOf(name.slice(name.lastIndexOf('.') + 1));
    this.#lastPart[fn] = number;
    return number;
  }

  /** Whether the global by whose name the callable was loaded is the object in the slot. */
  #isGlobal(site: SiteId, words: Uint32Array, frame: number, slot: number): boolean {
    if (this.#global[site] === notLookedFor) {
      const globals = referenceAt(words, frame + (this.#layout.frame.globals >> 2));
      const name = this.#callSites.names.nameOf(this.#callSites.nameAt(site));
      this.#global[site] = readGlobal(this.#memory, this.#layout, globals, name) || noGlobal;
    }
    return this.#global[site] === referenceAt(words, slot);
  }

  /** Counts what is seen at a site, now and then. */
  #count(site: SiteId, fn: number): void {
    const { now } = this.#callables.moment;
    if (now - this.#countedAt[site]! < timesApart) return;
    this.#countedAt[site] = now;
    const seen = ++this.#seen[site]!;
    if (fn === 0) return;
    if (fn === this.#first[site]) this.#firstSeen[site]!++;
    else if (fn === this.#second[site]) this.#secondSeen[site]!++;
    else if (this.#secondSeen[site]! * rarely < seen) {
      this.#second[site] = fn;
      this.#secondSeen[site] = 1;
    }
    if (this.#secondSeen[site]! > this.#firstSeen[site]!) this.#swap(site);
  }

  /** Whether what is seen at a site is nearly always `fn`. */
  #isUsual(site: SiteId, fn: number): boolean {
    const times = this.#firstSeen[site]!;
    return fn === this.#first[site] && times >= proof && times * 2 > this.#seen[site]!;
  }

  #swap(site: SiteId): void {
    const [fn, seen] = [this.#first[site]!, this.#firstSeen[site]!];
    this.#first[site] = this.#second[site]!;
    this.#firstSeen[site] = this.#secondSeen[site]!;
    this.#second[site] = fn;
    this.#secondSeen[site] = seen;
  }

  #makeRoom(site: SiteId): void {
    if (site < this.#local.length) return;
    const size = site * 2;
    this.#local = grown(this.#local, size);
    this.#global = grown(this.#global, size);
    this.#hasMatched = grown(this.#hasMatched, size);
    this.#countedAt = grown(this.#countedAt, size);
    this.#seen = grown(this.#seen, size);
    this.#first = grown(this.#first, size);
    this.#firstSeen = grown(this.#firstSeen, size);
    this.#second = grown(this.#second, size);
    this.#secondSeen = grown(this.#secondSeen, size);
  }

  /** Forgets all; follows that of `CallSites` and `Callables`. */
  clear(): void {
    this.#lastPart.length = 1;
    this.#instanceCall = this.#callSites.names.numberOf(instanceCall);
    for (const column of [this.#hasMatched, this.#seen, this.#first, this.#second]) column.fill(0);
    this.#firstSeen.fill(0);
    this.#secondSeen.fill(0);
  }
}

/** Bits at the end of a reference are marks (from 3.14). */
function referenceAt(words: Uint32Array, word: number): number {
  return words[word + 1]! * highHalf + ((words[word]! & ~7) >>> 0);
}

function isSameReference(words: Uint32Array, one: number, other: number): boolean {
  return ((words[one]! ^ words[other]!) & ~7) === 0 && words[one + 1] === words[other + 1];
}

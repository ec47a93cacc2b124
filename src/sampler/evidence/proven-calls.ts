import { firstRoom, grown } from '../../model/grown.js';
import type { CodeId, SiteId } from '../../model/ids.js';
import { PairTable } from '../../model/pair-table.js';
import { type Certainty, type EvidenceRow, evidenceTable } from './evidence.js';

/** What is known of a call: how often it was observed so far, or one of these. */
const provenAgainst = 253;
const provenLikely = 254;
const provenForEver = 255;
const proven = provenAgainst;
const states: Readonly<Record<Certainty, number>> = {
  against: provenAgainst,
  likely: provenLikely,
  certain: provenForEver,
};
/** As many observations as leave a call one short of its proof, whatever the evidence. */
const oneShort = Math.max(...evidenceTable.map(({ readings }) => readings)) - 1;
/** In place of a thread: the next observation counts, whichever thread makes it; the next one is the first. */
const anyThread = -1;
const noThread = -2;
/**
 * Calls that are remembered without proof, at least, and in proportion to those proven: torn copies show ever new ones.
 */
const leastUnproven = 4096;

/**
 * Counts the readings of one thread: the windows in which observations must lie are of one thread's readings, however
 * many threads there are.
 */
export class ReadingCount {
  static #threads = 0;
  readonly thread = ReadingCount.#threads++;
  readings = 0;
}

/**
 * Which calls the program is known to make, (caller's site, callee's code), and how far others are on the way there.
 */
export class ProvenCalls {
  #calls = new PairTable();
  // By call.
  #state = new Uint8Array(firstRoom);
  #firstSeen = new Float64Array(firstRoom);
  #seenBy = new Int32Array(firstRoom);
  /** By site: some call of it is proven. */
  #isCaller = new Uint8Array(firstRoom);
  /** (caller's code, callee's code), and by that the site of the call that was proven last. */
  readonly #pairs = new PairTable();
  #siteOfPair = new Int32Array(firstRoom);
  #provenCount = 0;
  #mostCalls = leastUnproven;
  /** Whether there are calls that are proven until they are doubted. */
  #hasUncertain = false;
  #count = new ReadingCount();

  /** How many calls are remembered, proven or not. */
  get size(): number {
    return this.#calls.size;
  }

  /** A new reading of a thread's stack begins. */
  nextReading(count: ReadingCount): void {
    count.readings++;
    this.#count = count;
  }

  isProven(caller: SiteId, callee: CodeId): boolean {
    const call = this.#calls.find(caller, callee);
    return call >= 0 && this.#state[call]! >= proven;
  }

  /** Whether some call of the site is proven. */
  isCaller(site: SiteId): boolean {
    return site < this.#isCaller.length && this.#isCaller[site] === 1;
  }

  /** One reading showed the call, with such evidence; true when it is proven by now. `callerCode`: that of the site. */
  observe(caller: SiteId, callerCode: CodeId, callee: CodeId, evidence: EvidenceRow): boolean {
    if (evidence.readings === 0) return false;
    const call = this.#call(caller, callee);
    const state = this.#state[call]!;
    if (state >= proven) return true;
    const observations = this.#isInWindow(call, evidence.of) ? state + 1 : 1;
    if (observations >= evidence.readings) {
      this.#prove(call, caller, callerCode, callee, states[evidence.certainty]);
      return true;
    }
    if (observations === 1) {
      this.#firstSeen[call] = this.#count.readings;
      this.#seenBy[call] = this.#count.thread;
    }
    this.#state[call] = observations;
    return false;
  }

  /** Whether the call was observed before, so lately that another observation adds to it. */
  #isInWindow(call: number, window: number): boolean {
    if (this.#state[call] === 0) return false;
    const thread = this.#seenBy[call]!;
    if (thread === anyThread) return true;
    return thread === this.#count.thread && this.#count.readings - this.#firstSeen[call]! <= window;
  }

  /** There is proof of the call from elsewhere. */
  prove(caller: SiteId, callerCode: CodeId, callee: CodeId): void {
    this.#prove(this.#call(caller, callee), caller, callerCode, callee, provenForEver);
  }

  #prove(call: number, caller: SiteId, callerCode: CodeId, callee: CodeId, state: number): void {
    if (this.#state[call]! < proven) this.#provenCount++;
    this.#state[call] = state;
    if (state !== provenForEver) this.#hasUncertain = true;
    if (caller >= this.#isCaller.length) this.#isCaller = grown(this.#isCaller, caller * 2);
    this.#isCaller[caller] = 1;
    const pair = this.#pairs.intern(callerCode, callee);
    if (pair >= this.#siteOfPair.length) this.#siteOfPair = grown(this.#siteOfPair, pair * 2);
    this.#siteOfPair[pair] = caller;
  }

  /**
   * Doubts the calls whose proof is not certain, so that an accident is not taken for a call for ever: those that the
   * bytecode contradicts must be proven anew, others observed once more. Returns whether there were any: stacks with
   * them must be found anew.
   */
  doubt(): boolean {
    if (!this.#hasUncertain) return false;
    this.#hasUncertain = false;
    for (let call = 0; call < this.#calls.size; call++) {
      const state = this.#state[call]!;
      if (state !== provenLikely && state !== provenAgainst) continue;
      this.#provenCount--;
      this.#state[call] = oneShort;
      this.#seenBy[call] = state === provenLikely ? anyThread : noThread;
    }
    return true;
  }

  /**
   * The site at which the one code object is known to call the other, that of the call proven last; -1 when none is.
   */
  siteOf(caller: CodeId, callee: CodeId): SiteId | -1 {
    const pair = this.#pairs.find(caller, callee);
    return pair < 0 ? -1 : (this.#siteOfPair[pair] as SiteId);
  }

  clear(): void {
    this.#calls.clear();
    this.#pairs.clear();
    this.#state.fill(0);
    this.#isCaller.fill(0);
    this.#provenCount = 0;
    this.#mostCalls = leastUnproven;
  }

  #call(caller: SiteId, callee: CodeId): number {
    if (this.#calls.size >= this.#mostCalls) this.#dropUnproven();
    const call = this.#calls.intern(caller, callee);
    if (call >= this.#state.length) {
      this.#state = grown(this.#state, call * 2);
      this.#firstSeen = grown(this.#firstSeen, call * 2);
      this.#seenBy = grown(this.#seenBy, call * 2);
    }
    return call;
  }

  /** What was only on the way to be proven starts again. */
  #dropUnproven(): void {
    const [calls, state] = [this.#calls, this.#state];
    this.#calls = new PairTable();
    this.#state = new Uint8Array(state.length);
    for (let call = 0; call < calls.size; call++)
      if (state[call]! >= proven)
        this.#state[this.#calls.intern(calls.firstOf(call), calls.secondOf(call))] = state[call]!;
    this.#mostCalls = this.#provenCount * 2 + leastUnproven;
  }
}

/**
 * Which calls the program is known to make: (caller's code, caller's instruction) → callee's code.
 *
 * A target that runs while it is read can be caught between two stacks: the copy then shows a caller of one and a callee
 * of the other. Such a pair looks like a stack that never was. But a pair that was seen whole before is a call that
 * the program does make, so only *new* pairs need evidence. Most have it at first sight: the function object that the caller has on its
 * value stack runs the callee's code. Else the anchor must have held still during the reading, and that as often as the evidence is weak
 * (`Evidence`): a torn pair is a rare accident each time.
 *
 * Open addressing over typed arrays; no allocation per look-up.
 */

/** What a reading tells of a new call. All but `inHand` need an anchor that held still. */
export const Evidence = {
  /** The caller has the function in hand, by the name that it loads. */
  sure: 0,
  /** The same, but the anchor moved. */
  inHand: 1,
  /** The instruction makes such calls, and nothing speaks for another. */
  good: 2,
  some: 3,
  /** The instruction makes no such call, or another one. */
  against: 4,
} as const;
export type Evidence = (typeof Evidence)[keyof typeof Evidence];

/** Sightings that prove a call, and the number of readings they must lie within: nearly all when the call looks impossible. */
const proof = 4;
const proofInHand = 2;
const proofWindow = 512;
const strictWindow = 6;
/** In `#seen`: the call is believed; with weak evidence only until `doubt`. */
const believed = 255;
const believedWeakly = 254;
const believedAgainst = 253;
/** In `#seenBy`: the next sighting counts, whichever thread makes it; the next one is the first. */
const anyThread = -1;
const noThread = -2;

/** Counts the readings of one thread: the windows in which sightings must lie are of one thread's readings. */
export class ReadingCount {
  static #threads = 0;
  readonly thread = ReadingCount.#threads++;
  readings = 0;
}

export class CallEdges {
  #capacity = 4096;
  #callerLow = new Uint32Array(this.#capacity);
  #callerHigh = new Uint32Array(this.#capacity);
  #instruction = new Uint32Array(this.#capacity);
  #calleeLow = new Uint32Array(this.#capacity);
  #calleeHigh = new Uint32Array(this.#capacity);
  /** 0: free slot; 1 to 3: sightings so far; from 253: believed. */
  #seen = new Uint8Array(this.#capacity);
  #firstSeen = new Float64Array(this.#capacity);
  /** The thread whose readings `#firstSeen` counts. */
  #seenBy = new Int32Array(this.#capacity);
  #used = 0;
  /** Whether some call is believed by weak evidence. */
  #hasWeak = false;
  #count = new ReadingCount();
  /** Instructions at which some call is believed, by hashes: two that share one only need more evidence. */
  readonly #calling = new Set<number>();
  readonly #sites = new CallSites();

  /** A new reading of a thread's stack begins. */
  nextReading(count: ReadingCount): void {
    count.readings++;
    this.#count = count;
  }

  isBelieved(
    callerLow: number,
    callerHigh: number,
    instruction: number,
    calleeLow: number,
    calleeHigh: number,
  ): boolean {
    return (
      this.#seen[this.#slot(callerLow, callerHigh, instruction, calleeLow, calleeHigh)]! >= believedAgainst
    );
  }

  /** Counts a sighting; true when the call is believed from now on. */
  sighted(
    callerLow: number,
    callerHigh: number,
    instruction: number,
    calleeLow: number,
    calleeHigh: number,
    evidence: Evidence,
  ): boolean {
    const slot = this.#slot(callerLow, callerHigh, instruction, calleeLow, calleeHigh);
    const seen = this.#seen[slot]!;
    if (seen >= believedAgainst) return true;
    const isEnough =
      evidence === Evidence.sure ||
      (evidence === Evidence.good && !this.#calling.has(siteHash(callerLow, instruction)));
    if (isEnough) {
      this.believe(callerLow, callerHigh, instruction, calleeLow, calleeHigh);
      // The table may have grown.
      if (evidence !== Evidence.sure)
        this.#weaken(this.#slot(callerLow, callerHigh, instruction, calleeLow, calleeHigh), believedWeakly);
      return true;
    }
    const { thread, readings } = this.#count;
    const window = evidence === Evidence.against ? strictWindow : proofWindow;
    const counts = this.#seenBy[slot] === anyThread || this.#seenBy[slot] === thread;
    if (
      seen === 0 ||
      !counts ||
      (this.#seenBy[slot] === thread && readings - this.#firstSeen[slot]! > window)
    ) {
      if (seen === 0) this.#used++;
      this.#callerLow[slot] = callerLow;
      this.#callerHigh[slot] = callerHigh;
      this.#instruction[slot] = instruction;
      this.#calleeLow[slot] = calleeLow;
      this.#calleeHigh[slot] = calleeHigh;
      this.#firstSeen[slot] = readings;
      this.#seenBy[slot] = thread;
      this.#seen[slot] = 1;
      if (this.#used * 2 > this.#capacity) this.#grow();
      return false;
    }
    if (seen + 1 < (evidence === Evidence.inHand ? proofInHand : proof)) {
      this.#seen[slot] = seen + 1;
      return false;
    }
    this.#markBelieved(slot, callerLow, instruction, calleeLow);
    if (evidence === Evidence.against) this.#weaken(slot, believedAgainst);
    else if (evidence !== Evidence.inHand) this.#weaken(slot, believedWeakly);
    return true;
  }

  #weaken(slot: number, belief: number): void {
    this.#seen[slot] = belief;
    this.#hasWeak = true;
  }

  /**
   * Doubts the calls that are believed by weak evidence, so that an accident is not believed for ever: one that the bytecode speaks against must
   * be proved again, others seen once more. Returns whether there were any: stacks with them must be found anew.
   */
  doubt(): boolean {
    if (!this.#hasWeak) return false;
    this.#hasWeak = false;
    for (let slot = 0; slot < this.#capacity; slot++) {
      if (this.#seen[slot] === believedWeakly) {
        this.#seen[slot] = proof - 1;
        this.#seenBy[slot] = anyThread;
      } else if (this.#seen[slot] === believedAgainst) {
        this.#seen[slot] = 1;
        this.#seenBy[slot] = noThread;
      }
    }
    return true;
  }

  /** There is evidence enough for the call. */
  believe(
    callerLow: number,
    callerHigh: number,
    instruction: number,
    calleeLow: number,
    calleeHigh: number,
  ): void {
    const slot = this.#slot(callerLow, callerHigh, instruction, calleeLow, calleeHigh);
    if (this.#seen[slot] === 0) this.#used++;
    this.#callerLow[slot] = callerLow;
    this.#callerHigh[slot] = callerHigh;
    this.#instruction[slot] = instruction;
    this.#calleeLow[slot] = calleeLow;
    this.#calleeHigh[slot] = calleeHigh;
    this.#markBelieved(slot, callerLow, instruction, calleeLow);
    if (this.#used * 2 > this.#capacity) this.#grow();
  }

  #markBelieved(slot: number, callerLow: number, instruction: number, calleeLow: number): void {
    this.#seen[slot] = believed;
    this.#calling.add(siteHash(callerLow, instruction));
    this.#sites.set(callerLow, calleeLow, instruction);
  }

  /**
   * An instruction at which the caller is known to call the callee, -1 when none is: the one that was proved last. For a
   * caller that moved on while its callee's frame, just left, was still being copied.
   */
  siteOf(callerLow: number, calleeLow: number): number {
    return this.#sites.get(callerLow, calleeLow);
  }

  clear(): void {
    this.#sites.clear();
    this.#calling.clear();
    this.#seen.fill(0);
    this.#used = 0;
  }

  #slot(
    callerLow: number,
    callerHigh: number,
    instruction: number,
    calleeLow: number,
    calleeHigh: number,
  ): number {
    const mask = this.#capacity - 1;
    let slot =
      (Math.imul(callerLow, 0x9e3779b1) ^
        Math.imul(instruction, 0x85ebca6b) ^
        Math.imul(calleeLow, 0xc2b2ae35)) >>>
      0;
    slot = (slot ^ (slot >>> 15)) & mask;
    while (
      this.#seen[slot] !== 0 &&
      !(
        this.#callerLow[slot] === callerLow &&
        this.#instruction[slot] === instruction &&
        this.#calleeLow[slot] === calleeLow &&
        this.#callerHigh[slot] === callerHigh &&
        this.#calleeHigh[slot] === calleeHigh
      )
    ) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  /** Doubles the table; what was only being proved starts again. */
  #grow(): void {
    const old = {
      capacity: this.#capacity,
      callerLow: this.#callerLow,
      callerHigh: this.#callerHigh,
      instruction: this.#instruction,
      calleeLow: this.#calleeLow,
      calleeHigh: this.#calleeHigh,
      seen: this.#seen,
    };
    let live = 0;
    for (let slot = 0; slot < old.capacity; slot++) if (old.seen[slot]! >= believedAgainst) live++;
    const capacity = live * 4 > old.capacity ? old.capacity * 2 : old.capacity;
    this.#capacity = capacity;
    this.#callerLow = new Uint32Array(capacity);
    this.#callerHigh = new Uint32Array(capacity);
    this.#instruction = new Uint32Array(capacity);
    this.#calleeLow = new Uint32Array(capacity);
    this.#calleeHigh = new Uint32Array(capacity);
    this.#seen = new Uint8Array(capacity);
    this.#firstSeen = new Float64Array(capacity);
    this.#seenBy = new Int32Array(capacity);
    this.#used = live;
    for (let from = 0; from < old.capacity; from++) {
      if (old.seen[from]! < believedAgainst) continue;
      const fields = [
        old.callerLow[from]!,
        old.callerHigh[from]!,
        old.instruction[from]!,
        old.calleeLow[from]!,
        old.calleeHigh[from]!,
      ] as const;
      const slot = this.#slot(...fields);
      [
        this.#callerLow[slot],
        this.#callerHigh[slot],
        this.#instruction[slot],
        this.#calleeLow[slot],
        this.#calleeHigh[slot],
      ] = fields;
      this.#seen[slot] = old.seen[from]!;
    }
  }
}

function siteHash(callerLow: number, instruction: number): number {
  return Math.imul(callerLow, 0x9e3779b1) ^ Math.imul(instruction, 0x85ebca6b);
}

/** (caller, callee) → instruction, by the low halves of their addresses. */
class CallSites {
  #capacity = 1024;
  #caller = new Uint32Array(this.#capacity);
  #callee = new Uint32Array(this.#capacity);
  #site = new Float64Array(this.#capacity).fill(-1);
  #used = 0;

  get(caller: number, callee: number): number {
    return this.#site[this.#slot(caller, callee)]!;
  }

  set(caller: number, callee: number, site: number): void {
    const slot = this.#slot(caller, callee);
    if (this.#site[slot]! < 0) this.#used++;
    this.#caller[slot] = caller;
    this.#callee[slot] = callee;
    this.#site[slot] = site;
    if (this.#used * 2 > this.#capacity) this.#grow();
  }

  clear(): void {
    this.#site.fill(-1);
    this.#used = 0;
  }

  #slot(caller: number, callee: number): number {
    const mask = this.#capacity - 1;
    const mixed = Math.imul(caller, 0x9e3779b1) ^ Math.imul(callee, 0xc2b2ae35);
    let slot = (mixed ^ (mixed >>> 15)) & mask;
    while (this.#site[slot]! >= 0 && !(this.#caller[slot] === caller && this.#callee[slot] === callee))
      slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const [caller, callee, site] = [this.#caller, this.#callee, this.#site];
    this.#capacity *= 2;
    this.#caller = new Uint32Array(this.#capacity);
    this.#callee = new Uint32Array(this.#capacity);
    this.#site = new Float64Array(this.#capacity).fill(-1);
    this.#used = 0;
    for (let slot = 0; slot < site.length; slot++)
      if (site[slot]! >= 0) this.set(caller[slot]!, callee[slot]!, site[slot]!);
  }
}

import { Column } from '../model/column.js';
import { PairTable } from '../model/pair-table.js';
import { emptyStack, type Profile } from '../model/profile.js';
import { hiddenFrames } from './hidden-frames.js';
import { sameFunctions } from './same-functions.js';
import { walkStack } from './stack-walk.js';
import type { ViewOptions } from './view-options.js';

/** No call: nothing of Python runs. */
export const noCall = 0;

/**
 * Stacks as calls, to tell which go on from one sample to the next. Two samples show the same call where its function
 * is the same, and so are its callers and the lines at which they called: a caller at another line calls anew, while
 * the innermost function may go on to other lines.
 */
export class CallPaths {
  readonly #profile: Profile;
  readonly #isHidden: (stack: number) => boolean;
  readonly #same: Int32Array;
  /** A call and the frame in which it is: what may call others. */
  readonly #sites = new PairTable();
  /** A site and the function that is called there. Calls begin with 1. */
  readonly #calls = new PairTable(1);
  readonly #depths = Column.int32();
  /** By stack; -1: not known yet. */
  readonly #siteOf: Int32Array;

  constructor(profile: Profile, view: ViewOptions) {
    this.#profile = profile;
    this.#isHidden = hiddenFrames(profile, view);
    this.#same = sameFunctions(profile);
    this.#siteOf = new Int32Array(profile.stacks.frame.length).fill(-1);
    this.#siteOf[emptyStack] = this.#sites.intern(noCall, -1);
    this.#depths.push(0);
  }

  /** The innermost call of a stack. */
  callOf(stack: number): number {
    const { stacks, frames } = this.#profile;
    const path: number[] = [];
    let site = this.#siteOf[emptyStack]!;
    walkStack(this.#profile, stack, (at) => {
      site = this.#siteOf[at]!;
      if (site >= 0) return false;
      path.push(at);
      return true;
    });
    if (site < 0) site = this.#siteOf[emptyStack]!;
    for (const at of path.reverse()) {
      if (!this.#isHidden(at)) {
        const frame = stacks.frame.at(at);
        const fn = frames.function.at(frame);
        const call = this.#calls.intern(site, this.#same[fn] ?? fn);
        if (call === this.#depths.length) this.#depths.push(this.depthOf(this.#sites.firstOf(site)) + 1);
        site = this.#sites.intern(call, frame);
      }
      this.#siteOf[at] = site;
    }
    return this.#sites.firstOf(site);
  }

  /** The call that made this one; `noCall`: nothing of Python did. */
  callerOf(call: number): number {
    return this.#sites.firstOf(this.#calls.firstOf(call));
  }

  /** The frame, with its line, that made the call; -1: nothing of Python did. */
  callingFrameOf(call: number): number {
    return this.#sites.secondOf(this.#calls.firstOf(call));
  }

  /** Index into `Profile.functions`. */
  functionOf(call: number): number {
    return this.#calls.secondOf(call);
  }

  /** 1 is outermost. */
  depthOf(call: number): number {
    return this.#depths.at(call);
  }
}

import { WayToCall } from '../cpython/calls/call-sites.js';
import { grown, type Walk } from '../cpython/stack/walk.js';
import type { CCalls } from './c-calls.js';
import { type CallEdges, Evidence } from './call-edges.js';
import type { KnownCode } from './code-table.js';
import type { LastStack } from './last-stack.js';
import type { Repair } from './verdicts.js';

/**
 * Every stack that was seen, as a tree: a node is its parent and one more (code object, instruction). A stack is the number of
 * its innermost node. Looking a known stack up allocates nothing.
 *
 * Columns over typed arrays, with one open-addressing table for (parent, code, instruction) → node.
 */

/** The node of a thread that runs no Python. */
export const emptyNode = 0;
/** The root of stacks whose outer frames were not followed. */
export const truncatedNode = 1;

/** Makes a node's stack known to the recording; -1 when its code object cannot be read (the frame was not real). */
export type DescribeStack = (
  parentStack: number,
  codeLow: number,
  codeHigh: number,
  instruction: number,
) => number;

/** In place of the high half of a code object's address: the low half is the number of a C function. */
export const cFunctionMark = 0x8000_0000;
/** The same of the frame that stands for those further in, which could not be read as of one moment. */
export const unreadMark = 0x8000_0001;

const highHalf = 0x1_0000_0000;
/** In place of the high half of an address: the code was dropped, and no frame is of this node any more. */
const goneMark = 0xffff_ffff;

export class StackNodes {
  #capacity = 8192;
  #parent = new Int32Array(this.#capacity);
  #codeLow = new Uint32Array(this.#capacity);
  #codeHigh = new Uint32Array(this.#capacity);
  #instruction = new Uint32Array(this.#capacity);
  #stack = new Int32Array(this.#capacity);
  /** The node made before of the same code; -1: there is none. */
  #sameCode = new Int32Array(this.#capacity);
  /** By address of code: the node of it that was made last. */
  readonly #newest = new Map<number, number>();
  #table = new Int32Array(this.#capacity * 2).fill(-1);
  #count = 2;
  readonly #edges: CallEdges;
  readonly #calls: CCalls;
  readonly #describe: DescribeStack;
  readonly #codeAt: (address: number) => KnownCode | undefined;
  /** By node. */
  readonly #codes: (KnownCode | undefined)[] = [undefined, undefined];
  readonly #truncatedStack: number;
  /** By address of code: the parent of its node when it was last the innermost frame. */
  readonly #lastParents = new Map<number, number>();
  /** Changes when all nodes were forgotten, and their numbers are void. */
  version = 0;
  /** After `find` returned -1: the innermost node that was certain, to be used when there is nothing better. */
  certain = emptyNode;
  /** How the last stack that was found was mended. */
  repair: Repair | undefined;
  /** After `find` returned -1: only the innermost frame's call was not believed. */
  lacksInnermost = false;
  /** After `find` returned -1: how many frames there are further in than `certain`. */
  lacking = 0;

  /** `codeAt`: the code object that is known to lie at an address. */
  constructor(
    edges: CallEdges,
    calls: CCalls,
    describe: DescribeStack,
    truncatedStack: number,
    codeAt: (address: number) => KnownCode | undefined = () => undefined,
  ) {
    this.#codeAt = codeAt;
    this.#edges = edges;
    this.#calls = calls;
    this.#describe = describe;
    this.#truncatedStack = truncatedStack;
    this.#stack[truncatedNode] = truncatedStack;
  }

  get count(): number {
    return this.#count;
  }

  /** The node of a stack's callers. */
  parentOf(node: number): number {
    return this.#parent[node]!;
  }

  /** Whether the node's code was dropped. */
  isGone(node: number): boolean {
    return this.#codeHigh[node] === goneMark;
  }

  /** A node's code object; `undefined` when it is of a C function, or there is none. */
  codeOf(node: number): KnownCode | undefined {
    return this.#codes[node];
  }

  /** The recording's number for a node's stack. */
  stackOf(node: number): number {
    return this.#stack[node]!;
  }

  /**
   * The node for a walk; -1 when the stack has a call that is not believed (yet).
   *
   * `steady` says that the anchor held still around the reading: only then may the stack show calls in places where
   * they were not seen before, and only then do new calls count as sighted.
   */
  find(walk: Walk, last: LastStack, steady: boolean): number {
    const { below } = walk;
    const depth = below + walk.count;
    last.version = walk.version;
    this.repair = undefined;
    let repair: Repair | undefined;
    if (last.nodes.length < depth) {
      const size = Math.max(depth, last.nodes.length * 2);
      last.nodes = grown(last.nodes, new Int32Array(size));
      last.tips = grown(last.tips, new Int32Array(size));
    }
    const { nodes, tips } = last;
    const known = last.length;
    let parent = walk.truncated ? truncatedNode : below > 0 ? tips[below - 1]! : emptyNode;
    last.asCopied = depth;
    for (let level = below; level < depth; level++) {
      const at = depth - 1 - level;
      const codeLow = walk.codeLow[at]!;
      const codeHigh = walk.codeHigh[at]!;
      const instruction = walk.instruction[at]!;
      let node = level < known ? nodes[level]! : -1;
      if (
        node < 0 ||
        this.#parent[node] !== parent ||
        this.#codeLow[node] !== codeLow ||
        this.#instruction[node] !== instruction ||
        this.#codeHigh[node] !== codeHigh
      ) {
        node = this.#lookUp(parent, codeLow, codeHigh, instruction);
        if (node < 0) node = this.#add(walk, at, parent, steady);
        const before = node < 0 && level > below ? this.#beforeReturn(walk, at, nodes[level - 1]!) : -1;
        if (before >= 0) {
          repair = 'caller put back';
          parent = nodes[level - 1] = tips[level - 1] = before;
          last.asCopied = Math.min(last.asCopied, level - 1);
          node = this.#lookUp(parent, codeLow, codeHigh, instruction);
          if (node < 0) node = this.#add(walk, at, parent, steady);
        }
        if (node < 0) {
          this.certain = parent;
          this.lacksInnermost = at === 0 && level > 0;
          this.lacking = at + 1;
          last.length = level;
          const instead = at === 0 ? this.#calledInstead(walk, parent) : -1;
          if (instead >= 0) {
            this.repair = 'callee stands in';
            return instead;
          }
          if (steady) this.#sightBelow(walk, at);
          return -1;
        }
        nodes[level] = tips[level] = node;
      }
      parent = this.#tip(tips, level, node, walk.callee[at]!);
    }
    last.length = depth;
    this.repair = repair;
    return parent;
  }

  /**
   * For an innermost frame that does not follow from its caller: the function that the caller was calling when it was copied, at its
   * beginning. Functions that are short compared to a reading often change under it.
   */
  #calledInstead(walk: Walk, caller: number): number {
    const fn = walk.count > 1 ? -walk.callee[1]! : 0;
    if (
      fn <= 0 ||
      this.#codeLow[caller] !== walk.codeLow[1] ||
      this.#instruction[caller] !== walk.instruction[1]
    )
      return -1;
    // What it ran when it was looked at may be gone, and the function with it.
    const { pythonFunctions } = this.#calls;
    if (!pythonFunctions.lookAgain(fn, this.#calls.now)) return -1;
    const codeLow = pythonFunctions.codeLow[fn]!;
    const codeHigh = pythonFunctions.codeHigh[fn]!;
    const [callerLow, callerHigh, site] = [walk.codeLow[1]!, walk.codeHigh[1]!, walk.instruction[1]!];
    if (!this.#calls.mayBeLoaded(callerLow, callerHigh, site, codeLow, codeHigh)) return -1;
    this.#edges.believe(callerLow, callerHigh, site, codeLow, codeHigh);
    const instruction = this.#calls.firstInstruction(codeLow);
    const known = this.#lookUp(caller, codeLow, codeHigh, instruction);
    return known >= 0 ? known : this.#create(caller, codeLow, codeHigh, instruction);
  }

  /**
   * The node of a walk's innermost frame below the callers that its function was last seen with; -1 when it was not seen. For when the frames
   * further out are of several moments: that the function ran is certain all the same.
   */
  belowLastCallers(walk: Walk): number {
    const codeLow = walk.codeLow[0]!;
    const codeHigh = walk.codeHigh[0]!;
    const parent = this.#lastParents.get(codeHigh * highHalf + codeLow);
    if (parent === undefined || this.knownPart(parent) !== parent) return -1;
    const known = this.#lookUp(parent, codeLow, codeHigh, walk.instruction[0]!);
    return known >= 0 ? known : this.#create(parent, codeLow, codeHigh, walk.instruction[0]!);
  }

  /** The node that says that frames followed on `node`, and not which. */
  unreadBelow(node: number): number {
    const known = this.#lookUp(node, 0, unreadMark, 0);
    return known >= 0 ? known : this.#create(node, 0, unreadMark, 0);
  }

  /** Whether a node is `outer` or a stack that goes on from it. Nodes are numbered after their parents. */
  goesOnFrom(node: number, outer: number): boolean {
    let at = node;
    while (at > outer) at = this.#parent[at]!;
    return at === outer;
  }

  /** Notes the callers of a walk's innermost frame, whose `node` (or its C function's) was found, for `belowLastCallers`. */
  noteCallers(walk: Walk, last: LastStack): void {
    // Another function may stand in for the innermost one, which then did not follow from these callers.
    if (walk.count < 2 || last.length !== walk.count) return;
    const innermost = last.nodes[walk.count - 1]!;
    this.#lastParents.set(walk.codeHigh[0]! * highHalf + walk.codeLow[0]!, this.#parent[innermost]!);
  }

  /** The node of the C function that a frame calls; the frame's own when it calls none. */
  #tip(tips: Int32Array, level: number, node: number, callee: number): number {
    if (callee <= 0) return node;
    const last = tips[level]!;
    if (last !== node && this.#parent[last] === node && this.#codeLow[last] === callee) return last;
    const known = this.#lookUp(node, callee, cFunctionMark, 0);
    const tip = known >= 0 ? known : this.#create(node, callee, cFunctionMark, 0);
    if (tip < 0) return node;
    tips[level] = tip;
    return tip;
  }

  /**
   * The caller of frame `at`, whose node is `caller`, as it was a moment before, when it still was in the call; -1 when it is not known to
   * make that call elsewhere. The anchor was read first, so that is the moment the sample is of.
   */
  #beforeReturn(walk: Walk, at: number, caller: number): number {
    // Below a C function the caller did not move: it is still in that call.
    if (walk.callee[at + 1]! > 0 && (walk.ways[at]! & WayToCall.throughC) !== 0) return -1;
    const site = this.#edges.siteOf(walk.codeLow[at + 1]!, walk.codeLow[at]!);
    if (site < 0 || site === walk.instruction[at + 1]) return -1;
    const outer = this.#parent[caller]!;
    const codeLow = walk.codeLow[at + 1]!;
    const codeHigh = walk.codeHigh[at + 1]!;
    const known = this.#lookUp(outer, codeLow, codeHigh, site);
    walk.instruction[at + 1] = site;
    return known >= 0 ? known : this.#create(outer, codeLow, codeHigh, site);
  }

  #lookUp(parent: number, codeLow: number, codeHigh: number, instruction: number): number {
    const mask = this.#table.length - 1;
    let slot = hash(parent, codeLow, instruction) & mask;
    for (;;) {
      const node = this.#table[slot]!;
      if (
        node < 0 ||
        (this.#parent[node] === parent &&
          this.#codeLow[node] === codeLow &&
          this.#instruction[node] === instruction &&
          this.#codeHigh[node] === codeHigh)
      ) {
        return node;
      }
      slot = (slot + 1) & mask;
    }
  }

  #add(walk: Walk, at: number, parent: number, steady: boolean): number {
    const codeLow = walk.codeLow[at]!;
    const codeHigh = walk.codeHigh[at]!;
    // No address: and it could be taken for the mark of a C function.
    if (codeHigh >= 0x8000) return -1;
    const instruction = walk.instruction[at]!;
    return this.#mayFollow(walk, at, steady) ? this.#create(parent, codeLow, codeHigh, instruction) : -1;
  }

  #create(parent: number, codeLow: number, codeHigh: number, instruction: number): number {
    const stack = this.#describe(this.#stack[parent]!, codeLow, codeHigh, instruction);
    if (stack < 0) return -1;
    if (this.#count === this.#capacity) this.#grow();
    const node = this.#count++;
    this.#parent[node] = parent;
    this.#codeLow[node] = codeLow;
    this.#codeHigh[node] = codeHigh;
    this.#instruction[node] = instruction;
    this.#stack[node] = stack;
    this.#enter(node);
    this.#codes[node] = undefined;
    if (codeHigh < 0x8000) {
      const address = codeHigh * highHalf + codeLow;
      this.#codes[node] = this.#codeAt(address);
      this.#sameCode[node] = this.#newest.get(address) ?? -1;
      this.#newest.set(address, node);
    }
    return node;
  }

  /** The code at an address is another one: stacks with what was there before are not found any more. */
  forgetCode(address: number): void {
    for (let node = this.#newest.get(address) ?? -1; node >= 0; node = this.#sameCode[node]!) {
      this.#codeHigh[node] = goneMark;
      this.#codes[node] = undefined;
    }
    this.#newest.delete(address);
    this.#lastParents.delete(address);
  }

  /** The stack of `node` as far as its code is known still: without the inner part that begins with code that was dropped. */
  knownPart(node: number): number {
    let part = node;
    for (let at = node; at > truncatedNode; at = this.#parent[at]!)
      if (this.isGone(at)) part = this.#parent[at]!;
    return part;
  }

  /** Whether frame `at` may stand below its caller: the outermost frame always, others when the call is believed. */
  #mayFollow(walk: Walk, at: number, steady: boolean): boolean {
    const caller = at + 1;
    // The outermost frame has no caller: its edge is from nothing.
    const outermost = caller === walk.count;
    const callerLow = outermost ? 0 : walk.codeLow[caller]!;
    const callerHigh = outermost ? 0 : walk.codeHigh[caller]!;
    const instruction = outermost ? 0 : walk.instruction[caller]!;
    const calleeLow = walk.codeLow[at]!;
    const calleeHigh = walk.codeHigh[at]!;
    if (this.#edges.isBelieved(callerLow, callerHigh, instruction, calleeLow, calleeHigh)) return true;
    if (outermost) {
      if (steady) this.#edges.believe(0, 0, 0, calleeLow, calleeHigh);
      return steady;
    }
    const evidence = this.#evidenceOf(walk, at, steady);
    if (evidence === undefined) return false;
    return this.#edges.sighted(callerLow, callerHigh, instruction, calleeLow, calleeHigh, evidence);
  }

  /** What one reading tells of the call of frame `at`; undefined when that is nothing. */
  #evidenceOf(walk: Walk, at: number, steady: boolean): Evidence | undefined {
    const codeLow = walk.codeLow[at]!;
    const codeHigh = walk.codeHigh[at]!;
    const callerLow = walk.codeLow[at + 1]!;
    const callerHigh = walk.codeHigh[at + 1]!;
    const instruction = walk.instruction[at + 1]!;
    const inHand = walk.callee[at + 1]!;
    const isInHand =
      inHand < 0 && this.#calls.pythonFunctions.runs(-inHand, codeLow, codeHigh, this.#calls.now);
    if (!steady && !isInHand) return undefined;
    // Of a frame that is begun anew, what it has in hand may have been copied, and its code before that; then the names differ. Those of what
    // is decorated differ as well.
    const hasName = this.#calls.mayBeLoaded(callerLow, callerHigh, instruction, codeLow, codeHigh);
    if (isInHand && hasName) return steady ? Evidence.sure : Evidence.inHand;
    if (!steady) return undefined;
    if (isInHand) return Evidence.some;
    const ways = this.#calls.waysToCall(callerLow, callerHigh, instruction);
    if (ways === undefined) return Evidence.some;
    const way = walk.ways[at]!;
    if ((ways & way) === 0) return Evidence.against;
    if (way === WayToCall.throughC) return Evidence.good;
    // The caller has another callable in hand, or loads one of another name.
    if (way === WayToCall.directly) return inHand === 0 && hasName ? Evidence.good : Evidence.against;
    return inHand === 0 ? Evidence.good : Evidence.some;
  }

  /** Counts the calls further in as well, so that a deep stack is proved by as few readings as a shallow one. */
  #sightBelow(walk: Walk, caller: number): void {
    for (let at = caller - 1; at >= 0; at--) this.#mayFollow(walk, at, true);
  }

  #enter(node: number): void {
    const mask = this.#table.length - 1;
    let slot = hash(this.#parent[node]!, this.#codeLow[node]!, this.#instruction[node]!) & mask;
    while (this.#table[slot]! >= 0) slot = (slot + 1) & mask;
    this.#table[slot] = node;
  }

  #grow(): void {
    this.#capacity *= 2;
    this.#parent = grown(this.#parent, new Int32Array(this.#capacity));
    this.#codeLow = grown(this.#codeLow, new Uint32Array(this.#capacity));
    this.#codeHigh = grown(this.#codeHigh, new Uint32Array(this.#capacity));
    this.#instruction = grown(this.#instruction, new Uint32Array(this.#capacity));
    this.#stack = grown(this.#stack, new Int32Array(this.#capacity));
    this.#sameCode = grown(this.#sameCode, new Int32Array(this.#capacity));
    this.#table = new Int32Array(this.#capacity * 2).fill(-1);
    for (let node = 2; node < this.#count; node++) this.#enter(node);
  }

  /** Forgets every stack. Numbers of nodes are void after it. */
  clear(): void {
    this.#count = 2;
    this.version++;
    this.#codes.length = 2;
    this.#newest.clear();
    this.#table.fill(-1);
    this.#lastParents.clear();
    this.#stack[truncatedNode] = this.#truncatedStack;
  }
}

function hash(parent: number, codeLow: number, instruction: number): number {
  const mixed =
    Math.imul(parent, 0x9e3779b1) ^ Math.imul(codeLow, 0x85ebca6b) ^ Math.imul(instruction, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

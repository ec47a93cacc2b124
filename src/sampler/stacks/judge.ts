import { WayToCall } from '../../cpython/calls/call-sites.js';
import type { Reading } from '../../cpython/stack/reading.js';
import type { CodeId, NodeId, SiteId } from '../../model/ids.js';
import type { CallSites } from '../evidence/call-sites.js';
import type { Callables } from '../evidence/callables.js';
import { type Entry, evidenceFor, type Facts } from '../evidence/evidence.js';
import type { ProvenCalls } from '../evidence/proven-calls.js';
import type { LastStack } from './last-stack.js';
import { calleeInstead, callerBeforeReturn, type RepairParts, type StandIn } from './repairs.js';
import { noSite, type Sites } from './sites.js';
import { emptyNode, noNode, type StackTree, truncatedNode } from './stack-tree.js';
import type { Repair } from './verdicts.js';

export interface JudgeParts {
  readonly sites: Sites;
  readonly callSites: CallSites;
  readonly callables: Callables;
  readonly proven: ProvenCalls;
  readonly tree: StackTree;
}

/** What became of a reading. One object is used for all. */
export interface Judgement {
  /** The node of its stack; `noNode` when some call of it is not proven (yet). */
  node: NodeId;
  repair: Repair | undefined;
  /** Without a node: the innermost node that is certain, and how many frames there are that it lacks. */
  certain: NodeId;
  lacking: number;
}

/**
 * Whether each call of a reading is proven: then it is a stack. Goes from the outermost frame inwards; where a call is
 * not proven, the reading may be of two moments, and `repairs.ts` has what it may have been.
 */
export class Judge {
  readonly #parts: JudgeParts;
  readonly #repairs: RepairParts;
  readonly #judgement: Judgement = { node: noNode, repair: undefined, certain: emptyNode, lacking: 0 };

  constructor(parts: JudgeParts) {
    this.#parts = parts;
    this.#repairs = parts;
  }

  /**
   * `isStable`: the reading is of one moment. Only then does it count as evidence for calls that nothing on a value
   * stack proves.
   */
  judge(reading: Reading, last: LastStack, isStable: boolean): Readonly<Judgement> {
    const { tree } = this.#parts;
    const { below } = reading;
    const depth = below + reading.count;
    last.version = reading.version;
    last.makeRoom(depth);
    last.asCopied = depth;
    const { nodes, tips } = last;
    const known = last.length;
    let repair: Repair | undefined;
    let callers = reading.truncated ? truncatedNode : below > 0 ? tips[below - 1]! : emptyNode;
    for (let level = below; level < depth; level++) {
      const at = depth - 1 - level;
      let node = level < known ? nodes[level]! : noNode;
      if (node < 0 || !tree.isFrame(node, callers, reading.site[at]!)) {
        node = this.#nodeOf(reading, at, callers, callerSite(reading, at), isStable);
        const standIn: StandIn | undefined =
          node < 0 && level > below
            ? callerBeforeReturn(this.#repairs, reading, at, nodes[level - 1]!)
            : undefined;
        if (standIn) {
          repair = 'caller put back';
          callers = nodes[level - 1] = tips[level - 1] = standIn.node;
          last.asCopied = Math.min(last.asCopied, level - 1);
          node = this.#nodeOf(reading, at, callers, standIn.site, isStable);
        }
        if (node < 0) {
          last.length = level;
          return this.#stopAt(reading, at, callers, isStable);
        }
        nodes[level] = tips[level] = node;
      }
      callers = this.#tipOf(last, level, node, reading.callee[at]!);
    }
    last.length = depth;
    return this.#found(callers, repair);
  }

  #found(node: NodeId, repair: Repair | undefined): Judgement {
    this.#judgement.node = node;
    this.#judgement.repair = repair;
    return this.#judgement;
  }

  /** The call of frame `at` is not proven, all outer ones are. */
  #stopAt(reading: Reading, at: number, callers: NodeId, isStable: boolean): Judgement {
    this.#judgement.certain = callers;
    this.#judgement.lacking = at + 1;
    const instead = at === 0 ? calleeInstead(this.#repairs, reading, callers) : noNode;
    if (instead >= 0) return this.#found(instead, 'callee stands in');
    // The calls of inner frames count as well, so that a deep stack is proven by as few readings as a shallow one.
    if (isStable)
      for (let inner = at - 1; inner >= 0; inner--)
        this.#isProven(reading, inner, callerSite(reading, inner), true);
    return this.#found(noNode, undefined);
  }

  /** The node of frame `at` below its callers, if that was seen or its call is proven now. */
  #nodeOf(reading: Reading, at: number, callers: NodeId, caller: SiteId, isStable: boolean): NodeId {
    const { tree } = this.#parts;
    const site = reading.site[at]!;
    if (site === noSite) return noNode;
    const known = tree.find(callers, site);
    if (known >= 0) return known;
    return this.#isProven(reading, at, caller, isStable) ? tree.below(callers, site) : noNode;
  }

  /** The node of the C function that a frame calls; the frame's own when it calls none. */
  #tipOf({ tips }: LastStack, level: number, node: NodeId, callee: number): NodeId {
    if (callee <= 0) return node;
    const { tree } = this.#parts;
    const last = tips[level]!;
    if (last !== node && tree.parentOf(last) === node && tree.cFunctionOf(last) === callee) return last;
    const tip = tree.cFunctionBelow(node, callee);
    tips[level] = tip;
    return tip;
  }

  /** Whether frame `at` may stand below a frame at the site `caller`, by all that was seen. */
  #isProven(reading: Reading, at: number, caller: SiteId, isStable: boolean): boolean {
    const { sites, proven } = this.#parts;
    const callee = sites.codeOf(reading.site[at]!);
    if (proven.isProven(caller, callee)) return true;
    if (caller === noSite) {
      // The outermost frame: nothing calls it.
      if (isStable) proven.prove(noSite, sites.codeOf(noSite), callee);
      return isStable;
    }
    const facts = this.#factsOf(reading, at, caller, callee, isStable);
    return facts !== undefined && proven.observe(caller, sites.codeOf(caller), callee, evidenceFor(facts));
  }

  /** What the reading shows of a call; `undefined` when that cannot be evidence. */
  #factsOf(
    reading: Reading,
    at: number,
    caller: SiteId,
    callee: CodeId,
    isStable: boolean,
  ): Facts | undefined {
    const { callSites, callables, proven, sites } = this.#parts;
    const inSlot = reading.callee[at + 1]!;
    const isPending =
      inSlot < 0 && callables.pythonFunctions.runs(-inSlot, sites.addressOf(callee), callables.moment.now);
    // Neither moment is known to have had the call.
    if (!isStable && !isPending) return undefined;
    return {
      isStable,
      pending: isPending ? 'callee' : inSlot === 0 ? 'none' : 'another',
      hasName: callSites.mayLoad(caller, callee),
      entry: entryOf(callSites.waysToCall(caller), reading.ways[at]!),
      othersProven: proven.isCaller(caller),
    };
  }
}

/** Where the caller of frame `at` is; `noSite` of the outermost. */
function callerSite(reading: Reading, at: number): SiteId {
  return at + 1 < reading.count ? reading.site[at + 1]! : noSite;
}

/** How a frame was entered, `way` by where it lies, from an instruction that may call in these ways. */
function entryOf(ways: number | undefined, way: number): Entry {
  if (ways === undefined) return 'unknown';
  if ((ways & way) === 0) return 'impossible';
  if (way === WayToCall.throughC) return 'through C';
  return way === WayToCall.directly ? 'directly' : 'resumed';
}

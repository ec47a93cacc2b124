import { firstRoom, grown } from '../../model/grown.js';
import type { CodeId, NodeId, SiteId } from '../../model/ids.js';
import { PairTable } from '../../model/pair-table.js';
import type { KnownCode } from '../code-table.js';
import { noSite, type Sites } from './sites.js';

/**
 * Every stack that was seen, as a tree: a node is its callers' node and one more site, or a C function. A stack is the
 * number of its innermost node. Looking a known stack up allocates nothing.
 */

/** The node of a thread that runs no Python. */
export const emptyNode = 0 as NodeId;
/** The root of stacks whose outer frames were not followed. */
export const truncatedNode = 1 as NodeId;
/** In place of a node: there is none. */
export const noNode = -1 as NodeId;
const firstNode = 2;

/**
 * What stands below a node: a frame at a site, a C function by its number, or what could not be read as of one moment.
 */
export type Below = { readonly site: SiteId } | { readonly cFunction: number } | { readonly isUnread: true };

/**
 * Makes a stack known to the recording, its callers' and one more; -1 when the frame was not real: its code object
 * cannot be read.
 */
export type DescribeStack = (parentStack: number, below: Below) => number;

/** In place of a site, beside the negative numbers of C functions. */
const unread = -0x8000_0000;

export interface StackTreeParts {
  readonly sites: Sites;
  readonly describe: DescribeStack;
  /** The recording's number for stacks whose outer frames were not followed. */
  readonly truncatedStack: number;
  /** The code object that is known to lie at an address. */
  readonly codeAt: (address: number) => KnownCode | undefined;
}

export class StackTree {
  /** Changes when all nodes were forgotten, and their numbers are void. */
  version = 0;
  /** (callers' node, site), or of a C function its negative number. */
  readonly #nodes = new PairTable(firstNode);
  /** By node: the recording's number. */
  #stack = new Int32Array(firstRoom);
  /** By code. */
  #codes: (KnownCode | undefined)[] = [];
  readonly #sites: Sites;
  readonly #describe: DescribeStack;
  readonly #codeAt: (address: number) => KnownCode | undefined;

  constructor({ sites, describe, truncatedStack, codeAt }: StackTreeParts) {
    this.#sites = sites;
    this.#describe = describe;
    this.#codeAt = codeAt;
    this.#stack[truncatedNode] = truncatedStack;
  }

  /** The number that the next node gets. */
  get size(): number {
    return this.#nodes.next;
  }

  /** The node of a stack's callers. */
  parentOf(node: NodeId): NodeId {
    return node < firstNode ? emptyNode : (this.#nodes.firstOf(node) as NodeId);
  }

  /** Where a node's frame is; `noSite` when it is none of Python. */
  siteOf(node: NodeId): SiteId {
    return node < firstNode ? noSite : (Math.max(noSite, this.#nodes.secondOf(node)) as SiteId);
  }

  /** Whether the node is of a frame at the site below these callers. */
  isFrame(node: NodeId, callers: NodeId, site: SiteId): boolean {
    return this.#nodes.firstOf(node) === callers && this.#nodes.secondOf(node) === site;
  }

  /** The number of the C function that a node is of; 0 when it is of none. */
  cFunctionOf(node: NodeId): number {
    const second = node < firstNode ? 0 : this.#nodes.secondOf(node);
    return second < 0 && second !== unread ? -second : 0;
  }

  /** Whether the node's code was dropped. */
  isGone(node: NodeId): boolean {
    return this.#sites.isGone(this.siteOf(node));
  }

  /** A node's code object; `undefined` when it is of a C function, or was dropped, or there is none. */
  codeOf(node: NodeId): KnownCode | undefined {
    return this.#codes[this.#sites.codeOf(this.siteOf(node))];
  }

  /** The recording's number for a node's stack. */
  stackOf(node: NodeId): number {
    return this.#stack[node]!;
  }

  /** The node of a frame below its callers; `noNode` when that was not seen. */
  find(callers: NodeId, site: SiteId): NodeId {
    return this.#nodes.find(callers, site) as NodeId;
  }

  /** The same, made when it was not seen; `noNode` when there is no code object. */
  below(callers: NodeId, site: SiteId): NodeId {
    const known = this.find(callers, site);
    if (known >= 0) return known;
    const stack = this.#describe(this.#stack[callers]!, { site });
    if (stack < 0) return noNode;
    const code: CodeId = this.#sites.codeOf(site);
    this.#codes[code] ??= this.#codeAt(this.#sites.addressOf(code));
    return this.#add(callers, site, stack);
  }

  /** The node of a C function that the frame of `caller` calls. */
  cFunctionBelow(caller: NodeId, cFunction: number): NodeId {
    const known = this.#nodes.find(caller, -cFunction) as NodeId;
    return known >= 0
      ? known
      : this.#add(caller, -cFunction, this.#describe(this.#stack[caller]!, { cFunction }));
  }

  /** The node that says that frames followed on `node`, and not which. */
  unreadBelow(node: NodeId): NodeId {
    const known = this.#nodes.find(node, unread) as NodeId;
    return known >= 0
      ? known
      : this.#add(node, unread, this.#describe(this.#stack[node]!, { isUnread: true }));
  }

  #add(callers: NodeId, second: number, stack: number): NodeId {
    const node = this.#nodes.intern(callers, second) as NodeId;
    if (node >= this.#stack.length) this.#stack = grown(this.#stack, node * 2);
    this.#stack[node] = stack;
    return node;
  }

  /** Whether a node is `outer` or a stack that goes on from it. Nodes are numbered after their parents. */
  goesOnFrom(node: NodeId, outer: NodeId): boolean {
    let at = node;
    while (at > outer) at = this.parentOf(at);
    return at === outer;
  }

  /**
   * The stack of `node` as far as its code is known still: without the inner part that begins with code that was
   * dropped.
   */
  knownPart(node: NodeId): NodeId {
    let part = node;
    for (let at = node; at > truncatedNode; at = this.parentOf(at))
      if (this.isGone(at)) part = this.parentOf(at);
    return part;
  }

  /** The code object was replaced; its nodes are those of what was there before. */
  forgetCode(code: CodeId): void {
    this.#codes[code] = undefined;
  }

  /** Forgets every stack. Numbers of nodes are void after it. */
  clear(): void {
    this.#nodes.clear();
    this.version++;
    this.#codes = [];
  }
}

import type { CodeInfo } from '../../cpython/code-reader.js';
import type { Layout } from '../../cpython/layout.js';
import { typeName } from '../../cpython/objects/instances.js';
import { type FoundFrame, type FrameBudget, readFrames } from '../../cpython/read-frames.js';
import { f64 } from '../../cpython/values/numbers.js';
import { knownAnchors } from '../../frameworks/request-anchors.js';
import { PathNames } from '../../frameworks/route-names.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { NodeId } from '../../model/ids.js';
import type { RequestSnapshot } from '../../model/snapshot.js';
import { emptyNode } from '../stacks/stack-tree.js';
import { type AnchorCode, type AnchoredFrames, AnchorsOfStacks } from './anchors-of-stacks.js';
import { RequestReader } from './request-reader.js';

export interface ThreadRequestsParts {
  readonly memory: TargetMemory;
  readonly layout: Layout;
  readonly budget: FrameBudget;
  /** A code object by its address. */
  readonly codeAt: (address: number) => CodeInfo | undefined;
  /** What the program's clock says now, seconds since 1970; absent where it does not go on. */
  readonly now: (() => number) | undefined;
}

/** Frames with a request in hand, the innermost first, and where they lie. */
interface Anchored {
  readonly frames: AnchoredFrames;
  readonly addresses: Float64Array;
}

/** A request of which no more is known: clocks that are set may make it look older. */
const longest = 30 * 86_400;

/** The request that a thread has in hand, for a look at a single moment. */
export class ThreadRequests {
  readonly #parts: ThreadRequestsParts;
  readonly #reader: RequestReader;
  readonly #anchors: AnchorsOfStacks;
  readonly #codes = new Map<number, AnchorCode>();
  /** The stacks that were looked at, by node. */
  readonly #nodes: { readonly parent: NodeId; readonly code: AnchorCode | undefined }[] = [
    { parent: emptyNode, code: undefined },
  ];

  constructor(parts: ThreadRequestsParts) {
    this.#parts = parts;
    const { memory, layout } = parts;
    this.#reader = new RequestReader(memory, layout, new PathNames());
    const codeAt = (address: number) => this.#codeOf(address);
    this.#anchors = new AnchorsOfStacks({
      ...{ memory, layout, anchors: knownAnchors, codes: { at: codeAt, learn: codeAt } },
      tree: {
        version: 0,
        parentOf: (node) => this.#nodes[node]!.parent,
        codeOf: (node) => this.#nodes[node]!.code,
      },
    });
  }

  /**
   * `frames`: those of the thread, the innermost first. What is read of them counts when it is read twice alike, and
   * the frames were there in between.
   */
  of(threadState: number, frames: readonly FoundFrame[]): RequestSnapshot | undefined {
    const before = this.#anchored(frames);
    if (before.frames.length === 0) return undefined;
    const first = this.#read(before);
    const { memory, layout, budget } = this.#parts;
    const after = this.#anchored(readFrames(memory, layout, threadState, budget).frames);
    const isSame =
      after.frames.length === before.frames.length &&
      after.addresses.every((address, at) => address === before.addresses[at]);
    if (!isSame) return undefined;
    const second = this.#read(before);
    if (first.route !== second.route || first.began !== second.began) return undefined;
    const seconds = this.#secondsSince(first.began);
    return {
      ...(first.route === undefined ? {} : { route: first.route }),
      ...(seconds === undefined ? {} : { seconds }),
    };
  }

  #anchored(frames: readonly FoundFrame[]): Anchored {
    let node = emptyNode;
    for (const { code } of [...frames].reverse())
      node = (this.#nodes.push({ parent: node, code: this.#codeOf(code) }) - 1) as NodeId;
    const anchored = this.#anchors.of(node);
    // The outermost are the ones that are followed, so they are looked for from there.
    const addresses: number[] = [];
    let at = frames.length - 1;
    for (const { code } of [...anchored].reverse()) {
      while (at >= 0 && frames[at]!.code !== code) at--;
      addresses.unshift(frames[at--]?.address ?? 0);
    }
    return { frames: anchored, addresses: Float64Array.from(addresses) };
  }

  #codeOf(address: number): AnchorCode | undefined {
    const info = this.#parts.codeAt(address);
    const known = this.#codes.get(address);
    if (!info || known?.info === info) return info && known;
    const code = { address, info };
    this.#codes.set(address, code);
    return code;
  }

  #read({ frames, addresses }: Anchored): { route: string | undefined; began: number | undefined } {
    this.#reader.beginMoment();
    let began: number | undefined;
    for (const [at, found] of frames.entries())
      began = this.#time(this.#reader.objectAt(found, addresses[at]!, found.anchor.began)) ?? began;
    return { route: this.#reader.read(frames, addresses).route, began };
  }

  #time(object: number): number | undefined {
    const { memory, layout } = this.#parts;
    if (object === 0 || typeName(memory, layout, object) !== 'float') return undefined;
    const bytes = memory.read(object + layout.float.value, 8);
    const time = bytes && f64(bytes, 0);
    return Number.isFinite(time) ? time : undefined;
  }

  #secondsSince(began: number | undefined): number | undefined {
    const now = this.#parts.now?.();
    const seconds = now === undefined || began === undefined ? Number.NaN : now - began;
    return seconds >= 0 && seconds < longest ? seconds : undefined;
  }
}

import { PairTable } from '../model/pair-table.js';
import type { Category } from './category.js';
import type { Sums } from './weight-sums.js';

/** What nodes of one frame have in common. */
export interface FrameDescription {
  readonly label: string;
  readonly function: number;
  readonly category: Category;
}

/** A frame in its place among its callers. Times are microseconds of the time that the view shows. */
export interface CallTreeNode {
  readonly label: string;
  /** Where it is the same object, label, function and category are the same. */
  readonly frame: object;
  /**
   * Index into `Profile.functions`; -1 for the root, for frames that stand for a thread or a process, and for
   * leafStates.
   */
  readonly function: number;
  readonly category: Category;
  /** Time with this frame on the stack. */
  readonly totalTime: number;
  /** Time with this frame innermost. */
  readonly selfTime: number;
  /** The part of `totalTime` and of `selfTime` in which the thread was blocked. */
  readonly totalWaiting: number;
  readonly selfWaiting: number;
  /** Time on a CPU with this frame on the stack, and with it innermost. */
  readonly totalCpu: number;
  readonly selfCpu: number;
  readonly samples: number;
  readonly selfSamples: number;
  /** Longest first, equal ones by label. */
  readonly children: readonly CallTreeNode[];
}

/** Where the sums of a node lie, one after another: those of its own, and those of all that it stands for. */
export const ownSums = { time: 0, waiting: 1, cpu: 2, samples: 3 } as const;
const kinds = 4;
export const totalSums = { time: 4, waiting: 5, cpu: 6, samples: 7 } as const;
const width = 2 * kinds;

/** Nodes of a piece: some 2 ms. */
const pieceLength = 4000;

/**
 * A call tree that grows, as numbers alone: one of 200,000 stacks of 20 frames has 4 million nodes. Node 0 is the root;
 * each comes after its parent.
 */
export class CallTreeColumns {
  readonly frames: FrameDescription[] = [];
  #frame = new Int32Array(1024);
  #parent = new Int32Array(1024);
  #sums = new Float64Array(1024 * width);
  /** Where the children of a node begin in the list, and after them those of the next one. */
  #firstChild = new Int32Array(0);
  #children = new Int32Array(0);
  /** By parent and key. */
  readonly #numbers = new PairTable(1);
  readonly #frameNumbers = new Map<FrameDescription, number>();
  readonly #nodes: Node[] = [];

  constructor(root: FrameDescription) {
    this.frames.push(root);
  }

  get count(): number {
    return this.#numbers.size + 1;
  }

  /** By node, an index into `frames`. */
  get frame(): Int32Array {
    return this.#frame;
  }

  /** One of `ownSums` or `totalSums`. */
  sumOf(node: number, sum: number): number {
    return this.#sums[node * width + sum]!;
  }

  /** Longest first, equal ones by label. */
  childrenOf(node: number): Int32Array {
    return this.#children.subarray(this.#firstChild[node]!, this.#firstChild[node + 1]!);
  }

  parentOf(node: number): number {
    return this.#parent[node]!;
  }

  /** The node of a key below another one; where there is none, it is made, of what `describe` says of `subject`. */
  child(
    parent: number,
    key: number,
    describe: (subject: number) => FrameDescription,
    subject: number,
  ): number {
    const next = this.#numbers.next;
    const node = this.#numbers.intern(parent, key);
    if (node === next) this.#make(node, parent, describe(subject));
    return node;
  }

  #make(node: number, parent: number, description: FrameDescription): void {
    if (node === this.#frame.length) this.#grow();
    let frame = this.#frameNumbers.get(description);
    if (frame === undefined) {
      frame = this.frames.push(description) - 1;
      this.#frameNumbers.set(description, frame);
    }
    this.#frame[node] = frame;
    this.#parent[node] = parent;
  }

  #grow(): void {
    this.#frame = larger(this.#frame);
    this.#parent = larger(this.#parent);
    const sums = new Float64Array(this.#sums.length * 2);
    sums.set(this.#sums);
    this.#sums = sums;
  }

  add(node: number, { time, waiting, cpu, samples }: Sums): void {
    const sums = this.#sums;
    const at = node * width;
    sums[at]! += time;
    sums[at + ownSums.waiting]! += waiting;
    sums[at + ownSums.cpu]! += cpu;
    sums[at + ownSums.samples]! += samples;
  }

  /** The time with any of these frames on the stack, nested ones counted once; `isWanted`: 1 or 0 by frame. */
  timeWith(isWanted: Uint8Array): number {
    const { count } = this;
    const [frame, parent, sums] = [this.#frame, this.#parent, this.#sums];
    // Parents come before their children: whether a node is within one that is wanted is known from its parent.
    const within = new Uint8Array(count);
    let time = 0;
    for (let node = 1; node < count; node++) {
      const above = within[parent[node]!]!;
      const isIt = isWanted[frame[node]!]!;
      within[node] = above | isIt;
      if (isIt > above) time += sums[node * width + totalSums.time]!;
    }
    return time;
  }

  /** Once all is added: totals, and the order of children. A yield after each piece. */
  *finish(): Generator<void, void, void> {
    const { count } = this;
    const sums = this.#sums;
    const counts = new Int32Array(count);
    // From the last to the first: children come after their parents, so each is complete when it is added.
    for (let node = count - 1; node >= 0; node--) {
      const at = node * width;
      for (let of = at; of < at + kinds; of++) sums[of + kinds]! += sums[of]!;
      if (node % pieceLength === 0) yield;
      if (node === 0) break;
      const parent = this.parentOf(node);
      const to = parent * width;
      for (let of = kinds; of < width; of++) sums[to + of]! += sums[at + of]!;
      counts[parent]!++;
    }
    yield* this.#listChildren(counts);
  }

  *#listChildren(counts: Int32Array): Generator<void, void, void> {
    const { count } = this;
    const first = new Int32Array(count + 1);
    for (let node = 0; node < count; node++) first[node + 1] = first[node]! + counts[node]!;
    const children = new Int32Array(count);
    const next = first.slice();
    for (let node = 1; node < count; node++) children[next[this.parentOf(node)]!++] = node;
    yield;
    const byTime = (a: number, b: number) => this.#compare(a, b);
    for (let node = 0; node < count; node++) {
      if (counts[node]! > 1) children.subarray(first[node]!, first[node + 1]!).sort(byTime);
      if (node % pieceLength === pieceLength - 1) yield;
    }
    this.#firstChild = first;
    this.#children = children;
  }

  #compare(a: number, b: number): number {
    const [total, other] = [this.sumOf(a, totalSums.time), this.sumOf(b, totalSums.time)];
    if (total !== other) return other - total;
    const [label, against] = [this.frames[this.#frame[a]!]!.label, this.frames[this.#frame[b]!]!.label];
    return label < against ? -1 : label > against ? 1 : a - b;
  }

  /** A node as an object, the same each time. */
  node(at: number): CallTreeNode {
    this.#nodes[at] ??= new Node(this, at);
    return this.#nodes[at];
  }
}

function larger(values: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(values.length * 2);
  copy.set(values);
  return copy;
}

/** A node for those who go from one to the next. */
class Node implements CallTreeNode {
  readonly index: number;
  readonly #tree: CallTreeColumns;
  #children: readonly CallTreeNode[] | undefined;

  constructor(tree: CallTreeColumns, index: number) {
    this.index = index;
    this.#tree = tree;
  }

  get frame(): FrameDescription {
    return this.#tree.frames[this.#tree.frame[this.index]!]!;
  }
  get label(): string {
    return this.frame.label;
  }
  get function(): number {
    return this.frame.function;
  }
  get category(): Category {
    return this.frame.category;
  }
  get selfTime(): number {
    return this.#tree.sumOf(this.index, ownSums.time);
  }
  get selfWaiting(): number {
    return this.#tree.sumOf(this.index, ownSums.waiting);
  }
  get selfCpu(): number {
    return this.#tree.sumOf(this.index, ownSums.cpu);
  }
  get selfSamples(): number {
    return this.#tree.sumOf(this.index, ownSums.samples);
  }
  get totalTime(): number {
    return this.#tree.sumOf(this.index, totalSums.time);
  }
  get totalWaiting(): number {
    return this.#tree.sumOf(this.index, totalSums.waiting);
  }
  get totalCpu(): number {
    return this.#tree.sumOf(this.index, totalSums.cpu);
  }
  get samples(): number {
    return this.#tree.sumOf(this.index, totalSums.samples);
  }

  get children(): readonly CallTreeNode[] {
    this.#children ??= Array.from(this.#tree.childrenOf(this.index), (child) => this.#tree.node(child));
    return this.#children;
  }
}

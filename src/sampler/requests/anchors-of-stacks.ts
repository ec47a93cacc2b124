import { ByteReader } from '../../bytes/byte-reader.js';
import type { Layout } from '../../cpython/layout.js';
import { readVariableNames } from '../../cpython/locals.js';
import type { Anchor } from '../../frameworks/request-anchors.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { NodeId } from '../../model/ids.js';
import type { KnownCode } from '../code-table.js';
import { emptyNode } from '../stacks/stack-tree.js';

/** What of a code object is looked at. */
export type AnchorCode = Pick<KnownCode, 'address' | 'info'>;

/** Stacks, as their callers and one frame more. A `StackTree` is one. */
export interface CodeTree {
  /** Another one once nodes mean something else. */
  readonly version: number;
  parentOf(node: NodeId): NodeId;
  codeOf(node: NodeId): AnchorCode | undefined;
}

/** Code objects by address: as they are known, and read anew. */
export interface AnchorCodes {
  at(address: number): AnchorCode | undefined;
  learn(address: number): AnchorCode | undefined;
}

/** An anchor whose code object was found. */
export interface FoundAnchor {
  readonly anchor: Anchor;
  /** Address of the code object. */
  readonly code: number;
  /** It is left and entered again, by whatever thread: a coroutine, or a generator. */
  readonly isResumed: boolean;
  /** By the name of each variable that the anchor needs. */
  readonly slots: ReadonlyMap<string, Slot>;
}

export interface Slot {
  readonly index: number;
  /** It may hold a cell, which holds the variable. */
  readonly mayBeCell: boolean;
}

export interface AnchorsOfStacksParts {
  readonly memory: TargetMemory;
  readonly layout: Layout;
  readonly tree: CodeTree;
  readonly codes: AnchorCodes;
  readonly anchors: readonly Anchor[];
}

/** Innermost first; empty for most stacks. */
export type AnchoredFrames = readonly FoundAnchor[];

const none: AnchoredFrames = [];
/** CO_GENERATOR, CO_COROUTINE and CO_ASYNC_GENERATOR. */
const resumed = 0x20 | 0x80 | 0x200;
/** Frames of one stack that are followed: more are of a recursion. */
const mostAnchors = 16;

/**
 * Which of the known stacks have frames with a request in hand. Each stack, and each code object, is looked at once.
 */
export class AnchorsOfStacks {
  readonly #memory: TargetMemory;
  readonly #layout: Layout;
  readonly #tree: CodeTree;
  readonly #codeAt: (address: number) => AnchorCode | undefined;
  readonly #byName = new Map<string, Anchor[]>();
  readonly #ofCode = new Map<AnchorCode, FoundAnchor | undefined>();
  /** By node. */
  #ofNode: (AnchoredFrames | undefined)[] = [];
  #version = -1;

  constructor({ memory, layout, tree, codes, anchors }: AnchorsOfStacksParts) {
    this.#codeAt = (address) => codes.at(address) ?? codes.learn(address);
    this.#memory = memory;
    this.#layout = layout;
    this.#tree = tree;
    for (const anchor of anchors)
      this.#byName.set(anchor.name, [...(this.#byName.get(anchor.name) ?? []), anchor]);
  }

  of(node: NodeId): AnchoredFrames {
    if (node <= emptyNode) return none;
    if (this.#version !== this.#tree.version) {
      this.#version = this.#tree.version;
      this.#ofNode = [];
      this.#ofCode.clear();
    }
    return this.#ofNode[node] ?? this.#lookAt(node);
  }

  /**
   * Of the code objects of a task's frames, innermost first: those with a request in hand, and which frames they are.
   */
  ofCodes(codes: readonly number[]): readonly { readonly found: FoundAnchor; readonly index: number }[] {
    return codes.flatMap((address, index) => {
      const code = this.#codeAt(address);
      const found = code && this.#anchorOf(code);
      return found ? [{ found, index }] : [];
    });
  }

  #lookAt(node: NodeId): AnchoredFrames {
    const unknown: NodeId[] = [];
    let at = node;
    while (at > emptyNode && !this.#ofNode[at]) {
      unknown.push(at);
      at = this.#tree.parentOf(at);
    }
    let found = this.#ofNode[at] ?? none;
    for (const inner of unknown.reverse()) {
      const code = this.#tree.codeOf(inner);
      const anchor = code && this.#anchorOf(code);
      if (anchor && found.length < mostAnchors) found = [anchor, ...found];
      this.#ofNode[inner] = found;
    }
    return found;
  }

  #anchorOf(code: AnchorCode): FoundAnchor | undefined {
    if (this.#ofCode.has(code)) return this.#ofCode.get(code);
    const found = this.#find(code);
    this.#ofCode.set(code, found);
    return found;
  }

  #find({ address, info }: AnchorCode): FoundAnchor | undefined {
    const anchor = this.#byName.get(info.name)?.find(({ file }) => `/${info.fileName}`.endsWith(`/${file}`));
    if (!anchor) return undefined;
    const { names, mayBeCell } = readVariableNames(this.#memory, this.#layout, address);
    const slots = new Map<string, Slot>();
    const { environ, scope, route, noRoute, leaf, method, future, job, differs, began } = anchor;
    for (const path of [environ, scope, ...route, noRoute, leaf, method, future, job, differs, began]) {
      if (!path) continue;
      // Up to 3.10 an argument that is captured stands among the cells as well, and only there it has a value.
      const index = names.lastIndexOf(path.variable);
      if (index >= 0) slots.set(path.variable, { index, mayBeCell: mayBeCell[index]! });
    }
    if (slots.size === 0) return undefined;
    return { anchor, code: address, isResumed: this.#isResumed(address), slots };
  }

  #isResumed(code: number): boolean {
    const bytes = this.#memory.read(code + this.#layout.code.flags, 4);
    return bytes !== undefined && (new ByteReader(bytes).u32(0) & resumed) !== 0;
  }
}

const codes = new WeakMap<AnchoredFrames, readonly number[]>();

/** Addresses of the code objects of these frames. */
export function codesOf(frames: AnchoredFrames): readonly number[] {
  const known = codes.get(frames);
  if (known) return known;
  const found = frames.map(({ code }) => code);
  codes.set(frames, found);
  return found;
}

/** The variable that tells a request from the next one. */
export function slotThatTells({ anchor, slots }: FoundAnchor): Slot | undefined {
  const path = anchor.differs ?? anchor.environ ?? anchor.scope ?? anchor.route[0] ?? anchor.job;
  return path && slots.get(path.variable);
}

/** Where the outermost is that has a request in hand. What a thread of a pool runs may itself be a server. */
export function outermostOf(frames: AnchoredFrames): number {
  let at = frames.length - 1;
  while (at > 0 && frames[at]!.anchor.future) at--;
  return at;
}

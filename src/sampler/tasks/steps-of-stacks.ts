import { ByteReader } from '../../bytes/byte-reader.js';
import type { Layout } from '../../cpython/layout.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { NodeId } from '../../model/ids.js';
import type { KnownCode } from '../code-table.js';
import { ByNode } from '../stacks/by-node.js';
import { emptyNode } from '../stacks/stack-tree.js';

/** A coroutine that something else than a coroutine runs: maybe a task's own, within a step. */
export interface StackStep {
  /** Address of its code. */
  readonly code: number;
  /** Its frame and those further in. */
  readonly count: number;
  /** The node of its callers, such as what runs the loop. */
  readonly callers: NodeId;
}

/** Stacks, as their callers and one frame more. */
export interface StepTree {
  readonly version: number;
  parentOf(node: NodeId): NodeId;
  codeOf(node: NodeId): Pick<KnownCode, 'address' | 'info'> | undefined;
}

/** CO_COROUTINE and CO_ITERABLE_COROUTINE. */
const coroutine = 0x80 | 0x100;
/** Also CO_GENERATOR and CO_ASYNC_GENERATOR. */
const resumed = coroutine | 0x20 | 0x200;
/** Steps within each other, by what runs a coroutine without a loop. */
const mostSteps = 8;

const none: readonly StackStep[] = [];

/** Code of the innermost frames of a stack, the innermost first. */
export function innermostCodes(tree: StepTree, node: NodeId, count: number): number[] {
  const codes: number[] = [];
  for (let at = node; at > emptyNode && codes.length < count; at = tree.parentOf(at)) {
    const code = tree.codeOf(at);
    if (code) codes.push(code.address);
  }
  return codes;
}

/** Which of the known stacks are within a step of a task. Each stack, and each code object, is looked at once. */
export class StepsOfStacks {
  readonly #memory: TargetMemory;
  readonly #layout: Layout;
  readonly #tree: StepTree;
  /** By node, the innermost first. */
  readonly #ofNode: ByNode<readonly StackStep[]>;
  readonly #flags = new WeakMap<object, number>();

  constructor(memory: TargetMemory, layout: Layout, tree: StepTree) {
    this.#memory = memory;
    this.#layout = layout;
    this.#tree = tree;
    this.#ofNode = new ByNode(tree, (node) => this.#lookAt(node));
  }

  of(node: NodeId): readonly StackStep[] {
    if (node <= emptyNode) return none;
    return this.#ofNode.of(node);
  }

  #lookAt(node: NodeId): readonly StackStep[] {
    const tree = this.#tree;
    const steps: StackStep[] = [];
    let count = 0;
    let inner: StackStep | undefined;
    for (let at = node; at > emptyNode; at = tree.parentOf(at)) {
      const code = tree.codeOf(at);
      if (!code) continue;
      const flags = this.#flagsOf(code);
      if (inner && (flags & resumed) === 0) {
        if (steps.length < mostSteps) steps.push(inner);
        inner = undefined;
      }
      count++;
      if ((flags & coroutine) !== 0) inner = { code: code.address, count, callers: tree.parentOf(at) };
    }
    return steps.length === 0 ? none : steps;
  }

  #flagsOf(code: Pick<KnownCode, 'address' | 'info'>): number {
    const known = this.#flags.get(code.info);
    if (known !== undefined) return known;
    const bytes = this.#memory.read(code.address + this.#layout.code.flags, 4);
    const flags = bytes ? new ByteReader(bytes).u32(0) : 0;
    this.#flags.set(code.info, flags);
    return flags;
  }
}

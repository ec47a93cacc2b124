import type { ReadGreenlet } from '../../cpython/greenlets/greenlet-reader.js';
import type { KnownGreenlets } from '../../cpython/greenlets/known-greenlets.js';
import type { Layout } from '../../cpython/layout.js';
import { FrameSearch } from '../../cpython/stack/frame-search.js';
import type { ThreadStack } from '../../cpython/stack/thread-stack.js';
import { isGreenletHub, isOfGreenletLibrary } from '../../frameworks/greenlet-waits.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { NodeId } from '../../model/ids.js';
import { ByNode } from '../stacks/by-node.js';
import { emptyNode, type StackTree } from '../stacks/stack-tree.js';
import type { GreenletRows, NamedGreenlet } from './greenlet-rows.js';
import type { TaskThread } from './running-tasks.js';
import type { TaskContexts } from './task-contexts.js';
import type { TaskFrames } from './task-frames.js';
import type { TaskGroups } from './task-group-name.js';

export interface RunningGreenletsParts {
  readonly memory: TargetMemory;
  readonly layout: Layout;
  readonly tree: Pick<StackTree, 'version' | 'parentOf' | 'codeOf'>;
  readonly known: Pick<KnownGreenlets, 'has' | 'isBegun'>;
  readonly rows: Pick<GreenletRows, 'hasItsName'>;
  readonly frames: Pick<TaskFrames, 'functionOf'>;
  readonly contexts: TaskContexts;
  readonly groups: TaskGroups;
  readonly shortFileName: (fileName: string) => string;
}

/** What the outermost frames of a stack say. */
interface Base {
  /** What a greenlet that nobody named is called; empty: it is none, but what a thread began with, or a hub. */
  readonly group: string;
}

interface SeenGreenlet {
  readonly greenlet: ReadGreenlet;
  readonly named: NamedGreenlet;
}

const noBase: Base = { group: '' };

/**
 * Which greenlet a thread runs at each sample. Each has an outermost frame of its own, at an address that stays the
 * same while it lives: that is known of each that was suspended at a look.
 */
export class RunningGreenlets {
  readonly #parts: RunningGreenletsParts;
  readonly #search: FrameSearch;
  /** By the address of the outermost frame. */
  readonly #seen = new Map<number, SeenGreenlet>();
  /** Threads that ran one. */
  readonly #withGreenlets = new WeakSet<ThreadStack>();
  readonly #bases: ByNode<Base>;

  constructor(parts: RunningGreenletsParts) {
    this.#parts = parts;
    this.#search = new FrameSearch(parts.layout);
    this.#bases = new ByNode(parts.tree, (node) => this.#lookAt(node));
  }

  /** To be called after a look: those that are suspended. */
  see(suspended: Iterable<SeenGreenlet>): void {
    for (const [frame, { greenlet }] of this.#seen)
      if (!this.#parts.known.has(greenlet.address)) this.#seen.delete(frame);
    for (const one of suspended) this.#seen.set(one.greenlet.frames.at(-1)!.address, one);
  }

  /**
   * To be called when a thread's stack was found, and no task of it: gives it the context of its greenlet, within the
   * one that it has. `copy`: as `RunningTasks.find`.
   */
  find(thread: TaskThread, copy: Uint32Array | undefined): void {
    if (this.#seen.size === 0) return;
    thread.stack.root.known = this.#seen;
    if (thread.task !== undefined) return;
    const { group } = this.#bases.of(thread.node);
    if (group === '') return;
    const { stack, currentFrame } = thread;
    const inCopy = copy ? this.#search.outermostInCopy(stack.regions, copy, currentFrame) : 0;
    const frame = inCopy || this.#search.outermost(this.#parts.memory, stack.threadState);
    const seen = this.#seen.get(frame);
    if (seen && this.#isStill(seen)) {
      if (seen.named.kind !== 'greenlet') return;
      this.#withGreenlets.add(stack);
      thread.task = seen.named.given === '' ? group : seen.named.group;
    } else if (this.#withGreenlets.has(stack)) thread.task = group;
    else return;
    thread.context = this.#parts.contexts.of(thread.task, thread.context);
  }

  #isStill({ greenlet, named }: SeenGreenlet): boolean {
    const { known, rows } = this.#parts;
    return known.isBegun(greenlet.address) && rows.hasItsName(greenlet, named);
  }

  #lookAt(node: NodeId): Base {
    const { tree, frames, groups, shortFileName } = this.#parts;
    let own = 0;
    let outer = 0;
    let outermost = '';
    for (let at = node; at > emptyNode; at = tree.parentOf(at)) {
      const code = tree.codeOf(at);
      if (!code) continue;
      outermost = `${shortFileName(code.info.fileName)}:${code.info.name}`;
      outer = code.address;
      if (!isOfGreenletLibrary(outermost)) own = outer;
    }
    if (outer === 0 || beginsThread.test(outermost) || isGreenletHub([], outermost)) return noBase;
    return { group: groups.nameOf('', frames.functionOf(own || outer)) };
  }
}

/** The outermost frames of threads. */
const beginsThread = /:<module>$|^threading\.py:_bootstrap$/;

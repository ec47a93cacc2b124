import type { ThreadStateInfo } from '../cpython/interpreters.js';
import { findThreadIdOffset, plausibleThreadId, readThreadId } from '../cpython/native-thread-ids.js';
import type { TargetMemory } from '../memory/target-memory.js';
import type { ThreadIds } from '../platform/target.js';

/** A thread state whose thread is not there (any more). */
export const noThread = -1;
/** Looks for the offset of ids in the C library's structs before that is given up. */
const mostSearches = 20;
/**
 * Threads of one look that are asked for one by one, before all are listed: a list costs as much as some twenty of
 * them.
 */
const askedSingly = 16;

/**
 * Which thread of the kernel a thread state belongs to, as we number threads: ids differ for a process in a container.
 */
export class KernelThreadIds {
  readonly #memory: TargetMemory;
  readonly #threads: ThreadIds | undefined;
  /** From the ids of a container to ours; undefined where they are the same. */
  readonly #outerIds: Map<number, number> | undefined;
  readonly #seen = new Set<number>();
  #offset = -1;
  #searches = 0;
  #asked = 0;
  #listed: ReadonlySet<number> | undefined;

  /** `threads`: absent where the kernel cannot be asked. */
  constructor(memory: TargetMemory, threads: ThreadIds | undefined) {
    this.#memory = memory;
    this.#threads = threads;
    this.#outerIds = threads?.areRenumbered ? new Map() : undefined;
  }

  /** To be called before each look at the threads: what was known of who is there is known no more. */
  beginLook(): void {
    this.#asked = 0;
    this.#listed = undefined;
  }

  /** 0 when it is not known, `noThread` when there is none. `states`: all of its interpreter. */
  of({ ident, nativeId }: ThreadStateInfo, states: readonly ThreadStateInfo[]): number {
    const named = this.#outer(plausibleThreadId(nativeId));
    if (named > 0 && this.#exists(named)) return named;
    if (this.#offset < 0 && this.#searches++ < mostSearches) {
      const idents = states.map((state) => state.ident);
      this.#offset = findThreadIdOffset(this.#memory, idents, this.#innerIds());
    }
    if (this.#offset < 0) return 0;
    const id = this.#outer(readThreadId(this.#memory, ident, this.#offset));
    return id > 0 && this.#exists(id) ? id : noThread;
  }

  /** Whether the process has such a thread; true when that cannot be asked. */
  #exists(id: number): boolean {
    if (this.#asked++ === askedSingly) this.#listed = new Set(this.#all());
    return this.#listed?.has(id) || (this.#threads?.has(id) ?? true);
  }

  #all(): readonly number[] {
    return this.#threads?.all() ?? [];
  }

  #outer(inner: number): number {
    if (!this.#outerIds) return inner;
    if (!this.#outerIds.has(inner)) this.#learn();
    return this.#outerIds.get(inner) ?? 0;
  }

  #innerIds(): ReadonlySet<number> {
    if (!this.#outerIds) return new Set(this.#all());
    this.#learn();
    return new Set(this.#outerIds.keys());
  }

  /** Reads the ids of threads that were not there before: each takes a file, so none is read twice. */
  #learn(): void {
    const now = this.#all();
    for (const id of now) if (!this.#seen.has(id)) this.#outerIds!.set(this.#threads!.inner(id), id);
    this.#seen.clear();
    for (const id of now) this.#seen.add(id);
  }
}

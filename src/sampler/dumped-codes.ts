import { CodeObjects } from '../cpython/code-objects.js';
import type { CodeInfo } from '../cpython/code-reader.js';
import type { Layout } from '../cpython/layout.js';
import type { FoundFrame } from '../cpython/read-frames.js';
import type { KnownBytes } from '../memory/known-bytes.js';
import type { TargetMemory } from '../memory/target-memory.js';

interface DumpedCode {
  readonly info: CodeInfo;
  readonly identity: KnownBytes;
  /** Since when it is known to lie there, milliseconds. */
  readonly since: number;
}

/**
 * The code objects of one dump, by address. A program that makes code as it runs may drop them, and have others there,
 * meanwhile.
 */
export class DumpedCodes {
  readonly #memory: TargetMemory;
  readonly #objects: CodeObjects;
  readonly #known = new Map<number, DumpedCode | undefined>();

  constructor(memory: TargetMemory, layout: Layout) {
    this.#memory = memory;
    this.#objects = new CodeObjects(memory, layout, () => performance.now());
  }

  /** The code object at an address, as it was last read. */
  at(address: number): CodeInfo | undefined {
    if (!this.#known.has(address)) this.#learn(address);
    return this.#known.get(address)?.info;
  }

  /**
   * Whether the code of frames that were read since `begin` (`performance.now()`) lay there all the time until now.
   * What did not is read anew: so frames that are read after that have the right names.
   */
  lastedSince(begin: number, frames: readonly FoundFrame[]): boolean {
    let lasted = true;
    for (const address of new Set(frames.map(({ code }) => code))) {
      const code = this.#known.get(address);
      const isThere = code ? code.identity.areIn(this.#memory) : this.#known.has(address);
      if (!isThere) this.#learn(address);
      if (!isThere || (code && code.since > begin)) lasted = false;
    }
    return lasted;
  }

  #learn(address: number): void {
    const before = this.#known.get(address);
    if (before) this.#objects.forget(before.info);
    const read = this.#objects.read(address);
    this.#known.set(address, read && { info: read.info, identity: read.identity, since: read.seenAt });
  }
}

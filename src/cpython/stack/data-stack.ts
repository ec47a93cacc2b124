import { isPointer, readPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { Layout } from '../layout.js';

/** Chunks grow with the frames they must hold but a sane one stays below this. */
const largestChunk = 16 << 20;
const mostChunks = 4096;

/** Where the frames of one chunk can lie. */
export interface Chunk {
  readonly start: number;
  readonly end: number;
}

/** The chunks of a thread's data stack (from 3.11) at the last look, the innermost first; up to 3.10 there are none. */
export class DataStack {
  readonly #layout: Layout;
  #chunks: Chunk[] = [];
  /** The one that was found last. */
  #last = 0;

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  /** Looks again: follows the thread's list of chunks. */
  read(memory: TargetMemory, threadState: number): void {
    const { stackChunk, threadState: fields } = this.#layout;
    if (fields.dataStackChunk < 0) return;
    this.#chunks = [];
    this.#last = 0;
    let address = readPointer(memory, threadState + fields.dataStackChunk);
    while (isPointer(address) && this.#chunks.length < mostChunks) {
      const size = readPointer(memory, address + stackChunk.size);
      if (!(size > stackChunk.data && size <= largestChunk)) break;
      this.#chunks.push({ start: address + stackChunk.data, end: address + size });
      address = readPointer(memory, address + stackChunk.previous);
    }
  }

  /**
   * The chunk that holds the `bytes` at `frame`. Frames are asked for from the innermost outwards, as the chunks are
   * listed.
   */
  chunkOf(frame: number, bytes: number): Chunk | undefined {
    const chunks = this.#chunks;
    for (let step = 0; step < chunks.length; step++) {
      const at = (this.#last + step) % chunks.length;
      const { start, end } = chunks[at]!;
      if (frame < start || frame + bytes > end) continue;
      this.#last = at;
      return chunks[at];
    }
    return undefined;
  }
}

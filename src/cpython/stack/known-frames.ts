import { firstRoom, grown } from '../../model/grown.js';

/**
 * The frames of one thread that are as they were at the walk before.
 *
 * Most of a stack stands still between two samples, and to compare bytes is much cheaper than to follow frames: so the
 * bytes of the chunk that holds the outermost frames are kept, and a walk that comes to a frame from which on outwards
 * nothing changed ends there.
 *
 *   chunk   │ level 0 │ level 1 │ level 2 │ level 3 …
 *            ╰── as before: `levels` = 2 ──╯  ↑ the first byte that differs
 *
 * A frame's level is its distance from the outermost one. Its bytes end where the next frame begins.
 */
export class KnownFrames {
  /** Frames, from the outermost inwards, that are as they were noted; set by `compare`. */
  levels = 0;
  /** Changes whenever frames are noted: what others keep by level is of the same walk when the number is the same. */
  version = 0;
  /** Where the chunk begins; 0: none is known. */
  base = 0;
  #addresses = new Float64Array(firstRoom);
  /** Levels in `#addresses`. */
  #noted = 0;
  #bytes = new Uint32Array(firstRoom);
  /** The same, eight bytes at a time; and so the copy that was compared last. */
  #pairs = new Float64Array(this.#bytes.buffer);
  #copied: Float64Array = new Float64Array(0);
  #length = 0;

  /**
   * Compares the first `length` words of the chunk, which begin at `words[start]`, with what they were, and keeps them
   * as they are now.
   */
  compare(words: Uint32Array, start: number, length: number): void {
    if (length > this.#bytes.length) {
      this.#bytes = grown(this.#bytes, length * 2);
      this.#pairs = new Float64Array(this.#bytes.buffer);
    }
    const bytes = this.#bytes;
    const common = Math.min(length, this.#length);
    let same = this.#samePairs(words, start, common);
    while (same < common && bytes[same] === words[start + same]) same++;
    for (let word = same; word < length; word++) bytes[word] = words[start + word]!;
    this.#length = length;
    const end = this.base + same * 4;
    // Of the innermost it is not known where it ends.
    let levels = Math.max(0, this.#noted - 1);
    while (levels > 0 && this.#addresses[levels]! > end) levels--;
    this.levels = levels;
    // The one after them still tells where they end.
    this.#noted = Math.min(this.#noted, levels + 1);
  }

  /**
   * How many words from the first on are the same for certain, two of them at once: as numbers of eight bytes they
   * compare in half the time, which is what most of a sample of a deep stack takes. 0 and -0 count as the same; no
   * field of a frame is only its highest bit.
   */
  #samePairs(words: Uint32Array, start: number, length: number): number {
    if (start % 2 !== 0 || words.byteOffset !== 0) return 0;
    if (words.buffer !== this.#copied.buffer)
      this.#copied = new Float64Array(words.buffer, 0, words.length >> 1);
    const [bytes, pairs, copied] = [this.#bytes, this.#pairs, this.#copied];
    const first = start >> 1;
    const count = length >> 1;
    for (let at = 0; ; at++) {
      while (at < count && pairs[at] === copied[first + at]) at++;
      // What is no number differs from itself.
      const isSame =
        bytes[at * 2] === words[start + at * 2] && bytes[at * 2 + 1] === words[start + at * 2 + 1];
      if (at >= count || !isSame) return at * 2;
    }
  }

  /** Of a level that was noted. */
  addressOf(level: number): number {
    return this.#addresses[level]!;
  }

  /** Begins anew with the chunk at `base`, of which `length` words begin at `words[start]`. */
  adopt(base: number, words: Uint32Array, start: number, length: number): void {
    this.base = base;
    this.#noted = 0;
    this.#length = 0;
    this.compare(words, start, length);
  }

  /**
   * Notes frames that a walk found, from `level` inwards: `path` has their addresses from the innermost, at `first`, to
   * that of `level`, at `last`.
   */
  note(level: number, path: Float64Array, first: number, last: number): void {
    const noted = level + last - first + 1;
    while (noted > this.#addresses.length)
      this.#addresses = grown(this.#addresses, this.#addresses.length * 2);
    for (let at = last; at >= first; at--) this.#addresses[level + last - at] = path[at]!;
    this.#noted = noted;
    this.version++;
  }
}

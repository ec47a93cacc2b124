import { cachedMemory } from '../../memory/cached-memory.js';
import { isPointer, pointerAt, readPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { Layout } from '../layout.js';
import { FrameFormat, readCurrentFrame } from './frame-format.js';
import type { FrameRegions } from './frame-regions.js';

/** Frames that a search passes: what a request calls is seldom deeper, and a search takes 10 ns a frame. */
const mostSearched = 1000;

/** Finds frames by their code, and what is in their variables. */
export class FrameSearch {
  readonly #layout: Layout;
  readonly #format: FrameFormat;

  constructor(layout: Layout) {
    this.#layout = layout;
    this.#format = new FrameFormat(layout);
  }

  /**
   * Searches the copy of a thread's regions, from `frame` outwards: of `codes`, innermost first, the addresses of
   * frames are put into `into`. Returns how many were found; the search ends where the copy does.
   */
  inCopy(
    regions: FrameRegions,
    words: Uint32Array,
    frame: number,
    codes: readonly number[],
    into: Float64Array,
  ): number {
    const format = this.#format;
    let found = 0;
    let address = frame;
    for (let steps = 0; steps < mostSearched && found < codes.length; steps++) {
      const at = wordAt(regions, words, address, format.bytes);
      if (at < 0) break;
      if (!format.isShim(words, at) && format.code(words, at) === codes[found]) into[found++] = address;
      address = format.link(words, at);
    }
    return found;
  }

  /** The same, of the frames that a thread has now, read one by one. */
  inMemory(memory: TargetMemory, threadState: number, codes: readonly number[], into: Float64Array): number {
    let found = 0;
    for (const { address, code } of this.#framesOf(memory, threadState)) {
      if (found === codes.length) break;
      if (code === codes[found]) into[found++] = address;
    }
    return found;
  }

  /** Whether the frames that a thread has now, from the one at `frame` outwards, have these codes. */
  hasCodes(memory: TargetMemory, frame: number, codes: readonly number[]): boolean {
    let same = 0;
    for (const { code } of this.#framesFrom(cachedMemory(memory), frame)) {
      if (same === codes.length) break;
      if (code !== codes[same++]) return false;
    }
    return true;
  }

  /** Address of the outermost frame of a stack, as the copy has it; 0: the copy does not. */
  outermostInCopy(regions: FrameRegions, words: Uint32Array, frame: number): number {
    const format = this.#format;
    let found = 0;
    let address = frame;
    for (let steps = 0; steps < mostSearched; steps++) {
      const at = wordAt(regions, words, address, format.bytes);
      if (at < 0) return 0;
      if (!format.isShim(words, at)) found = address;
      address = format.link(words, at);
      if (address === 0) return found;
    }
    return 0;
  }

  /** The same of the frames that a thread has now; 0: they cannot be read. */
  outermost(memory: TargetMemory, threadState: number): number {
    let found = 0;
    let count = 0;
    for (const { address, code } of this.#framesOf(memory, threadState)) {
      // At the outermost, there is nothing to be read.
      if (Number.isNaN(code)) return address === 0 ? found : 0;
      found = address;
      count++;
    }
    return count < mostSearched ? found : 0;
  }

  #framesOf(memory: TargetMemory, threadState: number) {
    const copy = cachedMemory(memory);
    return this.#framesFrom(copy, readCurrentFrame(copy, this.#layout, threadState));
  }

  /** Frames as they are now; ends with one of which the code is NaN where none can be read. */
  *#framesFrom(memory: TargetMemory, frame: number): Generator<{ address: number; code: number }, void> {
    const format = this.#format;
    let address = frame;
    for (let steps = 0; steps < mostSearched; steps++) {
      const bytes = isPointer(address) ? memory.read(address, format.bytes) : undefined;
      if (!bytes) {
        yield { address, code: Number.NaN };
        return;
      }
      const words = new Uint32Array(bytes.slice().buffer);
      if (!format.isShim(words, 0)) yield { address, code: format.code(words, 0) };
      address = format.link(words, 0);
    }
  }

  /**
   * Codes of the frames from `frame` outwards up to that at `outer`, without it, as the copy has them; `undefined` when
   * it does not.
   */
  codesWithinInCopy(
    regions: FrameRegions,
    words: Uint32Array,
    frame: number,
    outer: number,
  ): number[] | undefined {
    const format = this.#format;
    const codes: number[] = [];
    let address = frame;
    for (let steps = 0; steps < mostSearched && address !== outer; steps++) {
      const at = wordAt(regions, words, address, format.bytes);
      if (at < 0) return undefined;
      if (!format.isShim(words, at)) codes.push(format.code(words, at));
      address = format.link(words, at);
    }
    return address === outer ? codes : undefined;
  }

  /** The same of the frames that a thread has now. */
  codesWithin(memory: TargetMemory, threadState: number, outer: number): number[] | undefined {
    const codes: number[] = [];
    for (const { address, code } of this.#framesOf(memory, threadState)) {
      if (address === outer) return codes;
      codes.push(code);
    }
    return undefined;
  }

  /**
   * The reference in one of a frame's variables: 0 when it is unbound, -1 when the copy does not have it; the next one
   * will.
   */
  variableInCopy(regions: FrameRegions, words: Uint32Array, frame: number, slot: number): number {
    const offset = this.#layout.frame.localsPlus + slot * 8;
    const at = wordAt(regions, words, frame, offset + 8);
    return at < 0 ? -1 : pointerAt(words, (at << 2) + offset);
  }

  /** The same as it is now; NaN when it cannot be read. */
  variable(memory: TargetMemory, frame: number, slot: number): number {
    return readPointer(memory, frame + this.#layout.frame.localsPlus + slot * 8);
  }
}

/** At which word of the copy the frame begins, if the copy has that many bytes of it; else -1. */
function wordAt(regions: FrameRegions, words: Uint32Array, address: number, bytes: number): number {
  const region = regions.regionOf(address, 0);
  if (region < 0 || !regions.isCopied(region)) return -1;
  const end = address + bytes - regions.addresses[region]!;
  if (end > regions.lengths[region]!) {
    regions.need(region, end);
    if (end <= regions.limits[region]!) regions.changed = true;
    return -1;
  }
  const at = (regions.offsets[region]! + (address - regions.addresses[region]!)) >> 2;
  return at < words.length ? at : -1;
}

import { isPointer, pointerAt, readPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { Layout } from '../layout.js';
import { typeName } from '../objects/instances.js';

/**
 * Tells a frame from what else a link may lead to. Links are copied while they change, and memory that was a frame
 * before may be an object of a long list by now: to follow that would be to read thousands of things that are no
 * frames, at every sample.
 */
export class FrameCheck {
  readonly #layout: Layout;
  /** Address of the type of code objects; NaN, which equals nothing, while not known. */
  #codeType = Number.NaN;

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  /**
   * Whether a frame can begin with these bytes: it has a code object, or belongs to C. False for one that was left, too
   * (from 3.14).
   */
  isFrame(memory: TargetMemory, bytes: Uint8Array): boolean {
    const { frame, object, ownerShim } = this.#layout;
    if (ownerShim >= 0 && bytes[frame.owner]! >= ownerShim) return bytes[frame.owner]! <= ownerShim + 1;
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
    const code = pointerAt(words, frame.code) - (words[frame.code >> 2]! & 7);
    if (!isPointer(code)) return false;
    const type = readPointer(memory, code + object.type);
    if (Number.isNaN(this.#codeType) && typeName(memory, this.#layout, code) === 'code')
      this.#codeType = type;
    return type === this.#codeType;
  }
}

import {
  blockHeaderSize,
  blockMarker,
  fileHeaderSize,
  fileMagic,
  formatVersion,
  maxBlockBytes,
} from './format.js';

/** A recording that comes piece by piece, taken apart into the packed payloads of its blocks. */
export class RecordingBlocks {
  #rest: Uint8Array = new Uint8Array(0);
  /** Bytes before `#rest`. */
  #at = 0;

  /** How much of the recording the blocks so far make: where a block ends. */
  get end(): number {
    return this.#at;
  }

  /** How much has come. */
  get received(): number {
    return this.#at + this.#rest.length;
  }

  /** The blocks that are complete with what comes. Throws an `Error` where it is no recording. */
  add(bytes: Uint8Array): Uint8Array[] {
    const all = new Uint8Array(this.#rest.length + bytes.length);
    all.set(this.#rest);
    all.set(bytes, this.#rest.length);
    let at = 0;
    const blocks: Uint8Array[] = [];
    if (this.#at === 0) {
      if (all.length < fileHeaderSize) {
        this.#rest = all;
        return blocks;
      }
      if (fileMagic.some((byte, index) => all[index] !== byte) || all[fileMagic.length] !== formatVersion)
        throw new Error('this is no recording of this pyglass');
      at = fileHeaderSize;
    }
    while (at + blockHeaderSize <= all.length) {
      if (blockMarker.some((byte, index) => all[at + index] !== byte))
        throw new Error('a block does not begin where it should');
      const length = new DataView(all.buffer, at).getUint32(blockMarker.length, true);
      if (length > maxBlockBytes) throw new Error('a block is too large');
      const end = at + blockHeaderSize + length;
      if (end > all.length) break;
      blocks.push(all.subarray(at + blockHeaderSize, end));
      at = end;
    }
    this.#at += at;
    this.#rest = all.subarray(at);
    return blocks;
  }
}

import type { Layout } from '../../src/cpython/layout.js';
import { TypeFlag } from '../../src/cpython/objects/type-flags.js';

const objectSize = 0x1000;

/** Memory with objects of CPython in it, each on a page of its own. */
export class SimulatedObjects {
  readonly #layout: Layout;
  readonly #bytes: Map<number, DataView>;
  readonly #starts: Map<DataView, number>;
  readonly #types = new Map<string, number>();
  #next: number;

  /** `first`: where the first object lies; `shared`: whose memory this is as well. */
  constructor(layout: Layout, first: number, shared?: SimulatedObjects) {
    this.#layout = layout;
    this.#bytes = shared ? shared.#bytes : new Map();
    this.#starts = shared ? shared.#starts : new Map();
    this.#next = first;
  }

  /** What lies there, all in one piece of memory; `undefined`: nothing. */
  bytesAt(address: number, length: number): Uint8Array | undefined {
    const page = this.#pageOf(address);
    if (!page || this.#pageOf(address + length - 1) !== page) return undefined;
    return new Uint8Array(page.buffer, address - this.#pageStart(address), length);
  }

  /** An object with a type of that name. */
  instanceOf(typeName: string, flags: number): number {
    const { type, object } = this.#layout;
    let known = this.#types.get(typeName);
    if (known === undefined) {
      known = this.object();
      this.set(known + type.name, this.text(typeName));
      this.#view(known).setUint32(type.flags, flags >>> 0, true);
      this.#types.set(typeName, known);
    }
    const address = this.object();
    this.#view(address).setUint32(0, 1, true);
    this.set(address + object.type, known);
    return address;
  }

  string(text: string): number {
    const { unicode } = this.#layout;
    const address = this.instanceOf('str', TypeFlag.str);
    this.set(address + unicode.length, text.length);
    // Compact ASCII of one byte a character.
    this.#view(address).setUint32(unicode.state, (1 << 2) | (1 << 5) | (1 << 6), true);
    this.put(address + unicode.asciiSize, new TextEncoder().encode(text));
    return address;
  }

  bytesOf(content: Uint8Array): number {
    const address = this.instanceOf('bytes', TypeFlag.bytes);
    this.set(address + this.#layout.bytes.size, content.length);
    this.put(address + this.#layout.bytes.data, content);
    return address;
  }

  tuple(texts: readonly string[]): number {
    const address = this.instanceOf('tuple', TypeFlag.tuple);
    this.set(address + this.#layout.tuple.size, texts.length);
    for (const [at, text] of texts.entries())
      this.set(address + this.#layout.tuple.items + at * 8, this.string(text));
    return address;
  }

  text(text: string): number {
    const address = this.object();
    this.put(address, new TextEncoder().encode(text));
    return address;
  }

  object(): number {
    const address = this.#next;
    this.#next += objectSize * 2;
    this.page(address, objectSize);
    return address;
  }

  page(address: number, size: number): void {
    const view = new DataView(new ArrayBuffer(size));
    for (let at = 0; at < size; at += objectSize) this.#bytes.set((address + at) / objectSize, view);
    this.#starts.set(view, address);
  }
  #pageOf(address: number): DataView | undefined {
    return this.#bytes.get(Math.floor(address / objectSize));
  }

  #pageStart(address: number): number {
    return this.#starts.get(this.#view(address))!;
  }

  #view(address: number): DataView {
    return this.#pageOf(address)!;
  }

  set(address: number, value: number): void {
    const [view, at] = [this.#view(address), address - this.#pageStart(address)];
    view.setUint32(at, value >>> 0, true);
    view.setUint32(at + 4, Math.floor(value / 2 ** 32) >>> 0, true);
  }

  put(address: number, bytes: Uint8Array): void {
    new Uint8Array(this.#view(address).buffer).set(bytes, address - this.#pageStart(address));
  }

  byte(address: number, value: number): void {
    this.#view(address).setUint8(address - this.#pageStart(address), value);
  }

  setInt(address: number, value: number): void {
    this.#view(address).setInt32(address - this.#pageStart(address), value, true);
  }
}

import type { Layout } from '../../src/cpython/layout.js';
import { TypeFlag } from '../../src/cpython/objects/type-flags.js';
import { FakeMemory } from '../../src/memory/fake-memory.js';
import { readEach, type TargetMemory } from '../../src/memory/target-memory.js';

const start = 0x5a00_0000_0000;
const size = 1024;
const most = 64;

/** Objects made by hand, each in a kilobyte of its own. */
export class MadeObjects extends FakeMemory {
  readonly #layout: Layout;
  readonly #bytes = new Uint8Array(most * size);
  #next = 0;

  constructor(layout: Layout) {
    super();
    this.#layout = layout;
    this.put(start, this.#bytes);
  }

  /** `sys.modules` with nothing but `sys`, and in it nothing but `hexversion`. */
  modules(hexVersion: number): number {
    const globals = this.#dict('hexversion', this.#int(hexVersion));
    const { object } = this.#layout;
    return this.#dict('sys', this.#put({ [object.type + 8]: globals }));
  }

  /** `fields`: numbers of 8 bytes by their offset. */
  #put(fields: Readonly<Record<number, number>>, bytes: Readonly<Record<number, Uint8Array>> = {}): number {
    const begin = this.#next;
    this.#next += size;
    const view = new DataView(this.#bytes.buffer, begin, size);
    for (const [at, value] of Object.entries(fields)) view.setBigUint64(Number(at), BigInt(value), true);
    for (const [at, value] of Object.entries(bytes)) this.#bytes.set(value, begin + Number(at));
    return start + begin;
  }

  #type(flag: number): number {
    return this.#put({ [this.#layout.type.flags]: flag });
  }

  #int(value: number): number {
    const { object, long, minor } = this.#layout;
    const digits = [value % 2 ** 30, Math.floor(value / 2 ** 30)] as const;
    const tag = minor < 12 ? 2 : 2 << 3;
    return this.#put({
      ...{ [object.type]: this.#type(TypeFlag.int), [long.tag]: tag },
      [long.digits]: digits[0] + digits[1] * 2 ** 32,
    });
  }

  #text(text: string): number {
    const { object, unicode } = this.#layout;
    const compactAscii = (1 << 2) | (1 << 5) | (1 << 6);
    return this.#put(
      {
        ...{ [object.type]: this.#type(TypeFlag.str), [unicode.length]: text.length },
        [unicode.state]: compactAscii,
      },
      { [unicode.asciiSize]: new TextEncoder().encode(text) },
    );
  }

  /** A general table of eight slots, one of them filled. */
  #dict(key: string, value: number): number {
    const { object, dict, dictKeys } = this.#layout;
    const entries = dictKeys.indices + 8;
    const shape = dictKeys.kind < 0 ? { [dictKeys.size]: 8 } : { 0: 1 };
    const log2 = dictKeys.kind < 0 ? {} : { [dictKeys.log2IndexBytes]: Uint8Array.of(3) };
    const keys = this.#put(
      { ...shape, [dictKeys.entryCount]: 1, [entries + 8]: this.#text(key), [entries + 16]: value },
      log2,
    );
    return this.#put({ [object.type]: this.#type(TypeFlag.dict), [dict.keys]: keys });
  }
}

/** The first memory, and where it has nothing the second. */
export function withMore(first: TargetMemory, second: TargetMemory): TargetMemory {
  const read = (address: number, length: number) =>
    first.read(address, length) ?? second.read(address, length);
  return { read, readMany: (plan, into) => readEach(plan, into, read) };
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeMemory } from '../memory/fake-memory.js';
import { ReadPlan } from '../memory/read-plan.js';
import { CodeObjects } from './code-objects.js';
import type { Layout } from './layout.js';
import { supportedVersion } from './versions.js';

const codeType = 0x10_0000;
const strType = 0x10_1000;
const bytesType = 0x10_2000;
const codeAt = 0x20_0000;
const nameAt = 0x30_0000;
const fileAt = 0x30_1000;
const linesAt = 0x30_2000;

/** A process with one code object, whose parts can be replaced while it is read. */
class FakeProcess extends FakeMemory {
  readonly layout: Layout;
  /** Called before each read. */
  onRead = () => {};

  constructor(minor: number) {
    super();
    this.layout = supportedVersion(3, minor)!.layout;
    for (const [type, name, flag] of [
      [codeType, 'code', 0],
      [strType, 'str', 1 << 28],
      [bytesType, 'bytes', 1 << 27],
    ] as const) {
      const bytes = new Uint8Array(1024);
      this.#u64(bytes, this.layout.type.name, type + 512);
      this.#u32(bytes, this.layout.type.flags, flag);
      bytes.set(new TextEncoder().encode(name), 512);
      this.put(type, bytes);
    }
    this.string(fileAt, 'app.py');
    this.bytes(linesAt, [0, 1]);
  }

  #u64(bytes: Uint8Array, at: number, value: number): void {
    new DataView(bytes.buffer).setBigUint64(at, BigInt(value), true);
  }

  #u32(bytes: Uint8Array, at: number, value: number): void {
    new DataView(bytes.buffer).setUint32(at, value, true);
  }

  string(address: number, text: string): void {
    const { unicode, object } = this.layout;
    const bytes = new Uint8Array(1024);
    bytes[0] = 1;
    this.#u64(bytes, object.type, strType);
    this.#u64(bytes, unicode.length, text.length);
    this.#u32(bytes, unicode.state, (1 << 2) | (1 << 5) | (1 << 6));
    bytes.set(new TextEncoder().encode(text), unicode.asciiSize);
    this.put(address, bytes);
  }

  bytes(address: number, items: readonly number[]): void {
    const bytes = new Uint8Array(1024);
    bytes[0] = 1;
    this.#u64(bytes, this.layout.object.type, bytesType);
    this.#u64(bytes, this.layout.bytes.size, items.length);
    bytes.set(items, this.layout.bytes.data);
    this.put(address, bytes);
  }

  code({ firstLine = 7, version = 0, references = 1 } = {}): void {
    const { code, object } = this.layout;
    const bytes = new Uint8Array(512);
    this.#u64(bytes, 0, references);
    this.#u64(bytes, object.type, codeType);
    for (const at of [code.name, code.qualifiedName]) if (at >= 0) this.#u64(bytes, at, nameAt);
    this.#u64(bytes, code.fileName, fileAt);
    this.#u64(bytes, code.lineTable, linesAt);
    this.#u32(bytes, code.firstLine, firstLine);
    if (this.layout.minor >= 12) this.#u32(bytes, code.firstLine + 24, version);
    this.put(codeAt, bytes);
  }

  override readMany(plan: ReadPlan, into: Uint8Array): number {
    this.onRead();
    return super.readMany(plan, into);
  }
}

function read(process: FakeProcess) {
  return new CodeObjects(process, process.layout, () => 0).read(codeAt);
}

function stillMatches(
  process: FakeProcess,
  identity: NonNullable<ReturnType<typeof read>>['identity'],
): boolean {
  const plan = new ReadPlan();
  const at = identity.addTo(plan);
  const copy = new Uint8Array(plan.bytes);
  assert.equal(process.readMany(plan, copy), plan.bytes);
  return identity.matches(new Uint32Array(copy.buffer), at / 4);
}

for (const minor of [8, 11, 12]) {
  test(`3.${minor}: another function with the same addresses is not the same code`, () => {
    const process = new FakeProcess(minor);
    process.string(nameAt, 'step_1');
    process.code({ version: 5 });
    const { info, identity } = read(process)!;
    assert.equal(info.name, 'step_1');
    assert.equal(info.fileName, 'app.py');
    assert.ok(stillMatches(process, identity));
    process.string(nameAt, 'step_2');
    process.code({ version: 6 });
    assert.ok(!stillMatches(process, identity));
  });

  test(`3.${minor}: references may come and go`, () => {
    const process = new FakeProcess(minor);
    process.string(nameAt, 'step_1');
    process.code({ version: 5 });
    const { identity } = read(process)!;
    process.code({ version: 5, references: 9 });
    assert.ok(stillMatches(process, identity));
  });

  test(`3.${minor}: code that is replaced while it is read has no name`, () => {
    const process = new FakeProcess(minor);
    process.string(nameAt, 'step_1');
    process.code();
    let reads = 0;
    process.onRead = () => {
      if (++reads === 2) process.code({ firstLine: 8 });
    };
    assert.equal(read(process), undefined);
  });

  test(`3.${minor}: code that is freed while it is read has no name, though its fields are still there`, () => {
    const process = new FakeProcess(minor);
    process.string(nameAt, 'step_1');
    process.code();
    let reads = 0;
    process.onRead = () => {
      if (++reads === 2) process.code({ references: 0x7f00_1234_5670 });
    };
    assert.equal(read(process), undefined);
  });

  test(`3.${minor}: a long name is read as well`, () => {
    const process = new FakeProcess(minor);
    const name = 'very_'.repeat(100);
    process.string(nameAt, name);
    process.code();
    assert.equal(read(process)!.info.name, name);
  });
}

test('a version that ran out leaves the names to identify the code', () => {
  const process = new FakeProcess(12);
  process.string(nameAt, 'step_1');
  process.code({ version: 0 });
  const { identity } = read(process)!;
  process.string(nameAt, 'step_2');
  assert.ok(!stillMatches(process, identity));
});

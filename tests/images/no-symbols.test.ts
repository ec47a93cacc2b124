import assert from 'node:assert/strict';
import { test } from 'node:test';
import { segmentFlags } from '../../src/binary/elf/elf.js';
import { readInterpreters, readThreadStates, type ThreadStateInfo } from '../../src/cpython/interpreters.js';
import { type FileReads, findRuntime } from '../../src/cpython/locate/find-runtime.js';
import type { MappedImage, RuntimeLocation } from '../../src/cpython/locate/locate.js';
import { FakeMemory } from '../../src/memory/fake-memory.js';
import type { TargetMemory } from '../../src/memory/target-memory.js';
import { imageTarget } from '../../src/platform/image/image-target.js';
import { findPython } from '../../src/sampler/attach.js';
import { imageOfFixture, stateFixtures } from '../support/images.js';
import { MadeObjects, withMore } from '../support/made-sys.js';
import { PatchedMemory } from '../support/patched-memory.js';

const pageSize = 4096;
const nothing: MappedImage = { path: '/srv/app', mappings: [], open: () => undefined };

/** A process whose only file has no symbols, but these parts of data. Addresses in the file are those in memory. */
class Hidden {
  readonly location: RuntimeLocation;
  readonly threads: ReadonlySet<number>;
  readonly memory: PatchedMemory;
  readonly more = new FakeMemory();
  readonly main: number;
  data: { start: number; length: number }[];

  constructor(fixture: (typeof stateFixtures)[number]) {
    const target = imageTarget(imageOfFixture(fixture));
    this.location = findPython(target)!;
    this.threads = new Set(target.threads!.ids.all());
    const { runtime, layout } = this.location;
    const made = new MadeObjects(layout);
    this.memory = new PatchedMemory(withMore(target.memory, withMore(made, this.more)));
    this.main = readInterpreters(this.memory, layout, runtime).at(-1)!.address;
    this.setVersion = (hex) => this.memory.set(this.main + layout.interpreter.modules, made.modules(hex));
    this.setVersion(this.hex());
    for (const state of this.states()) if (!this.memory.read(state.ident, 8)) this.#putThread(state);
    const page = runtime - (runtime % pageSize);
    this.data = [{ start: page, length: 2 * pageSize }];
  }

  /** The C library's struct, which is read of no Python that has the id elsewhere. */
  #putThread({ ident, nativeId }: ThreadStateInfo): void {
    const bytes = new Uint8Array(4096);
    const view = new DataView(bytes.buffer);
    view.setBigUint64(0, BigInt(ident), true);
    view.setInt32(720, nativeId, true);
    this.more.put(ident, bytes);
  }

  readonly setVersion: (hex: number) => void;

  /** What the layout is of. */
  hex(minor = this.location.layout.minor): number {
    return 0x0300_04f0 + minor * 0x1_0000;
  }

  states() {
    return readThreadStates(this.memory, this.location.layout, this.main);
  }

  find(memory: TargetMemory = this.memory, threads = this.threads): RuntimeLocation | undefined {
    const image = {
      ...nothing,
      mappings: this.data.map(({ start }) => ({ start, offset: start, permissions: 'rw-p' })),
    };
    const reads: FileReads = {
      content: () => undefined,
      head: () => ({
        firstPage: new Uint8Array(0),
        // The file has as much as a CPython has at least.
        segments: this.data.map(({ start, length }) => ({
          ...{ flags: segmentFlags.write, offset: start, address: start },
          ...{ fileSize: 2 << 20, memorySize: length },
        })),
      }),
    };
    return findRuntime([image], memory, reads, () => threads);
  }
}

for (const fixture of stateFixtures.filter(
  ({ minor, isEmulated }) => minor >= 7 && minor <= 12 && !isEmulated,
)) {
  const { name, minor } = fixture;

  test(`the runtime of ${name} is found by its structure`, () => {
    const hidden = new Hidden(fixture);
    const found = hidden.find();
    assert.equal(found?.runtime, hidden.location.runtime);
    assert.deepEqual(found?.layout, hidden.location.layout);
    assert.equal(found?.version, `3.${minor}.4`);
    assert.equal(found?.image, '/srv/app');
  });

  test(`what may be the runtime of ${name} is none when a part of it does not fit`, () => {
    const { layout } = new Hidden(fixture).location;
    const changes: Readonly<Record<string, (hidden: Hidden) => void>> = {
      'another version': (hidden) => hidden.setVersion(hidden.hex(minor + 10)),
      'no version': (hidden) => hidden.memory.set(hidden.main + layout.interpreter.modules, 0),
      'a thread state of another interpreter': (hidden) =>
        hidden.memory.set(hidden.states()[0]!.address + layout.threadState.interpreter, 0),
      'a main interpreter that is not the oldest': ({ memory, main }) =>
        memory.set(main + layout.interpreter.next, main),
      'a main interpreter with a number': ({ memory, main }) => memory.set(main + layout.interpreter.id, 3),
      'threads that the C library does not know': (hidden) => {
        for (const { ident } of hidden.states()) hidden.memory.set(ident, 0);
      },
      'frames that are none': (hidden) => {
        // It leads to a thread state, which is no frame.
        const pointer =
          hidden.main + layout.interpreter.threadsHead - Math.max(0, layout.cFrame.currentFrame);
        for (const { address } of hidden.states())
          hidden.memory.set(address + layout.threadState.frame, pointer);
      },
    };
    for (const [what, change] of Object.entries(changes)) {
      const hidden = new Hidden(fixture);
      change(hidden);
      assert.equal(hidden.find(), undefined, what);
    }
    const hidden = new Hidden(fixture);
    assert.equal(hidden.find(hidden.memory, new Set([1 << 22])), undefined, 'threads of another process');
  });

  test(`of two runtimes of ${name} none is chosen`, () => {
    const hidden = new Hidden(fixture);
    const [first] = hidden.data;
    const copy = first!.start + 0x1000_0000;
    for (let done = 0; done < first!.length; done += pageSize) {
      const page = hidden.memory.read(first!.start + done, pageSize);
      if (page) hidden.more.put(copy + done, page);
    }
    hidden.data.push({ start: copy, length: first!.length });
    assert.throws(() => hidden.find(), { code: 'build-unsupported', message: /several Pythons/ });
  });
}

test('data that looks like runtimes everywhere is searched in bounded time', () => {
  const hidden = new Hidden(stateFixtures.find(({ minor }) => minor === 9)!);
  const [head] = hidden.data;
  const words = new BigUint64Array(1 << 17);
  const pointer = BigInt(hidden.main);
  for (let at = 0; at < words.length; at++) words[at] = at % 4 === 3 ? 1n : pointer;
  let reads = 0;
  const start = 0x6000_0000_0000;
  hidden.more.put(start, new Uint8Array(words.buffer));
  hidden.data = [...Array.from({ length: 3 }, () => ({ start, length: words.byteLength })), head!];
  const counting: TargetMemory = {
    read(address, length) {
      reads++;
      return hidden.memory.read(address, length);
    },
    readMany: (plan, into) => hidden.memory.readMany(plan, into),
  };
  assert.equal(hidden.find(counting), undefined);
  assert.ok(reads < 1_000_000, `${reads} reads`);
});

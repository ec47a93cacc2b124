import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeMemory } from '../memory/fake-memory.js';
import { KnownBytes } from '../memory/known-bytes.js';
import { ReadPlan } from '../memory/read-plan.js';
import type { NodeId } from '../model/ids.js';
import type { CodeTable, KnownCode } from './code-table.js';
import { CheckedStack, NameCheck } from './name-check.js';
import { StackWorld } from './stacks/stack-world.js';

const [outer, inner] = [0x1000, 0x2000];

/** Two functions in memory, a number each, that may be replaced by others; and who knows and checks them. */
class World {
  readonly memory = new FakeMemory();
  readonly stacks: StackWorld;
  readonly check: NameCheck;
  readonly checked = new CheckedStack();
  /** Addresses that were read again to learn their code. */
  readonly learnt: number[] = [];
  /** Regions that were read to compare. */
  compared = 0;
  clock = -10_000;
  readonly #known = new Map<number, KnownCode>();

  constructor(codes: readonly number[] = [outer, inner]) {
    this.stacks = new StackWorld((address) => this.#known.get(address));
    for (const code of codes) {
      this.put(code, 1);
      this.#learn(code);
    }
    for (const code of codes.slice(1)) this.stacks.prove(outer, code);
    const table = {
      learntAt: 0,
      at: (address: number) => this.#known.get(address),
      learn: (address: number) => {
        this.learnt.push(address);
        this.stacks.tree.forgetCode(this.stacks.sites.codeAt(address));
        this.stacks.sites.forget(address);
        this.stacks.prove(outer, address);
        return this.#learn(address);
      },
    } as unknown as CodeTable;
    const memory = {
      read: (address: number, length: number) => this.memory.read(address, length),
      readMany: (plan: ReadPlan, into: Uint8Array) => {
        this.compared += plan.count;
        return this.memory.readMany(plan, into);
      },
    };
    this.check = new NameCheck(memory, this.stacks.tree, table);
  }

  put(code: number, number: number): void {
    this.memory.put(code, Uint8Array.of(number, 0, 0, 0, 0, 0, 0, 0));
  }

  #learn(address: number): KnownCode {
    const bytes = this.memory.read(address, 8)!;
    const identity = KnownBytes.of([{ address, bytes, ignoredFrom: 0, ignoredTo: 0 }]);
    const code = { address, identity, since: this.clock, checkedAt: this.clock } as KnownCode;
    this.#known.set(address, code);
    return code;
  }

  /** The node of a stack with these functions, the innermost first. */
  node(...codes: number[]): NodeId {
    return this.stacks.judge(codes).node;
  }

  /** What a tick copies besides frames. */
  copy(): Uint32Array {
    const plan = new ReadPlan();
    this.check.addTo(plan);
    const bytes = new Uint8Array(plan.bytes);
    this.memory.readMany(plan, bytes);
    return new Uint32Array(bytes.buffer);
  }

  verdict(node: NodeId, copiedAt: number, copy?: Uint32Array, passed = 1000) {
    this.compared = 0;
    this.clock = copiedAt + 5;
    return this.check.verdict(this.checked, node, copiedAt, passed, copy);
  }
}

test('code that is new to a stack is compared, code that stays is not', () => {
  const world = new World();
  assert.equal(world.verdict(world.node(outer), 1000), 'right');
  assert.equal(world.compared, 1);
  assert.equal(world.verdict(world.node(inner, outer), 1001), 'right');
  assert.equal(world.compared, 1);
  assert.equal(world.verdict(world.node(inner, outer), 1001.2), 'right');
  assert.equal(world.compared, 0);
});

test('code that stays is compared again after a part of the time for which it is known', () => {
  const world = new World();
  const second = 1e6;
  world.verdict(world.node(inner, outer), second);
  assert.equal(world.verdict(world.node(inner, outer), second + second / 1024 / 2), 'right');
  assert.equal(world.compared, 0);
  world.put(inner, 2);
  assert.equal(world.verdict(world.node(inner, outer), second + second / 1024 + 100), 'renamed');
  assert.deepEqual(world.learnt, [inner]);
});

test('code that is new to a stack and was seen lately is not compared for that', () => {
  const world = new World();
  const second = 1e6;
  world.verdict(world.node(outer), second);
  world.verdict(world.node(inner, outer), second);
  world.verdict(world.node(outer), second + 100);
  assert.equal(world.verdict(world.node(inner, outer), second + 200), 'right');
  assert.equal(world.compared, 0);
});

test('a stack with code that was replaced is not found any more, and those below it are', () => {
  const world = new World();
  const [callers, stack] = [world.node(outer), world.node(inner, outer)];
  world.put(inner, 2);
  assert.equal(world.verdict(stack, 1000), 'renamed');
  assert.notEqual(world.node(inner, outer), stack);
  assert.equal(world.node(outer), callers);
  assert.equal(world.stacks.tree.knownPart(stack), callers);
});

test('what is learnt long after the copy is late, and right once the stack was read again', () => {
  const world = new World();
  const stack = world.node(inner, outer);
  world.put(inner, 2);
  world.verdict(stack, 1000);
  const again = world.node(inner, outer);
  // Its name was read at 1005: 4,005 µs after a copy at -3000.
  assert.equal(world.check.verdict(world.checked, again, -3000, 1000, undefined), 'late');
  assert.equal(world.check.outermostLate, again);
  assert.equal(world.verdict(again, 1010), 'right');
});

test('an address that was reused is copied with every tick, and a name that fits the copy is never late', () => {
  const world = new World();
  world.put(inner, 2);
  world.verdict(world.node(inner, outer), 1000);
  assert.ok(world.check.changed);
  world.put(inner, 3);
  const copy = world.copy();
  assert.equal(copy.length, 2);
  // A second passes before the sampler gets the processor again.
  world.clock = 1e6;
  const stack = world.node(inner, outer);
  assert.equal(world.check.verdict(world.checked, stack, 2000, 1000, copy), 'renamed');
  const again = world.node(inner, outer);
  assert.equal(world.check.verdict(world.checked, again, 2000, 1000, copy), 'right');
});

test('what was copied counts, not what lies there a moment later', () => {
  const world = new World();
  world.put(inner, 2);
  world.verdict(world.node(inner, outer), 1000);
  world.verdict(world.node(inner, outer), 1010, world.copy());
  const copy = world.copy();
  world.put(inner, 3);
  assert.equal(world.verdict(world.node(inner, outer), 1020, copy), 'right');
});

test('few addresses are copied with every tick, and none that was not reused of late', () => {
  const second = 1e6;
  const many = Array.from({ length: 50 }, (_, at) => inner + at * 0x1000);
  const world = new World([outer, ...many]);
  for (const [at, code] of many.entries()) {
    world.put(code, 2);
    world.verdict(world.node(code, outer), (1 + at / 100) * second);
  }
  assert.equal(world.copy().length, 32 * 2);
  world.check.review(2 * second);
  assert.equal(world.copy().length, 32 * 2);
  world.check.review(7 * second);
  assert.equal(world.copy().length, 0);
});

test('above 20,000 samples a second names are compared at intervals', () => {
  const world = new World();
  const compared = (passed: number) => {
    const begin = world.clock + 100_000;
    let count = 0;
    for (let sample = 0; sample < 200; sample++) {
      world.put(inner, sample % 2);
      world.verdict(world.node(inner, outer), begin + sample * 10, undefined, passed);
      count += world.compared > 0 ? 1 : 0;
    }
    return count;
  };
  assert.ok(compared(1000) > 100);
  assert.ok(compared(10) < 20);
});

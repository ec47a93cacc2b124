import assert from 'node:assert/strict';
import { test } from 'node:test';
import { python3_10 } from '../cpython/layouts/python3_10.js';
import { python3_12 } from '../cpython/layouts/python3_12.js';
import { FakeMemory } from '../memory/fake-memory.js';
import { ReadPlan } from '../memory/read-plan.js';
import { InterpreterState } from './interpreter-state.js';

const base = 0x100000;
const interpreter = base + 0x1000;
const [first, second] = [base + 0x20000, base + 0x21000];

/** An interpreter of each kind: with a lock of its own (3.12), and with the one of the runtime (3.10). */
for (const layout of [python3_12, python3_10]) {
  const isOfRuntime = layout.runtime.gil >= 0;
  const lock = isOfRuntime ? base + layout.runtime.gil : base + 0x8000;

  function words() {
    const bytes = new DataView(new ArrayBuffer(0x30000));
    const memory = new FakeMemory();
    const put = (address: number, value: number) => bytes.setBigUint64(address - base, BigInt(value), true);
    const tick = () => {
      memory.put(base, new Uint8Array(bytes.buffer.slice(0)));
      const plan = new ReadPlan();
      it.addTo(plan);
      const copy = new Uint8Array(plan.bytes);
      assert.equal(memory.readMany(plan, copy), plan.bytes);
      it.read(new Uint32Array(copy.buffer));
      return it;
    };
    put(interpreter + layout.interpreter.threadsHead, first);
    if (!isOfRuntime) put(interpreter + layout.interpreter.gil, lock);
    memory.put(base, new Uint8Array(bytes.buffer.slice(0)));
    const it = new InterpreterState(memory, layout, base, interpreter);
    const take = (thread: number, switches: number) => {
      put(lock + layout.gil.lastHolder, thread);
      put(lock + layout.gil.switches, switches);
      if (isOfRuntime) put(base + layout.runtime.gilThreadState, thread);
      else put(lock + layout.gil.locked, 1);
    };
    const release = () =>
      put(isOfRuntime ? base + layout.runtime.gilThreadState : lock + layout.gil.locked, 0);
    return { tick, take, release, put };
  }

  test(`the GIL is handed on when another took it, not when the last holder did again, on 3.${layout.minor}`, () => {
    const { tick, take, release } = words();
    take(first, 1);
    assert.equal(tick().handedOn, true);
    assert.equal(tick().handedOn, false);
    release();
    const released = tick();
    assert.deepEqual([released.handedOn, released.holder, released.lastHolder], [false, 0, first]);
    take(first, 1);
    const again = tick();
    assert.deepEqual([again.handedOn, again.holder], [false, first]);
    take(second, 2);
    const other = tick();
    assert.deepEqual([other.handedOn, other.holder], [true, second]);
  });

  test(`a GIL that went to another and came back was handed on, on 3.${layout.minor}`, () => {
    const { tick, take } = words();
    take(first, 1);
    tick();
    take(first, 3);
    assert.equal(tick().handedOn, true);
  });

  test(`a new thread at the head of the list is noticed, on 3.${layout.minor}`, () => {
    const { tick, put } = words();
    assert.equal(tick().headMoved, false);
    put(interpreter + layout.interpreter.threadsHead, second);
    assert.equal(tick().headMoved, true);
  });
}

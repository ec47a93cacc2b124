import assert from 'node:assert/strict';
import { readInterpreters } from '../../src/cpython/interpreters.js';
import { deepestStack } from '../../src/cpython/stack/reading.js';
import { readPointer } from '../../src/memory/pointers.js';
import { type Attached, attach } from '../../src/sampler/attach.js';
import { takeSnapshot } from '../../src/sampler/snapshot.js';
import { eachPython, type TestPython } from '../support/pythons.js';
import { programFile, type Target, withTarget } from '../support/targets.js';

/** A program that writes into its own memory what a test says, and where it has room for more. */
interface Poked {
  readonly target: Target;
  readonly attached: Attached;
  readonly room: number;
  readonly interpreter: number;
  poke(writes: readonly (readonly [address: number, bytes: Buffer])[]): Promise<void>;
}

function withPoked(python: TestPython, act: (poked: Poked) => Promise<void>): Promise<void> {
  return withTarget(python, programFile('pokes.py'), async (target) => {
    const room = Number(await target.line());
    const attached = attach(target.pid);
    try {
      const { layout, runtime } = attached.location;
      await act({
        ...{ target, attached, room },
        interpreter: readPointer(attached.live.memory, runtime + layout.runtime.interpretersHead),
        async poke(writes) {
          target.say(JSON.stringify(writes.map(([address, bytes]) => [address, bytes.toString('hex')])));
          assert.equal(await target.line(), 'done');
        },
      });
    } finally {
      attached.live.close();
    }
  });
}

function pointer(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

eachPython('an interpreter whose next is itself is one', (python) =>
  withPoked(python, async ({ attached, interpreter, poke }) => {
    const { layout, runtime } = attached.location;
    await poke([[interpreter + layout.interpreter.next, pointer(interpreter)]]);
    assert.equal(readInterpreters(attached.live.memory, layout, runtime).length, 1);
  }),
);

/** As many as make 24 readings of the longest stack each take minutes. */
const threads = 1500;
const frames = 70_000;
/** Seconds of CPU; on an idle machine it takes two. */
const longest = 15;

for (const [what, next] of [
  ['point to themselves', (frame: number) => frame],
  [
    'have no end',
    (frame: number, first: number, size: number) => first + ((frame - first + size) % (frames * size)),
  ],
] as const) {
  eachPython(`${threads} threads whose frames ${what} are read within a bound`, (python) =>
    withPoked(python, async ({ target, attached, room, interpreter, poke }) => {
      const { threadState, frame, cFrame, interpreter: ofInterpreter } = attached.location.layout;
      const frameSize =
        Math.ceil((Math.max(frame.previous, frame.code, frame.instruction, frame.owner) + 8) / 8) * 8;
      const stateSize = Math.ceil((Math.max(...Object.values(threadState)) + 8) / 8) * 8;
      const allFrames = Buffer.alloc(frames * frameSize);
      for (let at = 0; at < allFrames.length; at += frameSize)
        allFrames.writeBigUInt64LE(BigInt(next(room + at, room, frameSize)), at + frame.previous);
      const states = room + allFrames.length;
      // Up to 3.12 there is a struct between, whose place is that of the frame's pointer here.
      const link = states - 64;
      const current = cFrame.currentFrame < 0 ? room : link - cFrame.currentFrame;
      allFrames.writeBigUInt64LE(BigInt(room), allFrames.length - 64);
      const allStates = Buffer.alloc(threads * stateSize);
      const head = readPointer(attached.live.memory, interpreter + ofInterpreter.threadsHead);
      for (let thread = 0; thread < threads; thread++) {
        const at = thread * stateSize;
        const following = thread + 1 < threads ? states + at + stateSize : head;
        allStates.writeBigUInt64LE(BigInt(following), at + threadState.next);
        allStates.writeBigUInt64LE(BigInt(interpreter), at + threadState.interpreter);
        allStates.writeBigUInt64LE(BigInt(current), at + threadState.frame);
        allStates.writeBigUInt64LE(BigInt(thread + 1), at + threadState.threadId);
      }
      assert.ok(allFrames.length + allStates.length < 16 << 20);
      assert.ok(frames > deepestStack);
      await poke([
        [room, allFrames],
        [states, allStates],
        [interpreter + ofInterpreter.threadsHead, pointer(states)],
      ]);
      const before = process.cpuUsage();
      const { threads: found } = takeSnapshot(target.pid, attached, {});
      const { user, system } = process.cpuUsage(before);
      assert.equal(found.length, threads + 1);
      assert.ok((user + system) / 1e6 < longest, `${(user + system) / 1e6} s`);
      // The program's own thread comes first, and is read as ever.
      assert.equal(found[0]!.frames.at(-1)?.name, '<module>');
      assert.ok(
        found.every((thread) => thread.frames.length === 0 || thread === found[0] || thread.truncated),
      );
    }),
  );
}

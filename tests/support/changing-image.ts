import { gilAddress } from '../../src/cpython/gil.js';
import { readInterpreters, readThreadStates } from '../../src/cpython/interpreters.js';
import type { RuntimeLocation } from '../../src/cpython/locate/locate.js';
import { FakeThreads } from '../../src/platform/fake-threads.js';
import { imageTarget } from '../../src/platform/image/image-target.js';
import type { Target } from '../../src/platform/target.js';
import { findPython } from '../../src/sampler/attach.js';
import { type ImageFixture, imageOfFixture } from './images.js';
import { PatchedMemory } from './patched-memory.js';
import { SampledProcess } from './sampled-process.js';

const images = new Map<string, { readonly target: Target; readonly location: RuntimeLocation }>();

/** Each image is read once: what a test changes is not within it. */
function imageOf(fixture: ImageFixture) {
  const known = images.get(fixture.name);
  if (known) return known;
  const target = imageTarget(imageOfFixture(fixture));
  const image = { target, location: findPython(target)! };
  images.set(fixture.name, image);
  return image;
}

/** An image whose memory and threads the test changes while it is sampled. */
export function changingImage(fixture: ImageFixture) {
  const { target, location } = imageOf(fixture);
  const { layout, runtime } = location;
  const kernel = new FakeThreads(target.threads!.ids.all());
  // Nothing but its threads changes it.
  const memory = new PatchedMemory(target.memory, () => kernel.wake());
  const interpreter = readInterpreters(memory, layout, runtime)[0]!.address;
  const threadStates = readThreadStates(memory, layout, interpreter).map(({ address }) => address);
  const frameOf = (state: number) => state + layout.threadState.frame;
  const lock = gilAddress(memory, layout, runtime, interpreter);
  const collector =
    layout.runtime.gc >= 0 ? runtime + layout.runtime.gc : interpreter + layout.interpreter.gc;
  let switches = 100;
  return {
    ...{ target, location, memory, kernel, threadStates, lock, interpreter },
    head: interpreter + layout.interpreter.threadsHead,
    sample: () => new SampledProcess({ memory, location, kernel }),
    /** Thread states of which the current frame was read since this was last asked. */
    read() {
      const read = threadStates.filter((state) => memory.seen.has(frameOf(state)));
      memory.seen.clear();
      return read;
    },
    /** Another thread takes the GIL; Python 2 does not note who was the last. */
    handOn(state: number) {
      if (layout.gil.lastHolder < 0) return;
      memory.set(lock + layout.gil.lastHolder, state);
      memory.set(lock + layout.gil.switches, ++switches);
    },
    /** Who has it now; 0: nobody. */
    hold(state: number) {
      if (layout.runtime.gilThreadState >= 0) memory.set(runtime + layout.runtime.gilThreadState, state);
      else memory.setInt(lock + layout.gil.locked, state === 0 ? 0 : 1);
    },
    collect: (isOn: boolean) => memory.setInt(collector + layout.gc.collecting, isOn ? 1 : 0),
  };
}

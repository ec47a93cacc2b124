import type { GreenletSnapshot, GreenletsSnapshot, ThreadSnapshot } from '../../model/snapshot.js';
import { type StackTextOptions, stackLines } from './stack-text.js';
import type { ShownStack } from './task-tree.js';

const words = { noun: 'greenlet', of: '', elsewhere: 'in a thread that is not known' };

/** The greenlets by thread. */
export function greenletLines(
  { greenlets, unread, isComplete }: GreenletsSnapshot,
  threads: readonly ThreadSnapshot[],
  options: StackTextOptions,
): Generator<string> {
  return stackLines({ stacks: greenlets.map(shown), unread, isComplete }, words, threads, options);
}

function shown(greenlet: GreenletSnapshot): ShownStack {
  const { frames, state, threadId } = greenlet;
  return {
    ...greenlet,
    ...{ name: nameOf(greenlet), isCancelling: false, loop: threadId, awaitedBy: [] },
    // What runs stands with its thread.
    frames: state === 'running' ? [] : frames,
  };
}

/** One that has no name goes by its address, as its `repr` does. */
function nameOf({ id, name, type, kind }: GreenletSnapshot): string {
  if (kind === 'main') return 'main greenlet of the thread';
  const known = name === '' ? `${type.slice(type.lastIndexOf('.') + 1)} 0x${id.toString(16)}` : name;
  return kind === 'hub' ? `hub (${known})` : known;
}

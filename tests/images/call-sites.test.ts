import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MomentMemory } from '../../src/memory/moment-memory.js';
import { readPointer } from '../../src/memory/pointers.js';
import { CallSites } from '../../src/sampler/evidence/call-sites.js';
import { Sites } from '../../src/sampler/stacks/sites.js';
import { changingImage } from '../support/changing-image.js';
import { stateFixtures } from '../support/images.js';

/** The call at which the first thread stands that calls something by name, of a copy that was made before `change`. */
function nameAfter(change: 'none' | 'names gone'): string | undefined {
  const { memory, location, threadStates } = changingImage(stateFixtures.at(-1)!);
  const { layout } = location;
  for (const state of threadStates) {
    const frame = readPointer(memory, state + layout.threadState.frame);
    const code = readPointer(memory, frame + layout.frame.code);
    const address = code - (code % 8);
    const sites = new Sites();
    const learning = new MomentMemory(memory, { now: 1 });
    const callSites = new CallSites(learning, layout, sites);
    const site = sites.siteAt(address, readPointer(memory, frame + layout.frame.instruction) % 2 ** 32);
    learning.read(address, 8);
    if (change === 'names gone') memory.set(address + layout.code.names, 0);
    const name = callSites.nameAt(site);
    if (callSites.callAt(site) !== 0) return callSites.names.nameOf(name);
  }
  return undefined;
}

test('a code object that was replaced since its page was copied is read anew', () => {
  assert.notEqual(nameAfter('none') ?? '', '');
  assert.equal(nameAfter('names gone') ?? '', '');
});

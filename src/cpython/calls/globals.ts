import type { TargetMemory } from '../../memory/target-memory.js';
import type { Layout } from '../layout.js';
import { dictEntries, dictValue } from '../objects/dicts.js';

const mostGlobals = 100_000;

/** The object that a frame's dict of globals has under a name; 0: none, or it cannot be read. */
export function readGlobal(memory: TargetMemory, layout: Layout, globals: number, name: string): number {
  return dictValue(memory, layout, dictEntries(memory, layout, globals, mostGlobals), name);
}

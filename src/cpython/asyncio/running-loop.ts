import { isPointer, readPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { Layout } from '../layout.js';
import { dictEntries, dictValue } from '../objects/dicts.js';
import type { AsyncioLayout } from './asyncio-layout.js';

const mostEntries = 1000;

/**
 * Up to 3.13: address of the loop that runs in the thread with that state, whatever it is written in; 0: none. From
 * 3.14 on there is `TaskReader.threads`. When no loop runs any more it may be another object, so it is one only when
 * tasks say so, too.
 */
export function runningLoop(
  memory: TargetMemory,
  layout: Layout,
  { thread }: AsyncioLayout,
  threadState: number,
): number {
  if (thread.dict < 0) return thread.loop < 0 ? 0 : orNone(readPointer(memory, threadState + thread.loop));
  const dict = readPointer(memory, threadState + thread.dict);
  const entries = dictEntries(memory, layout, dict, mostEntries);
  const kept = dictValue(memory, layout, entries, '__asyncio_running_event_loop__');
  return thread.loop < 0 || kept === 0 ? kept : orNone(readPointer(memory, kept + thread.loop));
}

function orNone(address: number): number {
  return isPointer(address) ? address : 0;
}

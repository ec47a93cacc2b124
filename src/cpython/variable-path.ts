import { isPointer } from '../memory/pointers.js';
import type { TargetMemory } from '../memory/target-memory.js';
import type { PathStep } from '../model/variable-path.js';
import type { Layout } from './layout.js';
import { dictEntries, dictValue } from './objects/dicts.js';
import { attributeOf } from './objects/instances.js';
import type { FoundStrings } from './objects/strings.js';
import { tupleItems } from './objects/tuples.js';

/** Entries of a dict that are looked at: an environ has some 40. */
const mostEntries = 1000;

/** The object to which the steps lead from another one; 0 when they lead nowhere, or it cannot be read. */
export function followSteps(
  memory: TargetMemory,
  layout: Layout,
  from: number,
  steps: readonly PathStep[],
  known?: FoundStrings,
): number {
  let object = from;
  for (const step of steps) {
    if (!isPointer(object)) return 0;
    if ('attribute' in step) object = attributeOf(memory, layout, object, step.attribute, known);
    else if ('key' in step)
      object = dictValue(memory, layout, dictEntries(memory, layout, object, mostEntries), step.key, known);
    else object = tupleItems(memory, layout, object, step.index + 1)[step.index] ?? 0;
  }
  return isPointer(object) ? object : 0;
}

import { readPointer } from '../memory/pointers.js';
import { withReadBudget } from '../memory/read-budget.js';
import type { TargetMemory } from '../memory/target-memory.js';
import type { Layout } from './layout.js';
import { dictEntries, dictValue } from './objects/dicts.js';
import { attributeOf } from './objects/instances.js';
import { readInt } from './objects/integers.js';
import { type FoundStrings, readString } from './objects/strings.js';

const mostModules = 50_000;
const mostThreads = 20_000;
const longestName = 200;
/** Regions read in all, twice what that many ordinary threads need: memory made to mislead ends there. */
const mostReads = 1_000_000;

/**
 * Names that `threading` gives the threads of an interpreter, by ident (`pthread_self()`). Empty when it is not
 * imported.
 */
export function readThreadNames(
  target: TargetMemory,
  layout: Layout,
  interpreter: number,
): Map<number, string> {
  const memory = withReadBudget(target, mostReads);
  return namesIn(memory, layout, findActiveThreads(memory, layout, interpreter));
}

/**
 * Address of `threading._active`, the dict from idents to threads, which is one and the same as long as the module
 * is; 0: not imported. `known`: where names of modules and variables were found before.
 */
export function findActiveThreads(
  target: TargetMemory,
  layout: Layout,
  interpreter: number,
  known?: FoundStrings,
): number {
  const memory = withReadBudget(target, mostReads);
  const modules = dictEntries(
    memory,
    layout,
    readPointer(memory, interpreter + layout.interpreter.modules),
    mostModules,
  );
  const threading = dictValue(memory, layout, modules, 'threading', known);
  if (threading === 0) return 0;
  // PyModuleObject (Include/internal/pycore_moduleobject.h): md_dict follows the object header.
  const globals = dictEntries(
    memory,
    layout,
    readPointer(memory, threading + layout.object.type + 8),
    mostModules,
  );
  return dictValue(memory, layout, globals, '_active', known);
}

/**
 * Names in `threading._active`, by ident; `wanted`: only of these, since each name takes a dozen reads. `known`: where
 * names of attributes were found before.
 */
export function namesIn(
  target: TargetMemory,
  layout: Layout,
  active: number,
  wanted?: ReadonlySet<number>,
  known?: FoundStrings,
): Map<number, string> {
  const memory = withReadBudget(target, mostReads);
  const names = new Map<number, string>();
  // Of Python 2 it is private to its class: `__name`.
  const attribute = layout.python2 ? '_Thread__name' : '_name';
  // The newest come last.
  const entries = dictEntries(memory, layout, active, mostThreads).reverse();
  for (const { key, value } of entries) {
    if (wanted && names.size === wanted.size) break;
    const ident = readInt(memory, layout, key) ?? 0;
    if (ident <= 0 || wanted?.has(ident) === false) continue;
    const name = readString(
      memory,
      layout,
      attributeOf(memory, layout, value, attribute, known),
      longestName,
    );
    if (name !== undefined) names.set(ident, name);
  }
  return names;
}

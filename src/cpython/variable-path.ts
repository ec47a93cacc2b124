import { isPointer } from '../memory/pointers.js';
import type { TargetMemory } from '../memory/target-memory.js';
import type { Layout } from './layout.js';
import { dictEntries, dictValue } from './objects/dicts.js';
import { attributeOf } from './objects/instances.js';
import { tupleItems } from './objects/tuples.js';

/**
 * Where a text lies, from a local variable of a frame on: `environ['PATH_INFO']`, `ctx.request.url_rule.rule`,
 * `args[0].method`. Attributes are those that an object has itself: nothing is run, so a property leads nowhere.
 */
export interface VariablePath {
  /** The name of the variable. */
  readonly variable: string;
  readonly steps: readonly PathStep[];
}

export type PathStep =
  | { readonly attribute: string }
  | { readonly key: string }
  /** Of a tuple. */
  | { readonly index: number };

const stepPattern = /^(?:\.(?<attribute>[A-Za-z_]\w*)|\['(?<key>[^']+)'\]|\[(?<index>\d{1,3})\])/;
/** No framework needs half as many. */
const mostSteps = 16;
/** Entries of a dict that are looked at: an environ has some 40. */
const mostEntries = 1000;

/** `undefined` when the text is not of that form. */
export function parseVariablePath(text: string): VariablePath | undefined {
  const variable = /^[A-Za-z_]\w*/.exec(text)?.[0];
  if (variable === undefined) return undefined;
  const steps: PathStep[] = [];
  let rest = text.slice(variable.length);
  while (rest !== '') {
    const match = stepPattern.exec(rest);
    if (!match || steps.length === mostSteps) return undefined;
    const { attribute, key, index } = match.groups!;
    if (attribute !== undefined) steps.push({ attribute });
    else if (key !== undefined) steps.push({ key });
    else steps.push({ index: Number(index) });
    rest = rest.slice(match[0].length);
  }
  return { variable, steps };
}

/** The object to which the steps lead from another one; 0 when they lead nowhere, or it cannot be read. */
export function followSteps(
  memory: TargetMemory,
  layout: Layout,
  from: number,
  steps: readonly PathStep[],
): number {
  let object = from;
  for (const step of steps) {
    if (!isPointer(object)) return 0;
    if ('attribute' in step) object = attributeOf(memory, layout, object, step.attribute);
    else if ('key' in step)
      object = dictValue(memory, layout, dictEntries(memory, layout, object, mostEntries), step.key);
    else object = tupleItems(memory, layout, object, step.index + 1)[step.index] ?? 0;
  }
  return isPointer(object) ? object : 0;
}

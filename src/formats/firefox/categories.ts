import { type Category, categoryOf } from '../../analysis/category.js';
import type { FunctionInfo } from '../../model/profile.js';
import type { FirefoxCategory } from './firefox-profile.js';

/** The first grey one is what has no other. `transparent` is what the viewer has for time in which nothing happens. */
const list = [
  { id: 'synthetic', name: 'Other', color: 'grey' },
  { id: 'application', name: 'Application', color: 'orange' },
  { id: 'library', name: 'Library', color: 'blue' },
  { id: 'stdlib', name: 'Standard library', color: 'green' },
  { id: 'c', name: 'C function', color: 'purple' },
  { id: 'waiting', name: 'Waiting', color: 'transparent' },
  { id: 'gil', name: 'Waiting for GIL', color: 'red' },
  { id: 'gc', name: 'Garbage collector', color: 'brown' },
] as const satisfies readonly {
  readonly id: Category | 'waiting' | 'gil' | 'gc';
  readonly name: string;
  readonly color: string;
}[];

export const categories: readonly FirefoxCategory[] = list.map(({ name, color }) => ({
  name,
  color,
  subcategories: ['Other'],
}));

/** Index into `categories`. */
export function categoryNumber(id: (typeof list)[number]['id']): number {
  return list.findIndex((category) => category.id === id);
}

const numberByCategory = new Map(list.map(({ id }, index) => [id as string, index]));

export function functionCategory(fn: FunctionInfo | undefined): number {
  return fn === undefined ? 0 : numberByCategory.get(categoryOf(fn))!;
}

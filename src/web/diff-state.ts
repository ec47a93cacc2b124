import { type DiffPage, type Side, sides } from '../formats/diff/diff-page.js';
import { type Only, onlyChoices } from './diff-rows.js';
import { longestText, zoomOf } from './page-state.js';
import type { ThemeChoice } from './theme.js';

/** Everything that a reader of a comparison chose: it is all in the address of the page. */
export interface DiffState {
  readonly search: string;
  /** Whose calls are drawn. */
  readonly base: Side;
  /** Names of frames from the root to the one that is as wide as the page. */
  readonly zoom: readonly string[];
  /** Index into `DiffPage.functions` of what is marked; -1: nothing. */
  readonly fn: number;
  readonly only: Only;
  readonly theme: ThemeChoice;
}

export function initialDiffState({ base }: Pick<DiffPage, 'base'>): DiffState {
  return { search: '', base, zoom: [], fn: -1, only: 'all', theme: 'auto' };
}

/** What differs from the beginning, as it stands behind `#`. */
export function diffHashOf(state: DiffState, initial: DiffState): string {
  const fields = new URLSearchParams();
  for (const key of ['search', 'base', 'fn', 'only', 'theme'] as const)
    if (state[key] !== initial[key]) fields.set(key, String(state[key]));
  const zoom = JSON.stringify(state.zoom);
  if (state.zoom.length > 0 && zoom.length < longestText) fields.set('zoom', zoom);
  return fields.toString();
}

/** Reads what `diffHashOf` made, or what somebody typed: what is no value of a field counts as not there. */
export function diffStateOf(hash: string, initial: DiffState, functions: number): DiffState {
  const fields = new URLSearchParams(hash.replace(/^#/, ''));
  const one = <T extends string>(key: string, of: readonly T[], usual: T): T =>
    of.find((value) => value === fields.get(key)) ?? usual;
  const fn = Number(fields.get('fn') ?? -1);
  return {
    search: (fields.get('search') ?? '').slice(0, longestText),
    base: one('base', sides, initial.base),
    zoom: zoomOf(fields.get('zoom')),
    fn: Number.isInteger(fn) && fn >= 0 && fn < functions ? fn : -1,
    only: one('only', onlyChoices, initial.only),
    theme: one('theme', ['auto', 'light', 'dark'] as const, initial.theme),
  };
}

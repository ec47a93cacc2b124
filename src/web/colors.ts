import type { Category } from '../analysis/category.js';
import { type ChangeKind, changeKinds } from '../formats/flamegraph/bar-changes.js';

/** What canvases are painted with: the custom properties of styles.css, which has the only list of colours. */
export interface Colors {
  readonly page: string;
  readonly panel: string;
  readonly line: string;
  readonly ink: string;
  readonly soft: string;
  readonly accent: string;
  readonly match: string;
  readonly matchInk: string;
  readonly barInk: string;
  readonly waits: string;
  readonly waitsLine: string;
  /** Three shades each: of the colour, and two that are nearer to the page. */
  readonly bars: Readonly<Record<Category, readonly string[]>>;
  /** Of what changed, the strongest first. */
  readonly changes: Readonly<Record<ChangeKind, readonly string[]>>;
  /** By the number of `timelineStates`. */
  readonly states: readonly string[];
}

const categories: readonly Category[] = ['application', 'library', 'stdlib', 'c', 'synthetic'];
/** How much of the page is in each shade. Towards the page means away from the text: contrast only grows. */
const shades = [0, 0.14, 0.28] as const;
const changeShades = [0, 0.25, 0.5] as const;
/** In the order of `timelineStates`. */
const states = ['gil', 'running', 'gil-wait', 'collecting', 'waiting', 'unknown'] as const;

export function readColors(): Colors {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const page = of('page');
  return {
    ...{ page, panel: of('panel'), line: of('line'), ink: of('ink'), soft: of('soft') },
    ...{ accent: of('accent'), match: of('match'), matchInk: of('match-ink'), barInk: of('bar-ink') },
    ...{ waits: of('waits'), waitsLine: of('waits-line') },
    bars: Object.fromEntries(
      categories.map((category) => [category, shades.map((share) => mix(of(category), page, share))]),
    ) as unknown as Colors['bars'],
    changes: Object.fromEntries(
      changeKinds.map((kind) => [kind, changeShades.map((share) => mix(of(`change-${kind}`), page, share))]),
    ) as unknown as Colors['changes'],
    states: states.map((name) => of(`state-${name}`)),
  };
}

/** A colour with this part of another one; both are `#rrggbb`. */
function mix(color: string, other: string, share: number): string {
  const channels = (text: string) => [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16));
  const [from, to] = [channels(color), channels(other)];
  const mixed = from.map((value, at) => Math.round(value + (to[at]! - value) * share));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

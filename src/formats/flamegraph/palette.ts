import type { Category } from '../../analysis/category.js';
import type { ChangeKind } from './bar-changes.js';

/** Categories in the order of the legend, with what they are called there. */
export const categories: readonly { readonly id: Category; readonly title: string }[] = [
  { id: 'application', title: 'Application' },
  { id: 'library', title: 'Libraries' },
  { id: 'stdlib', title: 'Standard library' },
  { id: 'c', title: 'C functions' },
  { id: 'synthetic', title: 'Threads and states' },
];

/** The class of bars that mostly wait, of their entry in the legend, and of the pattern they are filled with. */
export const waitingClass = 'waits';

export interface Theme {
  readonly page: string;
  readonly panel: string;
  readonly line: string;
  readonly ink: string;
  readonly softInk: string;
  readonly accent: string;
  readonly warning: string;
  readonly bars: Readonly<Record<Category, string>>;
  /** Bars of what changed: red and blue are told apart by those who do not tell red from green. */
  readonly changes: Readonly<Record<ChangeKind, string>>;
  /** Bars that mostly wait are hatched: distinct without colours, and calmer than those that work. */
  readonly waits: string;
  readonly waitsLine: string;
  /** Text on the bars of every category. */
  readonly barInk: string;
  readonly match: string;
  readonly matchInk: string;
}

/**
 * How much of a bar's colour its three shades keep; the rest is the page. A file has one shade, so that neighbours
 * from different modules can be distinguished. Towards the page means away from the text: contrast only grows.
 */
export const shades = [1, 0.84, 0.68] as const;

export const light: Theme = {
  page: '#ffffff',
  panel: '#f6f7f9',
  line: '#dde1e6',
  ink: '#1a1d21',
  softInk: '#59616b',
  accent: '#0b62c4',
  warning: '#b3261e',
  bars: { application: '#ffab40', library: '#8fbdf5', stdlib: '#b9e2cb', c: '#d9a9ee', synthetic: '#dcdfe4' },
  changes: { grew: '#ff8a75', shrank: '#7fb2ff', same: '#dcdfe4' },
  waits: '#eef1f5',
  waitsLine: '#d8dfe8',
  barInk: '#1a1d21',
  match: '#b4106e',
  matchInk: '#ffffff',
};

export const dark: Theme = {
  page: '#15181d',
  panel: '#1e2229',
  line: '#343a44',
  ink: '#eceef1',
  softInk: '#a4adb8',
  accent: '#7db4ff',
  warning: '#ff8a80',
  bars: { application: '#a35200', library: '#2560a8', stdlib: '#1d5a48', c: '#71409a', synthetic: '#454b55' },
  changes: { grew: '#b03a26', shrank: '#1f62b5', same: '#3d434d' },
  waits: '#262e3a',
  waitsLine: '#3a4656',
  barInk: '#f4f5f7',
  match: '#ff8cc8',
  matchInk: '#15181d',
};

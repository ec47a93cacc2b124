import type { Category } from '../../analysis/category.js';
import type { LiveData } from '../../analysis/live/live-profile.js';
import type { Line, Style } from '../line.js';
import { lineWidth } from '../line.js';
import { type Body, bodyOf } from './body.js';
import { nameSpans, numberSpans } from './columns.js';
import { type TimeRow, timeRows } from './time-rows.js';
import type { TopState } from './top-state.js';

/** Functions or lines, a row each. */
export function tableBody(data: LiveData, state: TopState, width: number): Body {
  const rows = timeRows(data, state);
  const matches = matcher(state.filter);
  const shown = state.filter === '' ? rows : rows.filter(({ name, location }) => matches(name, location));
  return bodyOf(shown, rows.length, (row) => rowLine(row, width));
}

function rowLine(row: TimeRow, width: number): Line {
  const numbers = numberSpans(row, width);
  const { name, location, category } = row;
  // A leaf state such as <waiting for GIL> is named by itself.
  const note = row.function < 0 ? '' : waitingNote(row.waitingTime, row.selfTime);
  const named = { name, location, style: styleOf[category], note };
  return [...numbers, ...nameSpans(named, width - lineWidth(numbers))];
}

/** Whose code it is: application code stands out. */
export const styleOf: Readonly<Record<Category, Style>> = {
  application: 'bold',
  library: 'plain',
  stdlib: 'plain',
  c: 'plain',
  synthetic: 'dim',
};

export function waitingNote(waitingTime: number, selfTime: number): string {
  return waitingTime > selfTime / 2 ? 'waiting' : '';
}

/** Whether any of some texts has the filter in it; upper and lower case are the same. */
export function matcher(filter: string): (...texts: string[]) => boolean {
  const wanted = filter.toLowerCase();
  return (...texts) => texts.some((text) => text.toLowerCase().includes(wanted));
}

import type { Change } from '../../analysis/diff/compare.js';
import { formatDuration } from '../../analysis/human-units.js';

/** `+12.0 ms`, with a minus sign that is as wide as the plus. */
export function signed(microseconds: number): string {
  return `${microseconds < 0 ? '−' : '+'}${formatDuration(Math.abs(microseconds))}`;
}

/** `+20%`, `−4.5%`, `×12`, `new` or `gone`; nothing where there is nothing. */
export function growthText({ before, after }: Pick<Change, 'before' | 'after'>): string {
  if (before === after) return '';
  if (before === 0) return 'new';
  if (after === 0) return 'gone';
  const ratio = after / before;
  if (ratio >= 10) return `×${Math.round(ratio)}`;
  return `${ratio < 1 ? '−' : '+'}${growthPercent(Math.abs(ratio - 1))}`;
}

/** `4.5%`, `20%` of 0.2. */
export function growthPercent(growth: number): string {
  const percent = growth * 100;
  return `${percent < 9.95 ? percent.toFixed(1).replace(/\.0$/, '') : Math.round(percent)}%`;
}

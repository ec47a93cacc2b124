import type { Change } from '../../analysis/diff/compare.js';
import type { Basis } from '../../analysis/diff/units.js';
import { formatDuration } from '../../analysis/human-units.js';
import type { BarChange } from '../flamegraph/bar-changes.js';

/** As much of a change as is shown. */
export type ShownChange = Pick<Change, 'before' | 'after' | 'error' | 'verdict'>;

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

/** `+12.0 ms +20%`; within sampling error, how much that is. */
export function changeCell(change: ShownChange): string {
  if (change.before === change.after) return 'same';
  if (change.verdict === 'same') return `± ${formatDuration(change.error)}`;
  return `${signed(change.after - change.before)} ${growthText(change)}`.trimEnd();
}

/**
 * Of what is no change: how far it is known. By itself a difference may be beyond its error, and be within what is seen
 * by chance where so many are compared.
 */
export function unchangedText({ before, after, error }: ShownChange): string {
  if (before === after) return 'same';
  // In a narrow column a line ends before a number, or after it.
  const known = `± ${formatDuration(error)}`.replaceAll(' ', '\u00a0');
  return Math.abs(after - before) <= error ? `within ${known}` : `${known}, may\u00a0be\u00a0chance`;
}

/** What became of a bar; `undefined`: it was not compared. */
export function barChange(change: ShownChange | undefined, basis: Basis): BarChange {
  if (!change) return { kind: 'same', shade: 0, mark: '', text: '' };
  const { before, after, error, verdict } = change;
  const times = `${formatDuration(before)} → ${formatDuration(after)} per ${basis}`;
  if (verdict === 'same')
    return {
      kind: 'same',
      shade: 0,
      mark: '',
      text: `${times}${Math.abs(after - before) <= error ? ', within sampling error' : ', may be chance'} (± ${formatDuration(error)})`,
    };
  return {
    kind: verdict,
    shade: shadeOf(before, after),
    mark: growthText(change),
    text: `${times} (± ${formatDuration(error)})`,
  };
}

/** From a half more, or less, on: the strongest; below a fifth the palest. */
function shadeOf(before: number, after: number): number {
  const part = Math.abs(after - before) / Math.max(before, after);
  return part >= 1 / 3 ? 0 : part >= 1 / 6 ? 1 : 2;
}

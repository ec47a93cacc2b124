import { type Line, lineWidth, type Span, span } from '../line.js';
import { plainText } from '../plain-text.js';
import type { TopState } from './top-state.js';

/**
 * The filter while it is typed, or what was just done, or what keys there are, and how many rows are `below` the
 * screen.
 */
export function lastLine(state: TopState, below: number, notice: string | undefined, width: number): Line {
  if (state.typing) return [span('/', 'bold'), span(plainText(state.filter)), span(' ', 'heading')];
  if (notice !== undefined) return [span(plainText(notice, 400), 'good')];
  const more = below > 0 ? `${below} more` : '';
  const hints = fittingHints(width - (more === '' ? 0 : more.length + 2));
  const gap = width - lineWidth(hints) - more.length;
  return more === '' ? hints : [...hints, span(' '.repeat(Math.max(1, gap))), span(more, 'dim')];
}

const hints = [
  ['q', 'quit'],
  ['?', 'help'],
  ['s', 'sort'],
  ['/', 'filter'],
  ['t', 'tree'],
  ['T', 'threads'],
  ['l', 'lines'],
  ['p', 'pause'],
  ['r', 'reset'],
  ['R', 'routes'],
  ['m', 'mode'],
  ['u', 'application'],
  ['i', 'idle'],
  ['w', 'save'],
  ['o', 'flame graph'],
] as const;

function fittingHints(width: number): Span[] {
  const spans: Span[] = [];
  for (const [key, word] of hints) {
    const next = [span(spans.length === 0 ? '' : '  '), span(key, 'bold'), span(` ${word}`, 'dim')];
    if (lineWidth([...spans, ...next]) > width) break;
    spans.push(...next);
  }
  return spans;
}

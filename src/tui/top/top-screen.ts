import { emptyStack, RunFlag } from '../../model/profile.js';
import { fitLine, type Line, lineWidth, type Size, type Span, span } from '../line.js';
import { plainText } from '../plain-text.js';
import { headingLine } from './columns.js';
import { type About, headerLines, shownLine } from './header.js';
import { helpLines } from './help.js';
import type { TopData } from './live-profile.js';
import { type Body, tableLines } from './table.js';
import { threadLines } from './threads.js';
import type { TopState } from './top-state.js';
import { treeLines } from './tree.js';

export interface Screen {
  /** As many as the screen has rows, none wider than it. */
  readonly lines: readonly Line[];
  /** The first row that is shown: where `state.scroll` was too far, the last that makes sense. */
  readonly scroll: number;
  /** Rows that fit. */
  readonly page: number;
}

export interface Noted extends About {
  /** What was just done, or went wrong; said in the last line. */
  readonly notice?: string;
}

/** The whole screen. Pure: it is made of nothing but what it is given. */
export function topScreen(data: TopData, state: TopState, size: Size, about: Noted): Screen {
  const { columns, rows } = size;
  const body = state.help ? { lines: helpLines(), unfiltered: 0 } : bodyLines(data, state, columns);
  const head = headLines(data, state, body, about, columns);
  // Of a very low screen the rows are the last to go.
  const top = head.slice(0, Math.max(0, rows - 2));
  const page = Math.max(1, rows - top.length - 1);
  const scroll = Math.max(0, Math.min(state.scroll, body.lines.length - page));
  const shown = body.lines.slice(scroll, scroll + page);
  const lines: Line[] = [...top, ...shown];
  while (lines.length < rows - 1) lines.push([]);
  const below = body.lines.length - scroll - shown.length;
  lines.push(lastLine(state, below, about, columns));
  return { lines: lines.slice(0, rows).map((line) => fitLine(line, columns)), scroll, page };
}

/** The table alone, all its rows, with its head: for where nothing is redrawn. */
export function wholeTable(data: TopData, state: TopState, about: About, columns: number): Line[] {
  const body = bodyLines(data, state, columns);
  return [...headLines(data, state, body, about, columns), ...body.lines].map((line) =>
    fitLine(line, columns),
  );
}

function bodyLines(data: TopData, state: TopState, width: number): Body {
  const body =
    state.shown === 'tree'
      ? treeLines(data, state, width)
      : state.shown === 'threads'
        ? threadLines(data, state, width)
        : tableLines(data, state, width);
  return body.lines.length > 0 ? body : { ...body, lines: emptyLines(data, state) };
}

function headLines(data: TopData, state: TopState, body: Body, about: About, width: number): Line[] {
  if (state.help) return [[span('pyglass top', 'bold'), span('   any key goes back', 'dim')], []];
  const sort = state.shown === 'threads' ? undefined : state.sort;
  const heading =
    state.shown === 'threads'
      ? fullHeading(' Thread', width)
      : headingLine(sort, state.shown === 'lines' ? 'Line (filename:line)' : 'Function (filename)', width);
  return [
    ...headerLines(data, about, width),
    shownLine(state, body.unfiltered === 0 ? 0 : body.lines.length, body.unfiltered, width),
    heading,
  ];
}

function fullHeading(title: string, width: number): Line {
  return [span(title.padEnd(width), 'heading')];
}

/** Why there is nothing to see. */
function emptyLines({ profile, totals, counts }: TopData, state: TopState): Line[] {
  const say = (text: string): Line[] => [[], [span(`  ${text}`, 'dim')]];
  if (state.filter !== '')
    return say(`Nothing has “${plainText(state.filter, 40)}” in it. Esc drops the filter.`);
  if (counts.samples === 0) return say('No samples yet.');
  let known = false;
  let frames = false;
  for (let run = 0; run < totals.stack.length; run++) {
    frames ||= totals.stack.at(run) !== emptyStack;
    known ||= (totals.flags.at(run) & (RunFlag.running | RunFlag.waiting)) !== 0;
  }
  if (!frames || profile.threads.length === 0) return say('No thread runs Python.');
  if (state.mode === 'cpu' && !known)
    return say('Time on a CPU is not known of this process. m changes the mode.');
  if (state.mode !== 'wall') return say('No thread spent any such time. m changes the mode.');
  if (state.ownCode) return say('No own code was seen. u shows libraries too.');
  return say('All threads wait for work. i shows where.');
}

function lastLine(state: TopState, below: number, { notice }: Noted, width: number): Line {
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
  ['m', 'mode'],
  ['u', 'own code'],
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

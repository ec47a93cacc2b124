import type { LiveData } from '../../analysis/live/live-profile.js';
import { fitLine, type Line, type Size, span } from '../line.js';
import { type Body, bodyLines, bodyOf } from './body.js';
import { headingLine } from './columns.js';
import { emptyLines } from './empty.js';
import { type About, headerLines, shownLine } from './header.js';
import { helpLines } from './help.js';
import { lastLine } from './last-line.js';
import { routesBody, routesHeading } from './routes.js';
import { tableBody } from './table.js';
import { threadsBody } from './threads.js';
import type { TopState } from './top-state.js';
import { rankOf, treeBody } from './tree.js';

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
export function topScreen(data: LiveData, state: TopState, size: Size, about: Noted): Screen {
  const { columns, rows } = size;
  const found = state.help ? fixedBody(helpLines(columns)) : bodyFor(data, state, columns);
  const head = headLines(data, state, found, about, columns);
  const body = orReason(found, data, state);
  // Of a very low screen the rows are the last to go.
  const top = head.slice(0, Math.max(0, rows - 2));
  const page = Math.max(1, rows - top.length - (state.help ? 0 : 1));
  const scroll = Math.max(0, Math.min(state.scroll, body.count - page));
  const shown = bodyLines(body, scroll, scroll + page);
  const lines: Line[] = [...top, ...shown];
  while (lines.length < top.length + page) lines.push([]);
  const below = body.count - scroll - shown.length;
  if (!state.help) lines.push(lastLine(state, below, about.notice, columns));
  return { lines: lines.slice(0, rows).map((line) => fitLine(line, columns)), scroll, page };
}

/** The table alone, all its rows, with its head: for where nothing is redrawn. */
export function wholeTable(data: LiveData, state: TopState, about: About, columns: number): Line[] {
  const found = bodyFor(data, state, columns);
  // A line with two ends is for the eye: far apart they belong together no longer.
  const head = headLines(data, state, found, about, Math.min(columns, 100));
  const body = orReason(found, data, state);
  return [...head, ...bodyLines(body, 0, body.count)].map((line) => fitLine(line, columns));
}

function bodyFor(data: LiveData, state: TopState, width: number): Body {
  if (state.shown === 'routes') return routesBody(data, state, width);
  if (state.shown === 'tree') return treeBody(data, state, width);
  return state.shown === 'threads' ? threadsBody(data, state, width) : tableBody(data, state, width);
}

function orReason(found: Body, data: LiveData, state: TopState): Body {
  return found.count > 0 ? found : fixedBody(emptyLines(data, state));
}

function fixedBody(lines: readonly Line[]): Body {
  return bodyOf(lines, 0, (line) => line);
}

function headLines(data: LiveData, state: TopState, body: Body, about: About, width: number): Line[] {
  if (state.help) return [[span('pyglass top', 'bold'), span('   any key goes back', 'dim')], []];
  const sort = state.shown === 'tree' ? rankOf[state.sort] : state.sort;
  const heading =
    state.shown === 'routes'
      ? fullHeading(routesHeading(width), width)
      : state.shown === 'threads'
        ? fullHeading(' Thread (its innermost call first)', width)
        : headingLine(sort, state.shown === 'lines' ? 'Line (filename:line)' : 'Function (filename)', width);
  return [...headerLines(data, about, width), shownLine(data, state, body, width), heading];
}

function fullHeading(title: string, width: number): Line {
  return [span(title.padEnd(width), 'heading')];
}

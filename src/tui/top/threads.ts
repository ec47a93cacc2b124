import { categoryOf } from '../../analysis/category.js';
import { frameLocation, functionName } from '../../analysis/labels.js';
import type { LiveData } from '../../analysis/live/live-profile.js';
import { routePattern } from '../../analysis/request-filter.js';
import { walkStack } from '../../analysis/stack-walk.js';
import { type Line, span } from '../line.js';
import { plainText } from '../plain-text.js';
import { type Body, bodyOf } from './body.js';
import { type Named, nameSpans } from './columns.js';
import { matcher, styleOf } from './table.js';
import { type ThreadRow, threadRows } from './thread-rows.js';
import type { TopState } from './top-state.js';

/**
 * Every thread and its last stack, innermost first; of those that wait for work only where they wait, unless asked for.
 */
export function threadsBody(data: LiveData, state: TopState, width: number): Body {
  const rows = threadRows(data);
  const matches = matcher(state.filter);
  const lines: (() => Line)[] = [];
  const isShown = ofRoute(state.route);
  for (const row of rows) {
    if (!isShown(row)) continue;
    const frames = framesOf(data, row, state);
    if (
      !frames.some(({ name, location }) => matches(name, location)) &&
      !matches(titleOf(data, row), routeLabel(row))
    )
      continue;
    lines.push(() => threadLine(data, row));
    const shown = row.state === 'idle' && !state.idle ? frames.slice(0, 1) : frames;
    for (const frame of shown) lines.push(() => [span('    '), ...nameSpans(frame, width - 4)]);
  }
  return bodyOf(lines, rows.length, (line) => line());
}

function titleOf({ profile }: LiveData, { thread }: ThreadRow): string {
  const name = plainText(thread.name, 60) || 'unnamed';
  const pid = profile.processes[thread.process]?.pid;
  const ids = thread.threadId === 0 ? '' : ` (${thread.threadId})`;
  return profile.processes.length > 1 ? `${pid} ${name}${ids}` : `${name}${ids}`;
}

function ofRoute(route: string | undefined): (row: ThreadRow) => boolean {
  if (route === undefined) return () => true;
  const fits = routePattern(route);
  return (row) => row.route !== undefined && fits(row.route ?? '');
}

/** Empty where the thread has no request in hand. */
function routeLabel({ route }: ThreadRow): string {
  return route === undefined ? '' : plainText(route ?? '<unknown route>', 60);
}

function threadLine(data: LiveData, row: ThreadRow): Line {
  const { state, holdsGil } = row;
  const looks = state === 'idle' ? 'dim' : state.startsWith('waiting') ? 'warning' : 'good';
  return [
    span(` ${titleOf(data, row)} `, state === 'idle' ? 'dim' : 'bold'),
    span(` ${state}`, looks),
    span(routeLabel(row) === '' ? '' : `  ${routeLabel(row)}`, 'bold'),
    span(holdsGil ? ', holds the GIL' : '', 'dim'),
  ];
}

function framesOf({ profile }: LiveData, { stack }: ThreadRow, state: TopState): Named[] {
  const naming = { lines: 'current' as const, fullFileNames: state.fullFileNames };
  const frames: Named[] = [];
  walkStack(profile, stack, (at) => {
    const frame = profile.stacks.frame.at(at);
    const info = profile.functions[profile.frames.function.at(frame)];
    const category = info ? categoryOf(info) : 'synthetic';
    if (!info || (state.applicationOnly && category !== 'application')) return true;
    const location = frameLocation(info, profile.frames.line.at(frame), naming);
    frames.push({ name: functionName(info), location, style: styleOf[category], note: '' });
    return true;
  });
  return frames;
}

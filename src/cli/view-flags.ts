import { type Command, InvalidArgumentError, Option } from 'commander';
import { type IdlePattern, parseIdlePattern } from '../analysis/idle.js';
import {
  defaultView,
  type LabelView,
  type Mode,
  modes,
  type RequestView,
  type ViewOptions,
} from '../analysis/view-options.js';
import { formatById, formatForPath, formats } from '../formats/formats.js';
import type { OutputFormat } from '../formats/output-format.js';
import { userAnchor } from '../frameworks/request-anchors.js';
import { routeContext } from '../model/context.js';
import { PyglassError } from '../model/error.js';
import { shortestStep } from '../model/profile.js';
import { nearest } from './nearest.js';

/** The recording itself as an output. */
export const recordingFormat = 'pyglass';
const recordingSuffix = '.pyglass';

export interface ViewFlags {
  readonly format?: string;
  readonly function?: boolean;
  readonly nolineno?: boolean;
  readonly threads?: boolean;
  readonly label?: LabelView;
  readonly byRequest?: boolean;
  readonly request?: string;
  readonly slowerThan?: number;
  readonly loopBlocked?: number;
  readonly gil?: boolean;
  readonly idle?: boolean;
  readonly mode?: Mode;
  readonly idlePattern?: readonly IdlePattern[];
  readonly fullFilenames?: boolean;
  readonly subprocesses?: boolean;
}

export interface SummaryFlags {
  readonly summary?: boolean;
  readonly json?: boolean;
}

/** Adds the flags of views. They mean what they mean in py-spy. */
export function addViewFlags(command: Command, ids: readonly string[]): Command {
  return command
    .addOption(
      new Option('-f, --format <format>', 'output format')
        .choices(ids)
        .default(undefined, suffixes(ids))
        .argParser((id: string) => {
          if (!ids.includes(id)) throw new InvalidArgumentError(unknownFormat(id, ids));
          return id;
        }),
    )
    .option('-F, --function', 'group by function instead of by line')
    .option('--nolineno', 'leave out line numbers')
    .option('-t, --threads', 'add a root frame for each thread')
    .addOption(labelOption())
    .addOption(byRequestOption())
    .addOption(requestOption())
    .addOption(
      new Option('--slower-than <time>', 'show only requests of more than this time: 500ms, 2s').argParser(
        parseTime,
      ),
    )
    .addOption(
      new Option('--loop-blocked <time>', 'say what blocked an event loop of asyncio for longer than this')
        .default(undefined, '50ms')
        .argParser(parseBlocked),
    )
    .addOption(modeOption())
    .option('-g, --gil', 'same as --mode gil')
    .option('-i, --idle', 'include idle threads')
    .addOption(idlePatternOption())
    .option('--full-filenames', 'show full paths of files');
}

export function modeOption(): Option {
  return new Option('--mode <mode>', 'time to count: all, on a CPU, holding the GIL, or waiting for it')
    .choices(modes)
    .default(undefined, 'wall');
}

export function idlePatternOption(): Option {
  return new Option(
    '--idle-pattern <pattern>',
    "count threads with this stack as idle too: 'file.py:function < caller.py:function' (repeatable; docs/idle.md)",
  ).argParser(addIdlePattern);
}

export function byRequestOption(): Option {
  return new Option('--by-request', 'add a root frame for each route of a web application').conflicts(
    'label',
  );
}

export function requestOption(): Option {
  return new Option(
    '--request <route>',
    "show only requests of a route, such as 'GET /slow' (* stands for anything)",
  ).argParser((text: string) => {
    if (text === '') throw new InvalidArgumentError("It is a method and a route, such as 'GET /slow'.");
    return text;
  });
}

/** Of commands that sample. */
export function requestAnchorOption(): Option {
  return new Option(
    '--request-anchor <anchor>',
    'a function with a request in hand, and where its route is: file.py:function:variable.attribute (repeatable; docs/requests.md)',
  ).argParser((text: string, before: readonly string[] = []) => {
    if (userAnchor(text)) return [...before, text];
    throw new InvalidArgumentError(
      "the end of a file's path, a function, and a path from one of its variables on: web.py:handle:request.route",
    );
  });
}

/** Microseconds. */
function parseTime(text: string): number {
  const [, number, unit] = /^(\d{1,9}(?:\.\d{1,9})?)(ms|s|m)$/.exec(text) ?? [];
  if (number === undefined) throw new InvalidArgumentError('It is a number with a unit: 500ms, 2s or 1m.');
  return Number(number) * { ms: 1e3, s: 1e6, m: 6e7 }[unit as 'ms' | 's' | 'm'];
}

/** Microseconds. Shorter steps are not in a recording. */
function parseBlocked(text: string): number {
  const time = parseTime(text);
  if (time < shortestStep) throw new InvalidArgumentError('It is 10ms at least.');
  return time;
}

/** `KEY` or `KEY=VALUE`. */
export function labelOption(): Option {
  return new Option(
    '--label <key>',
    'add a root frame for each value of a label; key=value: show only this value',
  ).argParser((text: string): LabelView => {
    const at = text.indexOf('=');
    const key = at < 0 ? text : text.slice(0, at);
    if (key === '') throw new InvalidArgumentError('It is the name of a label, or name=value.');
    return at < 0 ? { key } : { key, value: text.slice(at + 1) };
  });
}

/** Of commands that write a page. */
export function withSourceOption(): Option {
  return new Option('--with-source', 'show lines of source beside their time (only -f html)');
}

/** Adds the flags for the summary. It covers all modes at once. */
export function addSummaryFlags(command: Command): Command {
  const others = ['format', 'mode', 'gil'];
  return command
    .addOption(
      new Option(
        '--summary',
        'print a text summary: busiest functions, longest waits, lines to look at',
      ).conflicts(others),
    )
    .addOption(new Option('--json', 'print the summary as JSON (docs/summary-json.md)').conflicts(others));
}

export function viewOptions(flags: ViewFlags): ViewOptions {
  return {
    lines: flags.nolineno ? 'none' : flags.function ? 'function' : 'current',
    threads: flags.threads ?? false,
    processes: flags.subprocesses ?? false,
    label: flags.byRequest ? { key: routeContext } : flags.label,
    request: requestView(flags),
    fullFileNames: flags.fullFilenames ?? false,
    idle: flags.idle ?? false,
    idlePatterns: flags.idlePattern ?? defaultView.idlePatterns,
    mode: flags.mode ?? (flags.gil ? 'gil' : 'wall'),
    applicationOnly: false,
    ...(flags.loopBlocked === undefined ? {} : { blockedFor: flags.loopBlocked }),
  };
}

export function requestView({
  request: route,
  slowerThan,
}: Pick<ViewFlags, 'request' | 'slowerThan'>): RequestView | undefined {
  if (route === undefined && slowerThan === undefined) return undefined;
  return { ...(route === undefined ? {} : { route }), ...(slowerThan === undefined ? {} : { slowerThan }) };
}

function addIdlePattern(text: string, before: readonly IdlePattern[] = []): IdlePattern[] {
  const pattern = parseIdlePattern(text);
  if (pattern) return [...before, pattern];
  throw new InvalidArgumentError(
    "frames, innermost first, such as 'queue.py:get < worker.py:run': the end of a file's path, a colon, a function.",
  );
}

/**
 * `undefined`: the recording itself. Without `-f` the file suffix chooses, and without a known suffix it is the first
 * of the list.
 */
export function chooseFormat(flags: ViewFlags, path: string): OutputFormat | undefined {
  if (flags.format === recordingFormat) return undefined;
  if (flags.format !== undefined) return formatById(flags.format);
  if (isRecordingName(path)) return undefined;
  const found = formatForPath(path);
  if (found === undefined) refusePicture(path);
  return found ?? formats[0];
}

/** What is named as a picture that pyglass cannot write would not open as one. */
export function refusePicture(path: string): void {
  const suffix = /\.(?:png|jpe?g|gif|webp|avif|bmp|tiff?|pdf)$/i.exec(path)?.[0];
  if (suffix === undefined) return;
  const better = `${path.slice(0, -suffix.length)}.svg`;
  throw new PyglassError(
    'bad-option',
    `${path} is a name for a picture of another kind: pyglass writes SVG`,
    {
      remedy: ['Write that; a browser shows and prints it:', `  -o ${better}`],
    },
  );
}

/** Whether a file of that name is a recording. */
export function isRecordingName(path: string): boolean {
  return path.endsWith(recordingSuffix);
}

function suffixes(ids: readonly string[]): string {
  const endings = formats.filter(({ id }) => ids.includes(id)).map(({ extensions }) => extensions[0]);
  if (ids.includes(recordingFormat)) endings.push(recordingSuffix);
  return `by file suffix: ${endings.join(', ')}`;
}

function unknownFormat(id: string, ids: readonly string[]): string {
  const near = nearest(id, ids);
  return near ? `Did you mean ${near}?` : `Known are ${ids.join(', ')}.`;
}

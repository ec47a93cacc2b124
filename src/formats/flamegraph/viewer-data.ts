import { formatShare } from '../../analysis/human-units.js';
import { functionName } from '../../analysis/labels.js';
import type { Profile } from '../../model/profile.js';
import type { BarChange, ChangeOfBar } from './bar-changes.js';
import type { Bar } from './layout.js';
import { categories, shades, waitingClass } from './palette.js';
import { visiblePath, visibleText } from './safe-text.js';

/** What the script in the picture draws from. Columns of `bars` are in the order of a walk through the tree. */
export interface ViewerData {
  readonly title: string;
  readonly facts: readonly string[];
  readonly notes: readonly string[];
  readonly legend: readonly LegendEntry[];
  /** The legend of time on a CPU; nothing when bars cannot be shown by it. */
  readonly cpuLegend: readonly LegendEntry[] | undefined;
  readonly labels: {
    readonly name: readonly string[];
    /** `file:line` as views show it; empty for none. */
    readonly location: readonly string[];
    /** Index into `files`; -1 for none. */
    readonly file: readonly number[];
    /** Index into the list of categories. */
    readonly category: readonly number[];
    readonly shade: readonly number[];
  };
  /** Full paths. */
  readonly files: readonly string[];
  readonly bars: {
    readonly depth: readonly number[];
    /** Index into the columns of `labels`. */
    readonly label: readonly number[];
    /** Whole microseconds. */
    readonly total: readonly number[];
    readonly self: readonly number[];
    /** The part of `total` that waited, and of `self`. */
    readonly waiting: readonly number[];
    readonly selfWaiting: readonly number[];
    /** Time on a CPU, as `total` and `self`. */
    readonly cpu: readonly number[];
    readonly selfCpu: readonly number[];
    readonly samples: readonly number[];
  };
  /** In a picture of what changed; `ofBar` is a column of bars, an index into `list`. */
  readonly changes?: { readonly list: readonly BarChange[]; readonly ofBar: readonly number[] };
}

export interface LegendEntry {
  /** A category's id or `waits`, which is also its CSS class. */
  readonly id: string;
  readonly title: string;
  /** Its part of the time, by innermost frame; time that waited is an entry of its own. */
  readonly share: string;
}

export interface Label {
  readonly name: string;
  readonly location: string;
  readonly category: number;
  readonly shade: number;
  readonly file: string;
}

export function labelOf(bar: Bar, profile: Profile): Label {
  const { node } = bar;
  const fn = profile.functions[node.function];
  const name = fn === undefined ? node.label : functionName(fn);
  // A label is `name (location)`.
  const location = node.label.length > name.length ? node.label.slice(name.length + 2, -1) : '';
  const file = fn?.kind === 'python' ? fn.file : '';
  return {
    name: visibleText(name),
    location: visiblePath(location),
    category: categories.findIndex((category) => category.id === node.category),
    shade: shadeOf(file),
    file: visiblePath(file, 1000),
  };
}

export function labelTables(
  bars: readonly Bar[],
  profile: Profile,
): Pick<ViewerData, 'labels' | 'files' | 'bars'> {
  const labels = {
    name: [] as string[],
    location: [] as string[],
    file: [] as number[],
    category: [] as number[],
    shade: [] as number[],
  };
  const files: string[] = [];
  const fileNumbers = new Map<string, number>();
  const labelNumbers = new Map<string, number>();
  const columns = {
    depth: [] as number[],
    label: [] as number[],
    total: [] as number[],
    self: [] as number[],
    waiting: [] as number[],
    selfWaiting: [] as number[],
    cpu: [] as number[],
    selfCpu: [] as number[],
    samples: [] as number[],
  };
  for (const bar of bars) {
    const key = `${bar.node.function}\n${bar.node.label}`;
    let number = labelNumbers.get(key);
    if (number === undefined) {
      number = labelNumbers.size;
      labelNumbers.set(key, number);
      const label = labelOf(bar, profile);
      labels.name.push(label.name);
      labels.location.push(label.location);
      labels.category.push(label.category);
      labels.shade.push(label.shade);
      labels.file.push(label.file === '' ? -1 : numberOf(label.file));
    }
    columns.depth.push(bar.depth);
    columns.label.push(number);
    columns.total.push(Math.round(bar.node.totalTime));
    columns.self.push(Math.round(bar.node.selfTime));
    columns.waiting.push(Math.round(bar.node.totalWaiting));
    columns.selfWaiting.push(Math.round(bar.node.selfWaiting));
    columns.cpu.push(Math.round(bar.node.totalCpu));
    columns.selfCpu.push(Math.round(bar.node.selfCpu));
    columns.samples.push(bar.node.samples);
  }
  return { labels, files, bars: columns };

  function numberOf(file: string): number {
    const known = fileNumbers.get(file) ?? files.push(file) - 1;
    fileNumbers.set(file, known);
    return known;
  }
}

export function changeTables(bars: readonly Bar[], changeOf: ChangeOfBar): Pick<ViewerData, 'changes'> {
  const list: BarChange[] = [];
  const numbers = new Map<string, number>();
  const ofBar = bars.map(({ node }) => {
    const change = changeOf(node);
    const key = `${change.kind} ${change.shade} ${change.mark} ${change.text}`;
    const known = numbers.get(key) ?? list.push(change) - 1;
    numbers.set(key, known);
    return known;
  });
  return { changes: { list, ofBar } };
}

/** Categories that occur in the picture, with the part of the time that they did not wait, and the time that waited. */
export function legendOf(bars: readonly Bar[]): LegendEntry[] {
  const root = bars[0]?.node;
  const times = selfByCategory(bars, ({ node }) => node.selfTime - node.selfWaiting);
  const waiting = root?.totalWaiting ?? 0;
  return [
    ...entries(times, root?.totalTime ?? 0),
    ...(waiting > 0
      ? [{ id: waitingClass, title: 'Waiting', share: formatShare(waiting, root!.totalTime) }]
      : []),
  ];
}

/** The same for time on a CPU. */
export function cpuLegendOf(bars: readonly Bar[]): LegendEntry[] {
  return entries(
    selfByCategory(bars, ({ node }) => node.selfCpu),
    bars[0]?.node.totalCpu ?? 0,
  );
}

function selfByCategory(bars: readonly Bar[], timeOf: (bar: Bar) => number): Map<string, number> {
  const times = new Map<string, number>();
  for (const bar of bars.slice(1)) {
    const { category } = bar.node;
    times.set(category, (times.get(category) ?? 0) + timeOf(bar));
  }
  return times;
}

function entries(times: ReadonlyMap<string, number>, whole: number): LegendEntry[] {
  return categories
    .filter(({ id }) => times.has(id))
    .map((category) => ({ ...category, share: formatShare(times.get(category.id)!, whole) }));
}

function shadeOf(file: string): number {
  let hash = 0;
  for (let index = 0; index < file.length; index++) hash = (hash * 31 + file.charCodeAt(index)) >>> 0;
  return (hash >>> 3) % shades.length;
}

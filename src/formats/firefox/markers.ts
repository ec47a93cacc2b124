import { type ContextSpan, contextText } from '../../analysis/context-spans.js';
import { lineJson } from '../../analysis/plain-json.js';
import { lostContextKind, noContext } from '../../model/context.js';
import type { Profile } from '../../model/profile.js';
import { categoryNumber } from './categories.js';
import type { FirefoxMarkerSchema, FirefoxMarkers } from './firefox-profile.js';
import { tableJson } from './json-table.js';
import type { SharedTables } from './shared-tables.js';
import type { CollectorSpan } from './thread-samples.js';

/** Types of markers begin so: the viewer has some of its own. */
const ours = 'pyglass-';
const collectorType = `${ours}collector`;
const contextType = (kind: string) => `${ours}context-${kind}`;

/** What a marker's label is: a field that is shown nowhere else. */
const labelKey = 'label';
const valueKey = (key: string) => `value-${key}`;

/** How markers of each kind of context are shown, and those of the collector. */
export function markerSchemas({ contexts }: Profile): FirefoxMarkerSchema[] {
  const keys = new Map<string, Set<string>>();
  for (const [index, { kind, values }] of contexts.entries()) {
    if (index === noContext || kind === lostContextKind) continue;
    const known = keys.get(kind) ?? new Set();
    keys.set(kind, known);
    for (const key of Object.keys(values)) known.add(key);
  }
  return [
    schema(collectorType, 'Garbage collector', []),
    ...[...keys].map(([kind, names]) => schema(contextType(kind), kind, [...names])),
  ];
}

function schema(name: string, title: string, keys: readonly string[]): FirefoxMarkerSchema {
  const isLabelled = keys.length > 0;
  const label = isLabelled ? `{marker.data.${labelKey}}` : title;
  return {
    name,
    tooltipLabel: label,
    tableLabel: label,
    chartLabel: label,
    display: ['marker-chart', 'marker-table', 'timeline-overview'],
    fields: [
      ...(isLabelled ? [{ key: labelKey, label: title, format: 'string', hidden: true } as const] : []),
      ...keys.map((key) => ({ key: valueKey(key), label: key, format: 'string' }) as const),
    ],
  };
}

interface Marker {
  readonly name: number;
  readonly category: number;
  /** Microseconds. */
  readonly start: number;
  readonly end: number;
  readonly data: string;
}

/** The markers of one thread: what it worked for, and when it ran the collector. */
export function markersJson(
  profile: Profile,
  tables: SharedTables,
  contexts: readonly ContextSpan[],
  collector: readonly CollectorSpan[],
): Iterable<string> {
  const markers: Marker[] = [
    ...collector.map(({ start, end }) => ({
      name: tables.text('Garbage collector'),
      category: categoryNumber('gc'),
      ...{ start, end },
      data: lineJson({ type: collectorType }),
    })),
    ...contexts.map((span) => contextMarker(profile, tables, span)),
  ].sort((a, b) => a.start - b.start || b.end - a.end);
  return tableJson<FirefoxMarkers>(markers.length, {
    data: (row) => markers[row]!.data,
    name: (row) => markers[row]!.name,
    startTime: (row) => markers[row]!.start / 1000,
    endTime: (row) => markers[row]!.end / 1000,
    phase: '1',
    category: (row) => markers[row]!.category,
  });
}

function contextMarker(profile: Profile, tables: SharedTables, { context, start, end }: ContextSpan): Marker {
  const { kind, values } = profile.contexts[context]!;
  const entries = Object.entries(values).map(([key, value]) => [valueKey(key), value]);
  return {
    name: tables.text(kind),
    category: categoryNumber('synthetic'),
    start: Math.round(start),
    end: Math.round(end),
    data: lineJson({
      type: contextType(kind),
      [labelKey]: contextText(profile, context),
      ...Object.fromEntries(entries),
    }),
  };
}

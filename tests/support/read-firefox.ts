import assert from 'node:assert/strict';
import type {
  FirefoxMarkers,
  FirefoxMeta,
  FirefoxProfile,
  FirefoxSamples,
} from '../../src/formats/firefox/firefox-profile.js';

export interface FirefoxRow {
  readonly time: number;
  /** Outermost first: `name:line [category]`; empty where nothing was seen. */
  readonly stack: readonly string[];
  readonly weight: number;
  readonly cpu: number | null | undefined;
}

export interface FirefoxMarker {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly category: string;
  readonly label: string;
  /** By what each field is called. */
  readonly fields: Readonly<Record<string, string>>;
}

export interface ReadThread {
  readonly name: string;
  readonly process: string;
  readonly pid: string;
  readonly tid: number;
  readonly rows: readonly FirefoxRow[];
  readonly markers: readonly FirefoxMarker[];
}

export interface ReadFirefox {
  readonly meta: FirefoxMeta;
  readonly threads: readonly ReadThread[];
  /** `name resource file:line` */
  readonly functions: readonly string[];
  readonly texts: readonly string[];
}

/** Colours that the viewer knows. */
const colors =
  /^(transparent|purple|green|orange|yellow|lightblue|blue|brown|magenta|red|lightred|darkgrey|grey)$/;

/**
 * Version 70 of the processed format, strictly as its types have it: all columns and no others, as long as their table;
 * each index within its table; callers before what they call; times that do not go back. Anything else throws.
 */
export function readFirefox(json: string): ReadFirefox {
  const { meta, libs, threads, shared, ...rest } = JSON.parse(json) as FirefoxProfile;
  assert.deepEqual([libs, rest], [[], {}]);
  checkMeta(meta, threads.length);
  const { stringArray: texts, ...tables } = shared;
  const lengths = Object.fromEntries(
    Object.entries(tables).map(([name, table]) => [name, lengthOf(name, table, tableColumns[name]!)]),
  );
  assert.deepEqual(Object.keys(lengths).sort(), Object.keys(tableColumns).sort());
  assert.equal(new Set(texts).size, texts.length, 'a text is listed twice');
  const at = (index: number, length: number, what: string) => {
    assert.ok(Number.isInteger(index) && index >= 0 && index < length, `${what} ${index} of ${length}`);
    return index;
  };
  const text = (index: number) => texts[at(index, texts.length, 'text')]!;
  const category = (index: number) => meta.categories[at(index, meta.categories.length, 'category')]!.name;
  const { funcTable, frameTable, stackTable, resourceTable, sources } = shared;
  const functions = funcTable.name.map((name, row) => {
    const [resource, source] = [funcTable.resource[row]!, funcTable.source[row] ?? -1];
    const place = source < 0 ? '' : text(sources.filename[at(source, lengths['sources']!, 'source')]!);
    const from =
      resource < 0 ? '' : text(resourceTable.name[at(resource, lengths['resourceTable']!, 'resource')]!);
    return `${text(name)} ${from} ${place}:${lineOf(funcTable.lineNumber[row]!)}`;
  });
  const frames = frameTable.func.map((fn, row) => {
    const name = text(funcTable.name[at(fn, functions.length, 'function')]!);
    return `${name}:${lineOf(frameTable.line[row]!)} [${category(frameTable.category[row]!)}]`;
  });
  for (const columns of ['address', 'lib'] as const)
    for (const cell of frameTable[columns]) assert.equal(cell, -1);
  for (const [row, offset] of stackTable.prefixOffset.entries())
    assert.ok(Number.isInteger(offset) && offset >= 0 && offset <= row, `offset ${offset} of stack ${row}`);
  const stackAt = (innermost: number | null): string[] => {
    const names: string[] = [];
    for (let stack = innermost; stack !== null; ) {
      at(stack, lengths['stackTable']!, 'stack');
      names.push(frames[at(stackTable.frame[stack]!, frames.length, 'frame')]!);
      const offset: number = stackTable.prefixOffset[stack]!;
      stack = offset === 0 ? null : stack - offset;
    }
    return names.reverse();
  };
  const rowsOf = (samples: FirefoxSamples): FirefoxRow[] => {
    const cpu = samples.threadCPUDelta;
    const columns = ['time', 'stack', 'weight', ...(cpu ? ['threadCPUDelta'] : [])];
    assert.equal(samples.weightType, 'tracing-ms');
    lengthOf('samples', { ...samples, weightType: undefined }, columns);
    let before = 0;
    return samples.time.map((time, row) => {
      assert.ok(Number.isFinite(time) && time >= before, `${time} after ${before}`);
      before = time;
      return { time, stack: stackAt(samples.stack[row]!), weight: samples.weight[row]!, cpu: cpu?.[row] };
    });
  };
  const markersOf = (markers: FirefoxMarkers): FirefoxMarker[] => {
    const columns = ['data', 'name', 'startTime', 'endTime', 'phase', 'category'];
    lengthOf('markers', markers, columns);
    return markers.name.map((name, row) => {
      assert.equal(markers.phase[row], 1);
      const [start, end] = [markers.startTime[row]!, markers.endTime[row]!];
      assert.ok(start <= end);
      const data = markers.data[row]!;
      const schema = meta.markerSchema.find((one) => one.name === data.type);
      assert.ok(schema !== undefined, `marker type ${data.type} has no schema`);
      const { type, ...values } = data as Record<string, string>;
      const fields = schema.fields.filter(({ key }) => Object.hasOwn(values, key));
      assert.deepEqual(Object.keys(values).sort(), fields.map(({ key }) => key).sort());
      return {
        ...{ name: text(name), start, end, category: category(markers.category[row]!) },
        label: schema.chartLabel.replace(/\{marker\.data\.(\w+)\}/g, (_, key: string) => values[key]!),
        fields: Object.fromEntries(
          fields.filter(({ hidden }) => !hidden).map(({ key, label }) => [label, values[key]!]),
        ),
      };
    });
  };
  const read = threads.map((thread): ReadThread => {
    assert.deepEqual(Object.keys(thread).sort(), threadMembers);
    const { name, processName, pid, tid, samples, markers } = thread;
    assert.ok(/^\d+$/.test(pid) && Number.isSafeInteger(tid));
    return { name, process: processName, pid, tid, rows: rowsOf(samples), markers: markersOf(markers) };
  });
  return { meta, threads: read, functions, texts };
}

function checkMeta(meta: FirefoxMeta, threads: number): void {
  assert.equal(meta.preprocessedProfileVersion, 70);
  assert.ok(meta.interval > 0 && Number.isFinite(meta.startTime));
  assert.ok(meta.categories.some(({ color }) => color === 'grey'));
  for (const { color, subcategories } of meta.categories) {
    assert.match(color, colors);
    assert.deepEqual(subcategories, ['Other']);
  }
  for (const index of meta.initialSelectedThreads) assert.ok(index < threads);
  const names = meta.markerSchema.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
}

function lengthOf(name: string, table: object, columns: readonly string[]): number {
  const { length, ...found } = JSON.parse(JSON.stringify(table)) as Record<string, unknown> & {
    length: number;
  };
  assert.deepEqual(Object.keys(found).sort(), columns.toSorted(), name);
  for (const [column, cells] of Object.entries(found))
    assert.equal((cells as unknown[]).length, length, `${name}.${column}`);
  return length;
}

function lineOf(line: number | null): number {
  assert.ok(line === null || (Number.isInteger(line) && line > 0));
  return line ?? 0;
}

const tableColumns: Readonly<Record<string, readonly string[]>> = {
  stackTable: ['frame', 'prefixOffset'],
  frameTable: [
    ...['address', 'lib', 'inlineDepth', 'category', 'subcategory', 'func', 'nativeSymbol'],
    ...['innerWindowID', 'line', 'column', 'originalLocation'],
  ],
  funcTable: [
    ...['name', 'isJS', 'relevantForJS', 'resource', 'source', 'lineNumber', 'columnNumber'],
    'originalLocation',
  ],
  resourceTable: ['name', 'host', 'type'],
  nativeSymbols: ['libIndex', 'address', 'name', 'functionSize'],
  sources: ['id', 'filename', 'startLine', 'startColumn', 'sourceMapURL', 'content'],
  sourceLocationTable: ['source', 'line', 'column'],
};

const threadMembers = [
  ...['name', 'processName', 'processType', 'pid', 'tid', 'isMainThread', 'showMarkersInTimeline'],
  ...['processStartupTime', 'processShutdownTime', 'registerTime', 'unregisterTime', 'pausedRanges'],
  ...['samples', 'markers'],
].sort();

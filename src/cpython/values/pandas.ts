import { ByteReader } from '../../bytes/byte-reader.js';
import { isPointer, readPointer } from '../../memory/pointers.js';
import type { Value } from '../../model/value.js';
import { attributeOf } from '../objects/instances.js';
import { readInt } from '../objects/integers.js';
import { readString } from '../objects/strings.js';
import { pointersAt, tupleItems } from '../objects/tuples.js';
import { floatText } from './numbers.js';
import { type NumpyArray, readItem, readNumpyArray } from './numpy.js';
import { readNumpyType, shapeText } from './numpy-types.js';
import { plain } from './plain.js';
import type { TypeInfo } from './types.js';
import type { ValueReader, ValueSource } from './value-source.js';

/**
 * pandas, from 1.1 to 3: what a table is, not what its cells hold, which is the data of others.
 *
 *   DataFrame, Series   _mgr, a manager
 *   manager             axes, a list of Index (of a DataFrame first the columns), and blocks, a tuple
 *   block               values, an array of some columns of one dtype, and their positions, a BlockPlacement of a slice
 *                       or an array
 *   Index               _data, an array; of a RangeIndex _range
 *
 * Some of these are classes of Python, and in other versions structs of Cython, whose field offsets are not known: so
 * the pointers in them are looked through for what has the wanted type.
 */
const largestStruct = 160;
const mostBlocks = 500;
const mostPositions = 4096;

/** All that hangs on an object of a class or struct: of attributes by name, then of the struct. */
function held(
  source: ValueSource,
  object: number,
  name: string,
  wanted: (type: TypeInfo) => boolean,
): number {
  const { memory, layout } = source;
  const fits = (address: number) => {
    const type = isPointer(address) ? source.typeOf(address) : undefined;
    return type !== undefined && wanted(type);
  };
  const attribute = attributeOf(memory, layout, object, name);
  if (fits(attribute)) return attribute;
  const type = source.typeOf(object);
  const end = Math.min(type?.basicSize ?? 0, largestStruct);
  const first = layout.object.size;
  const count = Math.floor((end - first) / 8);
  return pointersAt(memory, object + first, count, count).find(fits) ?? 0;
}

const isArray = (type: TypeInfo) => type.fullName === 'numpy.ndarray';
const isNamed =
  (...names: readonly string[]) =>
  (type: TypeInfo) =>
    names.includes(type.fullName);
/** An array of numpy or one that pandas or somebody else made, such as `pandas.arrays.StringArray`. */
const isColumnArray = (type: TypeInfo) => isArray(type) || /Array$|^Categorical$/.test(type.name);

interface Table {
  /** Addresses. */
  readonly axes: readonly number[];
  readonly blocks: readonly number[];
}

function readTable(source: ValueSource, object: number): Table | undefined {
  const { memory, layout } = source;
  const manager = attributeOf(memory, layout, object, '_mgr');
  if (!isPointer(manager)) return undefined;
  const axes = held(source, manager, 'axes', isNamed('list'));
  const blocks = held(source, manager, 'blocks', isNamed('tuple'));
  const first = readPointer(memory, axes + layout.list.items);
  return {
    axes: pointersAt(memory, first, readPointer(memory, axes + layout.list.size), 2),
    blocks: blocks === 0 ? [] : tupleItems(memory, layout, blocks, mostBlocks),
  };
}

export const readDataFrame: ValueReader = (source, object, type) => {
  const table = readTable(source, object);
  const [columns, index] = table?.axes ?? [];
  if (!table || columns === undefined || index === undefined) return undefined;
  const width = indexLength(source, columns);
  const height = indexLength(source, index);
  const shape = `(${height ?? '?'}, ${width ?? '?'})`;
  const attributes: { name: string; value: Value }[] = [{ name: 'shape', value: plain('', shape) }];
  if (width !== undefined)
    attributes.push({ name: 'columns', value: columnsOf(source, table, columns, width) });
  return { kind: 'attributes', type: type.name, open: `<${type.name} `, close: '>', attributes, more: 0 };
};

/** Names of columns with their dtypes. */
function columnsOf(source: ValueSource, table: Table, columns: number, width: number): Value {
  const names = labels(source, columns, Math.min(width, source.room));
  const dtypes = columnTypes(source, table, names.length);
  const entries = names.map((key, at) => ({ key, value: plain('', dtypes[at] ?? '?') }));
  return { kind: 'entries', type: '', open: '{', close: '}', entries, more: width - entries.length };
}

/** dtypes of the first columns; `undefined` of those that are in no block that can be read, or in more than one. */
function columnTypes(source: ValueSource, { blocks }: Table, count: number): (string | undefined)[] {
  const found: (string | undefined)[] = Array(count).fill(undefined);
  const seen = new Set<number>();
  for (const block of blocks) {
    const positions = positionsOf(source, block, count);
    const dtype =
      positions && positions.length > 0
        ? dtypeOf(source, held(source, block, 'values', isColumnArray))
        : undefined;
    for (const position of positions ?? []) {
      found[position] = seen.has(position) ? undefined : dtype;
      seen.add(position);
    }
  }
  return found;
}

/** Which of the first `count` columns a block has. */
function positionsOf(source: ValueSource, block: number, count: number): number[] | undefined {
  const isPlacement = (type: TypeInfo) => type.name === 'BlockPlacement';
  const placement =
    held(source, block, '_mgr_locs', isPlacement) || held(source, block, 'mgr_locs', isPlacement);
  if (placement === 0) return undefined;
  const array = held(source, placement, '_as_array', isArray);
  if (array !== 0) return positionsInArray(source, array, count);
  const slice = held(source, placement, '_as_slice', isNamed('slice'));
  return slice === 0 ? undefined : positionsInSlice(source, slice, count);
}

function positionsInArray(source: ValueSource, array: number, count: number): number[] | undefined {
  const read = readNumpyArray(source, array);
  const [length = 0] = read?.shape ?? [];
  const [stride = 0] = read?.strides ?? [];
  if (read?.shape.length !== 1 || length > mostPositions || read.dtype?.text !== 'int64') return undefined;
  const positions: number[] = [];
  for (let at = 0; at < length; at++) {
    const bytes = source.memory.read(read.data + at * stride, 8);
    const position = bytes ? Number(BigInt.asIntN(64, new ByteReader(bytes).bigU64(0))) : -1;
    if (position >= 0 && position < count) positions.push(position);
  }
  return positions;
}

function positionsInSlice(
  { memory, layout }: ValueSource,
  slice: number,
  count: number,
): number[] | undefined {
  const [start, stop, step] = pointersAt(memory, slice + layout.object.size, 3, 3).map((field) =>
    readInt(memory, layout, field),
  );
  if (start === undefined || stop === undefined || start < 0) return undefined;
  const by = step ?? 1;
  const positions: number[] = [];
  if (by === 0) return undefined;
  for (
    let at = start, steps = 0;
    (by > 0 ? at < stop : at > stop) && steps < mostPositions;
    at += by, steps++
  ) {
    if (at >= 0 && at < count) positions.push(at);
    else if (by > 0 && at >= count) break;
  }
  return positions;
}

export const readSeries: ValueReader = (source, object, type) => {
  const table = readTable(source, object);
  const index = table?.axes[0];
  const block = table?.blocks[0];
  if (index === undefined || block === undefined) return undefined;
  const values = held(source, block, 'values', isColumnArray);
  return described(source, object, type, indexLength(source, index) ?? arrayLength(source, values), values);
};

/** An Index without its labels. One that is a range is shown whole, as it shows itself. */
export const readIndex: ValueReader = (source, object, type) => {
  const { memory, layout } = source;
  const range = attributeOf(memory, layout, object, '_range');
  if (isPointer(range)) {
    const value = source.value(range);
    if (value.kind !== 'items') return undefined;
    const [start, stop, step = plain('int', '1')] = value.items;
    if (!start || !stop) return undefined;
    const attributes = [
      ...[
        { name: 'start', value: start },
        { name: 'stop', value: stop },
        { name: 'step', value: step },
      ],
      ...nameOf(source, object),
    ];
    return { kind: 'attributes', type: type.name, open: `${type.name}(`, close: ')', attributes, more: 0 };
  }
  const data = attributeOf(memory, layout, object, '_data');
  return described(source, object, type, indexLength(source, object), data);
};

function described(
  source: ValueSource,
  object: number,
  type: TypeInfo,
  length: number | undefined,
  values: number,
): Value {
  const dtype = isPointer(values) ? dtypeOf(source, values) : undefined;
  const attributes: { name: string; value: Value }[] = [
    ...nameOf(source, object),
    { name: 'shape', value: plain('', length === undefined ? '(?,)' : shapeText([length])) },
    ...(dtype === undefined ? [] : [{ name: 'dtype', value: plain('', dtype) }]),
  ];
  return { kind: 'attributes', type: type.name, open: `<${type.name} `, close: '>', attributes, more: 0 };
}

/** Up to pandas 1.0 it is `name`. */
function nameOf(source: ValueSource, object: number): { name: string; value: Value }[] {
  const name = attributeOf(source.memory, source.layout, object, '_name');
  const value = isPointer(name) ? source.value(name) : undefined;
  return value && !(value.kind === 'plain' && value.type === 'NoneType') ? [{ name: 'name', value }] : [];
}

/** How many labels there are. */
function indexLength(source: ValueSource, index: number): number | undefined {
  const { memory, layout } = source;
  const attribute = (name: string) => attributeOf(memory, layout, index, name);
  const range = attribute('_range');
  if (isPointer(range)) {
    const [start, stop, step] = pointersAt(memory, range + layout.object.size, 3, 3).map((field) =>
      readInt(memory, layout, field),
    );
    if (start === undefined || stop === undefined || step === undefined || step === 0) return undefined;
    return Math.max(0, Math.ceil((stop - start) / step));
  }
  const data = attribute('_data');
  if (isPointer(data)) return arrayLength(source, data);
  // Of several levels: for each an array of the label of each row.
  const codes = attribute('_codes');
  const size = isPointer(codes) ? readPointer(memory, codes + layout.list.size) : 0;
  const [first] = pointersAt(memory, readPointer(memory, codes + layout.list.items), size, 1);
  return first === undefined ? undefined : arrayLength(source, first);
}

const deepest = 3;

/** Items of an array of numpy or of pandas, the last dimension where it has two. */
function arrayLength(source: ValueSource, address: number, depth = 0): number | undefined {
  const array = plainArray(source, address, depth);
  return array?.shape.at(-1);
}

/** The array of numpy that an array of pandas holds its items in. */
function plainArray(source: ValueSource, address: number, depth = 0): NumpyArray | undefined {
  const type = isPointer(address) ? source.typeOf(address) : undefined;
  if (!type || depth > deepest) return undefined;
  if (isArray(type)) return readNumpyArray(source, address);
  for (const name of ['_ndarray', '_data', '_codes', '_left']) {
    const inner = held(source, address, name, isColumnArray);
    if (inner !== 0 && inner !== address) return plainArray(source, inner, depth + 1);
  }
  return undefined;
}

/** As `str(dtype)` has it, or the name of the dtype's class where it would have to be asked. */
function dtypeOf(source: ValueSource, values: number): string | undefined {
  const type = isPointer(values) ? source.typeOf(values) : undefined;
  if (!type) return undefined;
  if (isArray(type)) return readNumpyArray(source, values)?.dtype?.text;
  if (type.name === 'BooleanArray') return 'boolean';
  if (type.name === 'IntegerArray' || type.name === 'FloatingArray') {
    // They are named like those of numpy, with large letters.
    const inner = plainArray(source, values)?.dtype?.text;
    return inner?.replace(/^uint/, 'UInt').replace(/^[if]/, (letter) => letter.toUpperCase());
  }
  const dtype = held(source, values, '_dtype', (one) => /(^|\.)dtype(\[.*\])?$|DType$|Dtype$/.test(one.name));
  return dtype === 0 ? undefined : extensionType(source, dtype);
}

function extensionType(source: ValueSource, dtype: number): string | undefined {
  const { memory, layout } = source;
  const type = source.typeOf(dtype);
  if (!type) return undefined;
  const own = readNumpyType(source, dtype);
  if (own) return own.text;
  if (type.name === 'CategoricalDtype') return 'category';
  if (type.name === 'StringDtype') {
    // From pandas 3 on, the one whose missing values are nan.
    const missing = attributeOf(memory, layout, dtype, '_na_value');
    const value = isPointer(missing) ? source.value(missing) : undefined;
    return value?.kind === 'plain' && value.text === floatText(Number.NaN) ? 'str' : 'string';
  }
  if (type.name === 'DatetimeTZDtype') {
    const unit = readString(memory, layout, attributeOf(memory, layout, dtype, '_unit'), 10);
    const zone = zoneName(source, attributeOf(memory, layout, dtype, '_tz'));
    return unit === undefined || zone === undefined ? type.name : `datetime64[${unit}, ${zone}]`;
  }
  return type.name;
}

/** Names of time zones that hold theirs. */
export function zoneName(source: ValueSource, zone: number): string | undefined {
  const type = isPointer(zone) ? source.typeOf(zone) : undefined;
  if (!type) return undefined;
  if (type.name === 'ZoneInfo') {
    const value = source.value(zone);
    return value.kind === 'plain' ? /key='(.*)'/.exec(value.text)?.[1] : undefined;
  }
  if (type.fullName === 'datetime.timezone') {
    const value = source.value(zone);
    return value.kind === 'plain' && value.text === 'datetime.timezone.utc' ? 'UTC' : undefined;
  }
  // pytz makes a class for each.
  if (!type.fullName.startsWith('pytz.')) return undefined;
  return readString(source.memory, source.layout, source.classAttribute(type, 'zone'), 100);
}

/** The first labels of an Index, as far as they are where they can be read. */
function labels(source: ValueSource, index: number, count: number): Value[] {
  const { memory, layout } = source;
  const range = attributeOf(memory, layout, index, '_range');
  if (isPointer(range)) {
    const [start, , step] = pointersAt(memory, range + layout.object.size, 3, 3).map((field) =>
      readInt(memory, layout, field),
    );
    if (start === undefined || step === undefined) return [];
    return Array.from({ length: count }, (_, at) => plain('int', String(start + at * step)));
  }
  const data = attributeOf(memory, layout, index, '_data');
  const array = isPointer(data) ? plainArray(source, data) : undefined;
  const type = isPointer(data) ? source.typeOf(data) : undefined;
  // What is in arrays of categories, of periods or of moments in a time zone are numbers of something else.
  if (
    !array?.dtype ||
    array.shape.length !== 1 ||
    !type ||
    !/^(ndarray|StringArray|StringArrayNumpySemantics|DatetimeArray|NumpyExtensionArray|PandasArray)$/.test(
      type.name,
    )
  )
    return [];
  if (dtypeOf(source, data)?.includes(',')) return [];
  const found: Value[] = [];
  for (let at = 0; at < Math.min(count, array.shape[0]!); at++) {
    const label = readItem(source, array.dtype, array.data + at * array.strides[0]!);
    if (!label) break;
    found.push(label);
  }
  return found;
}

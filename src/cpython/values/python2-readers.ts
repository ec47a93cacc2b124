import { ByteReader } from '../../bytes/byte-reader.js';
import { isPointer, readPointer } from '../../memory/pointers.js';
import type { Value } from '../../model/value.js';
import { dictEntries } from '../objects/dicts.js';
import { attributeOf } from '../objects/instances.js';
import { intBits, readBigInt } from '../objects/integers.js';
import { readString } from '../objects/strings.js';
import { pointersAt } from '../objects/tuples.js';
import { isInstance, TypeFlag } from '../objects/type-flags.js';
import { readArrayOfNumbers } from './buffers.js';
import { readCell, readEllipsis, readNone, readNotImplemented, readSlice } from './builtins.js';
import { readBuiltin, readFunction, readGenerator, readMethod } from './callables.js';
import { readClass, readModule } from './classes.js';
import { readDate, readDateTime, readTime, readTimeDelta } from './dates.js';
import { readException } from './exceptions.js';
import { orderedDict, readCounter, readDefaultDict, readDict, readMappingProxy } from './mappings.js';
import { readBool, readComplex, readFloat, readInteger } from './numbers.js';
import { readObject } from './objects.js';
import { anonymous, call, plain } from './plain.js';
import { readList, readSet, readTuple } from './sequences.js';
import { readFraction, readUuid } from './standard-library.js';
import { byteText, readByteArray } from './texts.js';
import type { ValueReader, ValueSource } from './value-source.js';

/** Above some 4,500 decimal digits it takes long to write an int down. */
const mostDigits = 500;
const longestName = 200;
const mostAttributes = 1000;

const readLong: ValueReader = ({ memory, layout }, object) => {
  const value = readBigInt(memory, layout, object, mostDigits);
  if (value !== undefined) return plain('long', `${value}L`);
  const bits = intBits(memory, layout, object);
  return bits > 0 ? plain('long', `<long of ${bits} bits>`) : undefined;
};

const readStr: ValueReader = (source, object) => {
  const { memory, layout } = source;
  if (!isInstance(memory, layout, object, TypeFlag.bytes)) return undefined;
  const size = readPointer(memory, object + layout.bytes.size);
  const text = byteText(source, object + layout.bytes.data, size, 'str');
  return text && { ...text, prefix: '', isBytes: true };
};

const readUnicode: ValueReader = ({ memory, layout, limits }, object) => {
  const text = readString(memory, layout, object, limits.text);
  if (text === undefined) return undefined;
  const more = Math.max(0, readPointer(memory, object + layout.unicode.length) - limits.text);
  return { kind: 'text', type: 'unicode', prefix: 'u', text: more > 0 ? text.slice(0, -1) : text, more };
};

/** Start, step and how many follow the header, as C longs (Objects/rangeobject.c). */
const readXrange: ValueReader = ({ memory, layout }, object, type) => {
  const bytes = memory.read(object + layout.object.size, 24);
  const fields = bytes && new ByteReader(bytes);
  if (!fields) return undefined;
  const [start, step, count] = [0, 8, 16].map((at) => BigInt.asIntN(64, fields.bigU64(at))) as [
    bigint,
    bigint,
    bigint,
  ];
  const stop = start + step * count;
  const parts = step === 1n ? (start === 0n ? [stop] : [start, stop]) : [start, stop, step];
  return call(
    type,
    parts.map((part) => plain('int', part.toString())),
  );
};

const readSetOfPython2: ValueReader = (source, object, type) => {
  const value = readSet(source, object, type);
  return value?.kind === 'items' ? { ...value, open: `${type.name}([`, close: '])' } : value;
};

/** The name of a class without a base. */
function classicName(source: ValueSource, object: number): string | undefined {
  const { memory, layout } = source;
  const { className = 0 } = layout.python2 ?? {};
  if (source.typeOf(object)?.fullName !== 'classobj') return undefined;
  return readString(memory, layout, readPointer(memory, object + className), longestName);
}

const readClassicClass: ValueReader = (source, object, type) => {
  const name = classicName(source, object);
  return name === undefined ? undefined : plain(type.name, `<class ${name}>`);
};

/** As any object: by its attributes. */
const readClassicInstance: ValueReader = (source, object, type): Value | undefined => {
  const { memory, layout, room } = source;
  const { instanceClass = 0, instanceDict = 0 } = layout.python2 ?? {};
  const name = classicName(source, readPointer(memory, object + instanceClass));
  if (name === undefined) return undefined;
  const entries = dictEntries(memory, layout, readPointer(memory, object + instanceDict), mostAttributes);
  if (entries.length === 0) return anonymous({ ...type, name, fullName: name }, object);
  const attributes = entries.slice(0, room).flatMap(({ key, value }) => {
    const attribute = readString(memory, layout, key, longestName);
    return attribute === undefined ? [] : [{ name: attribute, value: source.value(value) }];
  });
  const more = entries.length - attributes.length;
  return { kind: 'attributes', type: name, open: `<${name} `, close: '>', attributes, more };
};

/**
 * `[previous, next, key]`, lists in a ring, whose first has no key, are the attribute `__root` (Lib/collections.py).
 */
const readLinkedDict: ValueReader = (source, object, type) => {
  const { memory, layout, room } = source;
  const link = (list: number) => pointersAt(memory, readPointer(memory, list + layout.list.items), 3, 3);
  const root = attributeOf(memory, layout, object, '_OrderedDict__root');
  const keys: number[] = [];
  let at = link(root)[1] ?? 0;
  while (at !== root && isPointer(at) && keys.length < room) {
    const [, next = 0, key = 0] = link(at);
    keys.push(key);
    at = next;
  }
  return orderedDict(source, object, type, keys);
};

/** An unbound method has no self. */
const readClassicMethod: ValueReader = (source, object, type) => {
  const { memory, layout } = source;
  const self = readPointer(memory, object + layout.callable.boundSelf);
  if (isPointer(self)) return readMethod(source, object, type);
  const fn = readPointer(memory, object + layout.boundMethod.function);
  const name =
    source.typeOf(fn)?.name === 'function' ? readPointer(memory, fn + layout.callable.functionName) : 0;
  return plain(type.name, `<unbound method ${readString(memory, layout, name, longestName) ?? '?'}>`);
};

/**
 * As `valueReaders` for Python 2: what is not here is shown by its attributes, as what Python 2 writes in Python
 * (`Decimal`) and what has another struct in it (`deque`, `io`, numpy).
 */
export const python2Readers: ReadonlyMap<string, ValueReader> = new Map<string, ValueReader>([
  ['object', readObject],
  ['NoneType', readNone],
  ['ellipsis', readEllipsis],
  ['NotImplementedType', readNotImplemented],
  ['bool', readBool],
  ['int', readInteger],
  ['long', readLong],
  ['float', readFloat],
  ['complex', readComplex],
  ['str', readStr],
  ['unicode', readUnicode],
  ['bytearray', readByteArray],
  ['list', readList],
  ['tuple', readTuple],
  ['set', readSetOfPython2],
  ['frozenset', readSetOfPython2],
  ['dict', readDict],
  ['dictproxy', readMappingProxy],
  ['xrange', readXrange],
  ['slice', readSlice],
  ['cell', readCell],
  ['type', readClass],
  ['classobj', readClassicClass],
  ['instance', readClassicInstance],
  ['module', readModule],
  ['function', readFunction],
  ['instancemethod', readClassicMethod],
  ['builtin_function_or_method', readBuiltin],
  ['generator', readGenerator],
  ['array.array', readArrayOfNumbers],
  ['exceptions.BaseException', readException],
  ['collections.defaultdict', readDefaultDict],
  ['collections.OrderedDict', readLinkedDict],
  ['collections.Counter', readCounter],
  ['datetime.date', readDate],
  ['datetime.time', readTime],
  ['datetime.datetime', readDateTime],
  ['datetime.timedelta', readTimeDelta],
  ['fractions.Fraction', readFraction],
  ['uuid.UUID', readUuid],
]);

import type { PlainValue } from '../../model/value.js';
import type { Layout } from '../layout.js';
import { readArrayOfNumbers, readBytesIO, readMemoryView, readStringIO } from './buffers.js';
import { readCell, readEllipsis, readNone, readNotImplemented, readRange, readSlice } from './builtins.js';
import { readBuiltin, readFunction, readGenerator, readMethod } from './callables.js';
import { readClass, readModule } from './classes.js';
import { readDate, readDateTime, readTime, readTimeDelta, readTimeZone, readZoneInfo } from './dates.js';
import { readDecimal } from './decimals.js';
import { readException } from './exceptions.js';
import {
  readCounter,
  readDefaultDict,
  readDict,
  readFrozenDict,
  readMappingProxy,
  readOrderedDict,
} from './mappings.js';
import { readBool, readComplex, readFloat, readInteger } from './numbers.js';
import { numpyReaders, readArray } from './numpy.js';
import { readObject } from './objects.js';
import { readDataFrame, readIndex, readSeries } from './pandas.js';
import { readNaT, readPandasTimedelta, readTimestamp } from './pandas-times.js';
import { plain } from './plain.js';
import { python2Readers } from './python2-readers.js';
import { readDeque, readList, readSet, readTuple } from './sequences.js';
import { readEnviron, readFraction, readPath, readUserContainer, readUuid } from './standard-library.js';
import { readByteArray, readByteString, readText } from './texts.js';
import type { TypeInfo } from './types.js';
import type { ValueReader } from './value-source.js';

/**
 * Every kind of object that is shown in a way of its own, by the full name of its class. It holds for classes that are
 * derived from it as well; anything else is shown by its attributes. A new kind is a reader and a line here.
 */
const valueReaders: ReadonlyMap<string, ValueReader> = new Map<string, ValueReader>([
  ['object', readObject],
  ['NoneType', readNone],
  ['ellipsis', readEllipsis],
  ['NotImplementedType', readNotImplemented],
  ['bool', readBool],
  ['int', readInteger],
  ['float', readFloat],
  ['complex', readComplex],
  ['str', readText],
  ['bytes', readByteString],
  ['bytearray', readByteArray],
  ['list', readList],
  ['tuple', readTuple],
  ['set', readSet],
  ['frozenset', readSet],
  ['dict', readDict],
  ['frozendict', readFrozenDict],
  ['mappingproxy', readMappingProxy],
  ['range', readRange],
  ['slice', readSlice],
  ['cell', readCell],
  ['type', readClass],
  ['module', readModule],
  ['function', readFunction],
  ['method', readMethod],
  ['builtin_function_or_method', readBuiltin],
  ['generator', readGenerator],
  ['coroutine', readGenerator],
  ['async_generator', readGenerator],
  ['memoryview', readMemoryView],
  ['array.array', readArrayOfNumbers],
  ['_io.BytesIO', readBytesIO],
  ['_io.StringIO', readStringIO],
  ['BaseException', readException],
  ['collections.deque', readDeque],
  ['collections.defaultdict', readDefaultDict],
  ['collections.OrderedDict', readOrderedDict],
  ['collections.Counter', readCounter],
  ['collections.UserDict', readUserContainer],
  ['collections.UserList', readUserContainer],
  ['collections.UserString', readUserContainer],
  ['datetime.date', readDate],
  ['datetime.time', readTime],
  ['datetime.datetime', readDateTime],
  ['datetime.timedelta', readTimeDelta],
  ['datetime.timezone', readTimeZone],
  ['zoneinfo.ZoneInfo', readZoneInfo],
  ['decimal.Decimal', readDecimal],
  ['fractions.Fraction', readFraction],
  ['uuid.UUID', readUuid],
  ['pathlib.PurePath', readPath],
  ['pathlib._local.PurePath', readPath],
  ['os._Environ', readEnviron],
  ['numpy.ndarray', readArray],
  ...numpyReaders,
  ['pandas.core.frame.DataFrame', readDataFrame],
  ['pandas.DataFrame', readDataFrame],
  ['pandas.core.series.Series', readSeries],
  ['pandas.Series', readSeries],
  ['pandas.core.indexes.base.Index', readIndex],
  ['pandas.Index', readIndex],
  ['pandas._libs.tslibs.nattype._NaT', readNaT],
  ['pandas._libs.tslibs.timestamps._Timestamp', readTimestamp],
  ['pandas._libs.tslibs.timedeltas._Timedelta', readPandasTimedelta],
]);

/** Those for the Python that has this layout. */
export function valueReadersOf({ python2 }: Layout): ReadonlyMap<string, ValueReader> {
  return python2 ? python2Readers : valueReaders;
}

const brackets: Readonly<Record<string, string>> = { list: '[...]', dict: '{...}', tuple: '(...)' };

/** What stands for an object within itself. */
export function recursive(type: TypeInfo, builtIn: TypeInfo): PlainValue {
  return plain(type.name, brackets[builtIn.name] ?? `<${type.name} ...>`);
}

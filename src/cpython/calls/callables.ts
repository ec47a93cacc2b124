import { ByteReader } from '../../bytes/byte-reader.js';
import { isPointer, readPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { Layout } from '../layout.js';
import { builtinsModule } from '../objects/builtins-module.js';
import { readCString } from '../objects/c-strings.js';
import { attributeOf } from '../objects/instances.js';
import { readString } from '../objects/strings.js';
import { isInstance, TypeFlag } from '../objects/type-flags.js';
import { identifier, publicModule } from './c-names.js';
import { CallKind } from './call-sites.js';
import { cythonFunctionName, isCythonFunction } from './cython-functions.js';

/** A C function, found from an object that is called or that an instruction works on. */
export interface Callable {
  /** `module.qualname`, such as `time.sleep`; empty when it is not a C function, or not known which. */
  readonly name: string;
  /** The object is there as long as its module or type is, so its address alone says what it is for a good while. */
  readonly lasting: boolean;
  /** Its type and its first field say what it is: what they point to lasts. */
  readonly byContent: boolean;
  /** Address of the function of Python that runs, otherwise 0. */
  readonly pythonFunction: number;
}

const notC: Callable = { name: '', lasting: false, byContent: true, pythonFunction: 0 };

function cNamed(name: string, lasting: boolean): Callable {
  return { name, lasting, byContent: true, pythonFunction: 0 };
}

/** Objects wrapped in one another that are followed: partials of bound methods of … */
const mostWrapped = 4;
const mostBases = 32;
const longestName = 200;

/**
 * Types whose `__next__` is over as soon as it has begun, or that run Python of their own: a name for them would say
 * nothing.
 */
const quietIterators = new Set([
  'generator',
  'coroutine',
  'async_generator',
  'list_iterator',
  'list_reverseiterator',
  'tuple_iterator',
  'range_iterator',
  'longrange_iterator',
  'dict_keyiterator',
  'dict_valueiterator',
  'dict_itemiterator',
  'set_iterator',
  'enumerate',
  'zip',
  // Python 2.
  ...['listiterator', 'listreverseiterator', 'tupleiterator', 'rangeiterator', 'setiterator', 'iterator'],
]);

/**
 * Types of Python 2 that stand for what a program itself defines: classes without a base, their instances and the
 * methods of either. What an instruction does with one of them says nothing.
 */
const classicTypes = new Set(['classobj', 'instance', 'instancemethod']);

/**
 * The C function that the object at `address` makes a call of `kind` run. `other` is the object in the slot after it.
 * Whatever lies there is checked to be an object of a known kind; nothing is guessed.
 */
export function readCallable(
  memory: TargetMemory,
  layout: Layout,
  address: number,
  kind: CallKind,
  other = 0,
): Callable {
  if (!isPointer(address)) return notC;
  if (kind === CallKind.call) return called(memory, layout, address, 0);
  const type = readPointer(memory, address + layout.object.type);
  if (kind === CallKind.enter) return entered(memory, layout, address, type);
  if (kind === CallKind.power || kind === CallKind.matmul) {
    const method = kind === CallKind.power ? '__pow__' : '__matmul__';
    const same = readPointer(memory, other + layout.object.type) === type;
    return same ? methodOf(memory, layout, type, method) : notC;
  }
  if (kind === CallKind.contains) return methodOf(memory, layout, type, '__contains__');
  // From 3.15 lists and tuples are gone through without an iterator.
  if (!isPointer(readPointer(memory, type + layout.type.next))) return notC;
  const name = readCString(memory, readPointer(memory, type + layout.type.name));
  return name === undefined || quietIterators.has(name)
    ? notC
    : methodOf(memory, layout, type, layout.python2 ? 'next' : '__next__');
}

/** A class statement can give any name, so what is a struct of the interpreter's by its name must be static. */
function builtInName(name: string, flags: number): string {
  return (flags & TypeFlag.heapType) === 0 || name === 'functools.partial' ? name : '';
}

function called(memory: TargetMemory, layout: Layout, address: number, wrapped: number): Callable {
  if (wrapped > mostWrapped || !isPointer(address)) return notC;
  const type = readPointer(memory, address + layout.object.type);
  const typeName = isPointer(type)
    ? readCString(memory, readPointer(memory, type + layout.type.name))
    : undefined;
  if (typeName === undefined) return notC;
  const flags = flagsOf(memory, layout, type);
  const follow = (offset: number): Callable => {
    const found = called(memory, layout, readPointer(memory, address + offset), wrapped + 1);
    return { ...found, lasting: false, byContent: found.lasting };
  };
  switch (builtInName(typeName, flags)) {
    // Its own frame shows it.
    case 'function':
      return { name: '', lasting: true, byContent: true, pythonFunction: address };
    case 'method':
      return follow(layout.boundMethod.function);
    // Its struct is in no header: the function follows the object header.
    case 'functools.partial':
      return follow(layout.object.size);
    // So does the descriptor here. What pybind11 wraps its methods in holds nothing else, and bound methods of Python 2
    // have it first.
    case 'method-wrapper':
    case 'instancemethod':
      return follow(layout.object.size);
    case 'builtin_function_or_method':
    case 'builtin_method':
      return cFunction(memory, layout, address);
    case 'method_descriptor':
    case 'classmethod_descriptor':
      return descriptor(memory, layout, address, layout.descriptor.definition);
    case 'wrapper_descriptor':
      return descriptor(memory, layout, address, layout.descriptor.slot);
  }
  // The struct of Cython's functions is another in Python 2.
  if (!layout.python2 && isCythonFunction(typeName)) {
    const name = cythonFunctionName(memory, layout, address);
    return name === undefined ? notC : cNamed(name, true);
  }
  if ((flags & TypeFlag.type) !== 0) {
    const name = cTypeName(memory, layout, address);
    return name === undefined ? { ...notC, lasting: true } : cNamed(name, true);
  }
  return instanceCalled(memory, layout, address, type, builtInName(typeName, flags));
}

/**
 * PyCFunctionObject: the definition's name, and what the function belongs to: a module, or the type that defines it.
 * `m_self` may be anything that whoever made the function wants to be given (pybind11 keeps a capsule there), so it
 * says what the function belongs to only when its type has this very definition.
 */
function cFunction(memory: TargetMemory, layout: Layout, address: number): Callable {
  const { definition, self, module } = layout.cFunction;
  const bytes = memory.read(address, Math.max(definition, self, module) + 8);
  if (!bytes) return notC;
  const fields = new ByteReader(bytes);
  const name = identifier(readCString(memory, readPointer(memory, fields.u64(definition))));
  if (name === undefined) return notC;
  const moduleName = readString(memory, layout, fields.u64(module), longestName);
  const owner = fields.u64(self);
  const type = isPointer(owner) ? readPointer(memory, owner + layout.object.type) : 0;
  const ownerIsType = (flagsOf(memory, layout, type) & TypeFlag.type) !== 0;
  // From 3.15 static methods have a module, too.
  const ofClass = ownerIsType ? definingType(memory, layout, owner, fields.u64(definition)) : undefined;
  if (ofClass === undefined && moduleName !== undefined && moduleName !== '')
    return cNamed(`${publicModule(moduleName)}.${name}`, true);
  if (!isPointer(owner)) return cNamed(name, false);
  // Every type's `__new__` has the one definition, which is in no list.
  const qualifier =
    ownerIsType && name === '__new__'
      ? nearestCType(memory, layout, owner)
      : (ofClass ?? definingType(memory, layout, type, fields.u64(definition)));
  // A type keeps its `__new__`: not its definition, but only where it is says whose it is.
  return qualifier === undefined ? notC : cNamed(`${qualifier}.${name}`, name === '__new__');
}

/** sizeof PyMethodDef: name, function, flags, doc. */
const methodSize = 32;
const mostMethods = 1000;

/** The type, or the first of its bases, whose `tp_methods` hold the PyMethodDef at an address. */
function definingType(
  memory: TargetMemory,
  layout: Layout,
  type: number,
  definition: number,
): string | undefined {
  let at = type;
  for (let steps = 0; steps < mostBases && isPointer(at); steps++) {
    // `tp_methods` is the field before `tp_members`.
    const methods = readPointer(memory, at + layout.type.members - 8);
    const offset = definition - methods;
    if (offset >= 0 && offset < mostMethods * methodSize && offset % methodSize === 0) {
      const bytes = memory.read(methods, offset + methodSize);
      const fields = bytes && new ByteReader(bytes);
      let isIn = fields !== undefined;
      // A null name ends the array.
      for (let entry = 0; isIn && entry <= offset; entry += methodSize) isIn = fields?.u64(entry) !== 0;
      if (isIn) return cTypeName(memory, layout, at);
    }
    at = readPointer(memory, at + layout.type.base);
  }
  return undefined;
}

/** PyMethodDescrObject and PyWrapperDescrObject: both definitions begin with the pointer to their name. */
function descriptor(memory: TargetMemory, layout: Layout, address: number, at: number): Callable {
  const type = readPointer(memory, address + layout.descriptor.type);
  const definition = readPointer(memory, address + at);
  const name = identifier(readCString(memory, readPointer(memory, definition)));
  const qualifier = isPointer(type) ? cTypeName(memory, layout, type) : undefined;
  return name === undefined || qualifier === undefined ? notC : cNamed(`${qualifier}.${name}`, true);
}

/** An object that can be called because its type is written in C. */
function instanceCalled(
  memory: TargetMemory,
  layout: Layout,
  address: number,
  type: number,
  typeName: string,
): Callable {
  // Both types are static in all versions of numpy.
  if (typeName === 'numpy.ufunc') {
    // PyUFuncObject of numpy/ufuncobject.h: `name` follows four ints, two pointers and two ints.
    const name = identifier(readCString(memory, readPointer(memory, address + layout.object.size + 40)));
    if (name !== undefined) return cNamed(`numpy.${name}`, true);
  }
  if (typeName === 'numpy._ArrayFunctionDispatcher') {
    const text = readString(memory, layout, attributeOf(memory, layout, address, '__name__'), 200);
    const name = identifier(text);
    if (name !== undefined) return cNamed(`numpy.${name}`, true);
  }
  // What a call gave back lies where its callable lay.
  if (!isPointer(readPointer(memory, type + layout.type.call))) return notC;
  const name = cTypeName(memory, layout, type);
  return name === undefined ? notC : cNamed(`${name}.__call__`, false);
}

/** `with`: the context manager itself, or already its `__exit__`, bound, in its place (up to 3.11). */
function entered(memory: TargetMemory, layout: Layout, address: number, type: number): Callable {
  const typeName = isPointer(type)
    ? readCString(memory, readPointer(memory, type + layout.type.name))
    : undefined;
  if (
    typeName === undefined ||
    builtInName(typeName, flagsOf(memory, layout, type)) !== 'builtin_function_or_method'
  )
    return methodOf(memory, layout, type, '__enter__');
  const { name } = cFunction(memory, layout, address);
  if (!name.endsWith('.__exit__')) return notC;
  // Of what all bound methods of C have in common nothing says which one it is.
  return { ...cNamed(name.replace(/exit__$/, 'enter__'), false), byContent: false };
}

function methodOf(memory: TargetMemory, layout: Layout, type: number, method: string): Callable {
  const name = isPointer(type) ? cTypeName(memory, layout, type) : undefined;
  return name === undefined ? notC : cNamed(`${name}.${method}`, false);
}

/** The type itself, or the first of its bases that is written in C. */
function nearestCType(memory: TargetMemory, layout: Layout, type: number): string | undefined {
  let at = type;
  for (let steps = 0; steps < mostBases && isPointer(at); steps++) {
    const name = cTypeName(memory, layout, at);
    if (name !== undefined) return name;
    at = readPointer(memory, at + layout.type.base);
  }
  return undefined;
}

/**
 * `module.qualname` of a type written in C, `undefined` for one made by a class statement. Both can lie on the heap,
 * but only C names its types with their module in `tp_name` and without it in `ht_name`.
 */
function cTypeName(memory: TargetMemory, layout: Layout, type: number): string | undefined {
  const name = readCString(memory, readPointer(memory, type + layout.type.name));
  const flags = flagsOf(memory, layout, type);
  if (name === undefined || !/^[\p{L}_][\w\p{L}]*(\.[\p{L}_][\w\p{L}]*)*$/u.test(name)) return undefined;
  if (!isInstance(memory, layout, type, TypeFlag.type)) return undefined;
  const isHeapType = (flags & TypeFlag.heapType) !== 0;
  if (layout.python2 && classicTypes.has(name)) return undefined;
  if (!name.includes('.')) return isHeapType ? undefined : `${builtinsModule(layout)}.${name}`;
  const ownName = readPointer(memory, type + layout.typeObject.heapName);
  if (isHeapType && readString(memory, layout, ownName, longestName) === name) return undefined;
  const dot = name.lastIndexOf('.');
  return `${publicModule(name.slice(0, dot))}${name.slice(dot)}`;
}

/** `tp_flags`; 0 of what is no type that can be read. */
function flagsOf(memory: TargetMemory, layout: Layout, type: number): number {
  const flags = isPointer(type) ? memory.read(type + layout.type.flags, 4) : undefined;
  return flags ? new ByteReader(flags).u32(0) : 0;
}

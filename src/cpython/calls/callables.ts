import { ByteReader } from '../../bytes/byte-reader.js';
import { isPointer, readPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { Layout } from '../layout.js';
import { readCString } from '../objects/c-strings.js';
import { attributeOf } from '../objects/instances.js';
import { readString } from '../objects/strings.js';
import { isInstance, TypeFlag } from '../objects/type-flags.js';
import { CallKind } from './call-sites.js';
import { publicModules } from './public-modules.js';

/** A C function, found from an object that is called or that an instruction works on. */
export interface Callable {
  /** `module.qualname`, such as `time.sleep`; empty when it is no C function, or it cannot be told which. */
  readonly name: string;
  /** The object is there as long as its module or type is, so its address alone says what it is for a good while. */
  readonly lasting: boolean;
  /** Address of the function of Python that runs, otherwise 0. */
  readonly pythonFunction: number;
}

const notC: Callable = { name: '', lasting: false, pythonFunction: 0 };

function cNamed(name: string, lasting: boolean): Callable {
  return { name, lasting, pythonFunction: 0 };
}

/** Objects wrapped in one another that are followed: partials of bound methods of … */
const mostWrapped = 4;
const mostBases = 32;

/**
 * Types whose `__next__` is over as soon as it has begun, or that run Python of their own: a name for them would say nothing.
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
]);

/**
 * The C function that the object at `address` makes a call of `kind` run. `other` is the object in the slot after it. Whatever
 * lies there is checked to be an object of a known kind; nothing is guessed.
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
  return name === undefined || quietIterators.has(name) ? notC : methodOf(memory, layout, type, '__next__');
}

function called(memory: TargetMemory, layout: Layout, address: number, wrapped: number): Callable {
  if (wrapped > mostWrapped || !isPointer(address)) return notC;
  const type = readPointer(memory, address + layout.object.type);
  const typeName = isPointer(type)
    ? readCString(memory, readPointer(memory, type + layout.type.name))
    : undefined;
  if (typeName === undefined) return notC;
  const follow = (offset: number): Callable => {
    const found = called(memory, layout, readPointer(memory, address + offset), wrapped + 1);
    return { ...found, lasting: false };
  };
  switch (typeName) {
    // Its own frame tells of it.
    case 'function':
      return { name: '', lasting: true, pythonFunction: address };
    case 'method':
      return follow(layout.boundMethod.function);
    // Its struct is in no header: the function follows the object header.
    case 'functools.partial':
      return follow(layout.object.size);
    // The descriptor follows the object header.
    case 'method-wrapper':
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
  if (/(^|\.)cython_function_or_method$/.test(typeName)) return cythonFunction(memory, layout, address);
  const flags = memory.read(type + layout.type.flags, 4);
  if (flags && (new ByteReader(flags).u32(0) & TypeFlag.type) !== 0) {
    const name = cTypeName(memory, layout, address);
    return name === undefined ? { ...notC, lasting: true } : cNamed(name, true);
  }
  return instanceCalled(memory, layout, address, type, typeName);
}

/** PyCFunctionObject: the definition's name, and what the function belongs to: a module, a type, or the type of an object. */
function cFunction(memory: TargetMemory, layout: Layout, address: number): Callable {
  const { definition, self, module } = layout.cFunction;
  const bytes = memory.read(address, Math.max(definition, self, module) + 8);
  if (!bytes) return notC;
  const fields = new ByteReader(bytes);
  const name = identifier(readCString(memory, readPointer(memory, fields.u64(definition))));
  if (name === undefined) return notC;
  const moduleName = readString(memory, layout, fields.u64(module), 200);
  const owner = fields.u64(self);
  if (moduleName !== undefined && moduleName !== '')
    return cNamed(`${publicModule(moduleName)}.${name}`, true);
  if (!isPointer(owner)) return cNamed(name, false);
  const type = readPointer(memory, owner + layout.object.type);
  const flags = isPointer(type) ? memory.read(type + layout.type.flags, 4) : undefined;
  const ownerIsType = flags && (new ByteReader(flags).u32(0) & TypeFlag.type) !== 0;
  const qualifier = nearestCType(memory, layout, ownerIsType ? owner : type);
  return qualifier === undefined ? notC : cNamed(`${qualifier}.${name}`, false);
}

/** Bytes of Cython's function objects in which their names are, whatever the version. */
const cythonFields = 160;

/**
 * Cython's functions begin with a PyCFunctionObject. Somewhere behind it, where differs with its version, is their qualified name: a string that
 * ends with the name.
 */
function cythonFunction(memory: TargetMemory, layout: Layout, address: number): Callable {
  const found = cFunction(memory, layout, address);
  const bytes = memory.read(address, cythonFields);
  if (found.name === '' || !bytes) return found;
  const fields = new ByteReader(bytes);
  const dot = found.name.lastIndexOf('.');
  const ending = found.name.slice(dot);
  for (let at = layout.cFunction.module + 8; at < cythonFields; at += 8) {
    const text = readString(memory, layout, fields.u64(at), 200);
    if (text?.endsWith(ending)) return { ...found, name: `${found.name.slice(0, dot)}.${text}` };
  }
  return found;
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
  if (typeName !== 'builtin_function_or_method') return methodOf(memory, layout, type, '__enter__');
  const { name } = cFunction(memory, layout, address);
  return name.endsWith('.__exit__') ? cNamed(name.replace(/exit__$/, 'enter__'), false) : notC;
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
 * `module.qualname` of a type written in C, `undefined` for one made by a class statement. Both can lie on the heap, but only C names
 * its types with their module in `tp_name`.
 */
function cTypeName(memory: TargetMemory, layout: Layout, type: number): string | undefined {
  const name = readCString(memory, readPointer(memory, type + layout.type.name));
  const flags = memory.read(type + layout.type.flags, 4);
  if (name === undefined || !flags || !/^[\p{L}_][\w\p{L}]*(\.[\p{L}_][\w\p{L}]*)*$/u.test(name))
    return undefined;
  if (!isInstance(memory, layout, type, TypeFlag.type)) return undefined;
  const isHeapType = (new ByteReader(flags).u32(0) & TypeFlag.heapType) !== 0;
  if (!name.includes('.')) return isHeapType ? undefined : `builtins.${name}`;
  const dot = name.lastIndexOf('.');
  return `${publicModule(name.slice(0, dot))}${name.slice(dot)}`;
}

function publicModule(module: string): string {
  return publicModules[module] ?? module;
}

/** What names in C look like; anything else was never one. */
function identifier(name: string | undefined): string | undefined {
  return name !== undefined && /^[\p{L}_<][\w.<>\p{L}]*$/u.test(name) ? name : undefined;
}

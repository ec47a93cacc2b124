import { ByteReader } from '../../bytes/byte-reader.js';
import { readPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { Layout } from '../layout.js';
import { readCString } from '../objects/c-strings.js';
import { typeName } from '../objects/instances.js';
import { readString } from '../objects/strings.js';
import { isInstance, TypeFlag } from '../objects/type-flags.js';
import { identifier, publicModule } from './c-names.js';

const longestName = 200;

/**
 * Whether `tp_name` is that of Cython's own type of functions, which each of its versions and kinds of build has
 * anew.
 */
export function isCythonFunction(typeName: string): boolean {
  return /(^|\.)(cython_function_or_method|fused_cython_function)$/.test(typeName);
}

/** Bytes of Cython's function objects in which their names are, whatever the version. */
const cythonFields = 160;

/**
 * Cython's function objects (Cython/Utility/CythonFunction.c), from 0.29 to 3.3:
 *
 *   header │ PyCFunctionObject's fields, m_self the object itself │ …                     the usual build
 *   header │ pointer to a PyCFunctionObject, its m_self the object │ …                    Py_LIMITED_API, 3.0 to 3.2
 *   header │ PyMethodDef │ name of the module, a str │ …                                  Py_LIMITED_API, from 3.3 on
 *   … │ name, a str or 0 │ qualified name, a str │ doc │ globals, a dict │ …              in all of them
 */
export function cythonFunctionName(
  memory: TargetMemory,
  layout: Layout,
  address: number,
): string | undefined {
  const { definition, self, module } = layout.cFunction;
  const bytes = memory.read(address, cythonFields);
  if (!bytes) return undefined;
  const fields = new ByteReader(bytes);
  const text = (pointer: number) => readString(memory, layout, pointer, longestName);
  let method = fields.u64(definition);
  let moduleName = fields.u64(self) === address ? text(fields.u64(module)) : text(fields.u64(self));
  if (typeName(memory, layout, method) === 'builtin_function_or_method') {
    const inner = memory.read(method, module + 8);
    if (!inner) return undefined;
    const innerFields = new ByteReader(inner);
    if (innerFields.u64(self) !== address) return undefined;
    method = innerFields.u64(definition);
    moduleName = text(innerFields.u64(module));
  }
  const name = identifier(readCString(memory, readPointer(memory, method)));
  if (name === undefined || identifier(moduleName) === undefined) return undefined;
  for (let at = self + 8; at + 32 <= cythonFields; at += 8) {
    const first = fields.u64(at);
    const qualified = identifier(text(fields.u64(at + 8)));
    if (qualified === undefined || (first !== 0 && text(first) === undefined)) continue;
    if (!isInstance(memory, layout, fields.u64(at + 24), TypeFlag.dict)) continue;
    return `${publicModule(moduleName!)}.${qualified}`;
  }
  return undefined;
}

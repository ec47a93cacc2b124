// Writes src/cpython/layouts/pythonX_Y.ts from the headers of a CPython: `node tools/generate-layouts.mjs
// INCLUDE_DIR...`, each the folder that holds Python.h of one version; of 3.13 and later also the layout of the
// free-threaded build, pythonX_Yt.ts, since headers have both. Needs cc, or what CC names; RUN is put before the
// compiled program where that is one for another machine, and OUT names a folder to write to instead. The offsets are
// printed by a compiled program, so they are the compiler's and not anybody's reading of the structs.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';

const layouts = process.env.OUT
  ? `${process.env.OUT}/`
  : fileURLToPath(new URL('../src/cpython/layouts/', import.meta.url));

/**
 * path in Layout → [struct, member] by version; `null`: this version has none; `sizeof` as member: its size. `minor` is
 * that of Python 3, and below 0 for Python 2.
 */
function fields(minor) {
  const python2 = minor < 0;
  const from = (first, value, otherwise = null) => (minor >= first ? value : otherwise);
  const thread = 'PyThreadState';
  const interpreter = 'PyInterpreterState';
  const frame = from(11, '_PyInterpreterFrame', 'PyFrameObject');
  const keys = 'PyDictKeysObject';
  return {
    'runtime.interpretersHead': from(7, ['_PyRuntimeState', 'interpreters.head']),
    'runtime.gilThreadState':
      minor >= 7 && minor <= 11 ? ['_PyRuntimeState', 'gilstate.tstate_current'] : null,
    'runtime.finalizing': from(7, ['_PyRuntimeState', from(9, '_finalizing', 'finalizing')]),
    'interpreter.next': [interpreter, 'next'],
    'interpreter.id': from(7, [interpreter, 'id']),
    'interpreter.threadsHead': [interpreter, from(11, 'threads.head', 'tstate_head')],
    'interpreter.modules': [interpreter, from(12, 'imports.modules', 'modules')],
    'interpreter.gil': from(12, [interpreter, 'ceval.gil']),
    'gil.locked': from(12, ['struct _gil_runtime_state', 'locked']),
    'gil.lastHolder': from(7, ['struct _gil_runtime_state', 'last_holder']),
    'gil.switches': from(7, ['struct _gil_runtime_state', 'switch_number']),
    'threadState.size': [thread, 'sizeof'],
    'threadState.next': [thread, 'next'],
    'threadState.interpreter': [thread, 'interp'],
    'threadState.frame': [thread, from(13, 'current_frame', from(11, 'cframe', 'frame'))],
    'threadState.recursionDepth': minor <= 10 ? [thread, 'recursion_depth'] : null,
    'threadState.threadId': [thread, 'thread_id'],
    'threadState.nativeThreadId': from(11, [thread, 'native_thread_id']),
    'threadState.dataStackChunk': from(11, [thread, 'datastack_chunk']),
    'cFrame.currentFrame': minor === 11 || minor === 12 ? ['_PyCFrame', 'current_frame'] : null,
    'stackChunk.previous': from(11, ['_PyStackChunk', 'previous']),
    'stackChunk.size': from(11, ['_PyStackChunk', 'size']),
    'stackChunk.data': from(11, ['_PyStackChunk', 'data']),
    'frame.size': [frame, from(11, 'localsplus', 'sizeof')],
    'frame.previous': [frame, from(11, 'previous', 'f_back')],
    'frame.code': [frame, from(13, 'f_executable', 'f_code')],
    'frame.instruction': [frame, from(13, 'instr_ptr', from(11, 'prev_instr', 'f_lasti'))],
    'frame.globals': [frame, 'f_globals'],
    'frame.owner': from(11, [frame, 'owner']),
    'frame.isEntry': minor === 11 ? [frame, 'is_entry'] : null,
    'frame.localsPlus': [frame, from(11, 'localsplus', 'f_localsplus')],
    'frame.stackPointer': from(14, [frame, 'stackpointer']),
    'code.size': ['PyCodeObject', 'sizeof'],
    'code.name': ['PyCodeObject', 'co_name'],
    'code.qualifiedName': from(11, ['PyCodeObject', 'co_qualname']),
    'code.fileName': ['PyCodeObject', 'co_filename'],
    'code.firstLine': ['PyCodeObject', 'co_firstlineno'],
    'code.lineTable': ['PyCodeObject', from(10, 'co_linetable', 'co_lnotab')],
    'code.instructions': from(11, ['PyCodeObject', 'co_code_adaptive']),
    'code.argCount': ['PyCodeObject', 'co_argcount'],
    'code.localsPlusNames': ['PyCodeObject', from(11, 'co_localsplusnames', 'co_varnames')],
    'code.localsPlusKinds': from(11, ['PyCodeObject', 'co_localspluskinds']),
    'object.type': ['PyObject', 'ob_type'],
    'type.name': ['PyTypeObject', 'tp_name'],
    'type.flags': ['PyTypeObject', 'tp_flags'],
    'type.dictOffset': ['PyTypeObject', 'tp_dictoffset'],
    'type.basicSize': ['PyTypeObject', 'tp_basicsize'],
    'type.itemSize': ['PyTypeObject', 'tp_itemsize'],
    'type.members': ['PyTypeObject', 'tp_members'],
    'type.base': ['PyTypeObject', 'tp_base'],
    'heapType.cachedKeys': from(0, ['PyHeapTypeObject', 'ht_cached_keys']),
    'unicode.length': [python2 ? 'PyUnicodeObject' : 'PyASCIIObject', 'length'],
    'unicode.state': from(0, ['PyASCIIObject', 'state']),
    'unicode.asciiSize': from(0, ['PyASCIIObject', 'sizeof']),
    'unicode.compactSize': from(0, ['PyCompactUnicodeObject', 'sizeof']),
    'bytes.size': ['PyVarObject', 'ob_size'],
    'bytes.data': ['PyBytesObject', 'ob_sval'],
    'dict.used': ['PyDictObject', 'ma_used'],
    'dict.keys': from(0, ['PyDictObject', 'ma_keys']),
    'dict.values': from(0, ['PyDictObject', 'ma_values']),
    'dictKeys.size': from(0, [keys, from(11, 'dk_log2_size', 'dk_size')]),
    'dictKeys.log2IndexBytes': from(11, [keys, 'dk_log2_index_bytes']),
    'dictKeys.kind': from(11, [keys, 'dk_kind']),
    'dictKeys.entryCount': from(0, [keys, 'dk_nentries']),
    'dictKeys.indices': from(0, [keys, 'dk_indices']),
    'dictValues.capacity': from(13, ['PyDictValues', 'capacity']),
    'dictValues.valid': from(13, ['PyDictValues', 'valid']),
    'dictValues.values': from(11, ['PyDictValues', 'values']),
    'tuple.size': ['PyVarObject', 'ob_size'],
    'tuple.items': ['PyTupleObject', 'ob_item'],
    'list.size': ['PyVarObject', 'ob_size'],
    'list.items': ['PyListObject', 'ob_item'],
    'long.digits': from(12, ['PyLongObject', 'long_value.ob_digit'], ['PyLongObject', 'ob_digit']),
    'long.tag': from(12, ['PyLongObject', 'long_value.lv_tag'], ['PyVarObject', 'ob_size']),
    'runtime.gil': minor >= 7 && minor <= 11 ? ['_PyRuntimeState', 'ceval.gil'] : null,
    'runtime.gc': minor === 7 || minor === 8 ? ['_PyRuntimeState', 'gc'] : null,
    'interpreter.gc': from(9, [interpreter, 'gc']),
    'gil.size': from(7, ['struct _gil_runtime_state', 'sizeof'], python2 ? ['sem_t', 'sizeof'] : null),
    'gc.collecting': from(7, ['struct _gc_runtime_state', 'collecting']),
    'gc.generations': minor === 7 ? ['struct _gc_runtime_state', 'generations'] : null,
    'gc.firstGeneration': minor === 7 ? ['struct _gc_runtime_state', 'generation0'] : null,
    'code.flags': ['PyCodeObject', 'co_flags'],
    'code.localCount': ['PyCodeObject', from(11, 'co_nlocalsplus', 'co_nlocals')],
    'code.cellNames': minor <= 10 ? ['PyCodeObject', 'co_cellvars'] : null,
    'code.freeNames': minor <= 10 ? ['PyCodeObject', 'co_freevars'] : null,
    'code.bytecode': minor <= 10 ? ['PyCodeObject', 'co_code'] : null,
    'code.names': ['PyCodeObject', 'co_names'],
    'code.exceptionTable': from(11, ['PyCodeObject', 'co_exceptiontable']),
    'code.unitCount': from(11, ['PyVarObject', 'ob_size']),
    'object.size': ['PyObject', 'sizeof'],
    'type.call': ['PyTypeObject', 'tp_call'],
    'type.next': ['PyTypeObject', 'tp_iternext'],
    'cFunction.definition': ['PyCFunctionObject', 'm_ml'],
    'cFunction.self': ['PyCFunctionObject', 'm_self'],
    'cFunction.module': ['PyCFunctionObject', 'm_module'],
    'descriptor.type': ['PyMethodDescrObject', python2 ? 'd_type' : 'd_common.d_type'],
    'descriptor.definition': ['PyMethodDescrObject', 'd_method'],
    'descriptor.slot': ['PyWrapperDescrObject', 'd_base'],
    'boundMethod.function': ['PyMethodObject', 'im_func'],
    'pythonFunction.code': ['PyFunctionObject', 'func_code'],
    // What only a dump reads.
    'variables.keywordOnlyCount': from(0, ['PyCodeObject', 'co_kwonlyargcount']),
    'variables.namespace': [frame, 'f_locals'],
    'typeObject.dict': ['PyTypeObject', 'tp_dict'],
    'typeObject.repr': ['PyTypeObject', 'tp_repr'],
    'typeObject.heapName': ['PyHeapTypeObject', 'ht_name'],
    'typeObject.qualifiedName': from(0, ['PyHeapTypeObject', 'ht_qualname']),
    'callable.functionName': ['PyFunctionObject', from(0, 'func_qualname', 'func_name')],
    'callable.boundSelf': ['PyMethodObject', 'im_self'],
    'callable.generatorName': from(0, ['PyGenObject', 'gi_qualname']),
    'set.used': ['PySetObject', 'used'],
    'set.mask': ['PySetObject', 'mask'],
    'set.table': ['PySetObject', 'table'],
    'set.entryKey': ['setentry', 'key'],
    'set.entryHash': ['setentry', 'hash'],
    'byteArray.start': ['PyByteArrayObject', python2 ? 'ob_bytes' : 'ob_start'],
    'cell.value': ['PyCellObject', 'ob_ref'],
    'float.value': ['PyFloatObject', 'ob_fval'],
    'complex.real': ['PyComplexObject', 'cval'],
    'exception.args': ['PyBaseExceptionObject', 'args'],
    'dictObject.size': ['PyDictObject', 'sizeof'],
  };
}

/** What only Python 2 has; `null`: found in the target. */
const python2Fields = {
  'python2.lock': null,
  'python2.characters': ['PyUnicodeObject', 'str'],
  'python2.characterWidth': null,
  'python2.dictMask': ['PyDictObject', 'ma_mask'],
  'python2.dictTable': ['PyDictObject', 'ma_table'],
  'python2.generatorCode': ['PyGenObject', 'gi_code'],
  'python2.smallInt': ['PyIntObject', 'ob_ival'],
  'python2.className': ['PyClassObject', 'cl_name'],
  'python2.classDict': ['PyClassObject', 'cl_dict'],
  'python2.instanceClass': ['PyInstanceObject', 'in_class'],
  'python2.instanceDict': ['PyInstanceObject', 'in_dict'],
};

/** What only a free-threaded build has. */
function freeThreadedFields(minor) {
  return {
    'freeThreading.gilEnabled': ['struct _gil_runtime_state', 'enabled'],
    'freeThreading.localReferences': ['PyObject', 'ob_ref_local'],
    'freeThreading.sharedReferences': ['PyObject', 'ob_ref_shared'],
    'freeThreading.collectorBits': ['PyObject', 'ob_gc_bits'],
    'freeThreading.bytecodeCopies': minor >= 14 ? ['PyCodeObject', 'co_tlbc'] : null,
  };
}

/** Field of Layout → member of _Py_DebugOffsets, for what that table has of the target's own build. */
const debugOffsets = {
  'runtime.interpretersHead': 'runtime_state.interpreters_head',
  'runtime.finalizing': 'runtime_state.finalizing',
  'interpreter.next': 'interpreter_state.next',
  'interpreter.id': 'interpreter_state.id',
  'interpreter.threadsHead': 'interpreter_state.threads_head',
  'interpreter.modules': 'interpreter_state.imports_modules',
  'interpreter.gil': 'interpreter_state.ceval_gil',
  'interpreter.gc': 'interpreter_state.gc',
  'gc.collecting': 'gc.collecting',
  'threadState.size': 'thread_state.size',
  'threadState.next': 'thread_state.next',
  'threadState.interpreter': 'thread_state.interp',
  'threadState.frame': 'thread_state.current_frame',
  'threadState.threadId': 'thread_state.thread_id',
  'threadState.nativeThreadId': 'thread_state.native_thread_id',
  'threadState.dataStackChunk': 'thread_state.datastack_chunk',
  'frame.previous': 'interpreter_frame.previous',
  'frame.code': 'interpreter_frame.executable',
  'frame.instruction': 'interpreter_frame.instr_ptr',
  'frame.owner': 'interpreter_frame.owner',
  'frame.localsPlus': 'interpreter_frame.localsplus',
  'code.size': 'code_object.size',
  'code.name': 'code_object.name',
  'code.qualifiedName': 'code_object.qualname',
  'code.fileName': 'code_object.filename',
  'code.firstLine': 'code_object.firstlineno',
  'code.lineTable': 'code_object.linetable',
  'code.instructions': 'code_object.co_code_adaptive',
  'object.type': 'pyobject.ob_type',
  'type.name': 'type_object.tp_name',
  'type.flags': 'type_object.tp_flags',
  'unicode.length': 'unicode_object.length',
  'unicode.state': 'unicode_object.state',
  'unicode.asciiSize': 'unicode_object.asciiobject_size',
  'bytes.size': 'bytes_object.ob_size',
  'bytes.data': 'bytes_object.ob_sval',
  'dict.keys': 'dict_object.ma_keys',
  'dict.values': 'dict_object.ma_values',
};

function headers(minor) {
  if (minor <= 7) return minor < 7 ? [] : ['pystate.h', 'gil.h'];
  const names = ['pycore_pystate.h', 'pycore_code.h', 'pycore_dict.h'];
  if (minor >= 9) names.push('pycore_interp.h', 'pycore_runtime.h');
  if (minor >= 11) names.push('pycore_frame.h');
  if (minor >= 14) names.push('pycore_interpframe_structs.h', 'pycore_debug_offsets.h');
  return names;
}

function program(minor, isFreeThreaded) {
  const lines = [
    '#define Py_BUILD_CORE 1',
    ...(isFreeThreaded ? ['#define Py_GIL_DISABLED 1'] : []),
    '#include "Python.h"',
    '#include "frameobject.h"',
    ...(minor < 0 ? ['#include "structmember.h"', '#include "longintrepr.h"', '#include <semaphore.h>'] : []),
    '#include <stddef.h>',
    '#include <stdio.h>',
  ];
  // Up to 3.10 the struct of a dict's keys is in no public header; this is Objects/dict-common.h.
  if (minor >= 0 && minor <= 10)
    lines.push(
      'typedef struct { Py_ssize_t dk_refcnt; Py_ssize_t dk_size; void *dk_lookup; Py_ssize_t dk_usable; Py_ssize_t dk_nentries; char dk_indices[]; } KeysOfDict;',
    );
  for (const header of headers(minor))
    lines.push(`#if __has_include("internal/${header}")\n#include "internal/${header}"\n#endif`);
  lines.push('int main(void) {');
  const all = {
    ...fields(minor),
    ...(minor < 0 ? python2Fields : {}),
    ...(isFreeThreaded ? freeThreadedFields(minor) : {}),
  };
  for (const [path, field] of Object.entries(all)) {
    let [struct, member] = field ?? [];
    if (minor <= 10 && struct === 'PyDictKeysObject') struct = 'KeysOfDict';
    const value = !field
      ? '-1'
      : member === 'sizeof'
        ? `(long)sizeof(${struct})`
        : `(long)offsetof(${struct}, ${member})`;
    lines.push(`printf("${path}=%ld\\n", (long)${value});`);
  }
  // Bit fields have no offset: `kind` begins at bit 2 where there is a GIL.
  if (isFreeThreaded)
    lines.push(
      'PyASCIIObject text = {0}; text.state.kind = 1;',
      'printf("freeThreading.stringStateShift=%d\\n", __builtin_ctz(*(unsigned *)&text.state) - 2);',
    );
  if (minor >= 13 && !isFreeThreaded) {
    for (const [path, member] of Object.entries(debugOffsets))
      lines.push(`printf("@${path}=%ld\\n", (long)offsetof(_Py_DebugOffsets, ${member}));`);
    lines.push('printf("@size=%ld\\n", (long)sizeof(_Py_DebugOffsets));');
  }
  lines.push(
    'printf("ownerShim=%d\\n", ' +
      (minor >= 14 ? 'FRAME_OWNED_BY_INTERPRETER' : minor >= 12 ? 'FRAME_OWNED_BY_CSTACK' : '-1') +
      ');',
  );
  lines.push('return 0; }');
  return lines.join('\n');
}

/** What a compiled program prints of the headers: a layout, and the table of offsets where there is one. */
function measured(include, minor, isFreeThreaded) {
  const folder = mkdtempSync(`${tmpdir()}/layout-`);
  try {
    writeFileSync(`${folder}/offsets.c`, program(minor, isFreeThreaded));
    execFileSync(
      process.env.CC ?? 'cc',
      [
        `-I${include}`,
        `-I${include}/internal`,
        `-I${include}/internal/mimalloc`,
        `-I${include}/..`,
        '-w',
        '-o',
        `${folder}/offsets`,
        `${folder}/offsets.c`,
      ],
      { stdio: 'inherit' },
    );
    const [run, ...words] = [...(process.env.RUN?.split(' ') ?? []), `${folder}/offsets`];
    const output = execFileSync(run, words, { encoding: 'utf8' });
    const layout = { major: minor < 0 ? 2 : 3, minor };
    const table = {};
    for (const line of output.trim().split('\n')) {
      const [path, value] = line.split('=');
      if (path.startsWith('@')) {
        table[path.slice(1)] = Number(value);
        continue;
      }
      const [group, name] = path.split('.');
      if (name) layout[group] = { ...layout[group], [name]: Number(value) };
      else layout[group] = Number(value);
    }
    return { layout, table };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Up to 3.7.3 objects were aligned to a double and not to a long double, which moves what comes after the collector's
 * state in the runtime. It is the only difference that the headers of 3.7 show.
 */
function measuredBefore3_7_4(include) {
  const folder = mkdtempSync(`${tmpdir()}/include-`);
  try {
    cpSync(include, folder, { recursive: true });
    const header = `${folder}/objimpl.h`;
    writeFileSync(header, readFileSync(header, 'utf8').replace('long double dummy', 'double dummy'));
    const { runtime, gc } = measured(folder, 7, false).layout;
    return { runtime, gc };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

for (const include of process.argv.slice(2)) {
  const version = /PY_VERSION\s+"([^"]+)"/.exec(readFileSync(`${include}/patchlevel.h`, 'utf8'))[1];
  const [major, second] = version.split('.').map(Number);
  // As `versions.ts` numbers them: Python 2 comes before all of Python 3.
  const minor = major === 2 ? -1 : second;
  generate(include, version, minor, false);
  if (minor >= 13) generate(include, version, minor, true);
}

function generate(include, version, minor, isFreeThreaded) {
  const name = `${version.split('.', 2).join('_')}${isFreeThreaded ? 't' : ''}`;
  // The table of offsets is the same for both builds.
  const hasTable = minor >= 13 && !isFreeThreaded;
  const { layout, table } = measured(include, minor, isFreeThreaded);
  const typed = hasTable ? "import type { DebugOffsetsTable } from '../debug-offsets.js';\n" : '';
  let text = `${typed}import type { Layout } from '../layout.js';\n\n`;
  text += `/** From the headers of CPython ${version}${isFreeThreaded ? ', free-threaded' : ''}, x86-64, by tools/generate-layouts.mjs. Not to be edited. */\n`;
  text += `export const python${name}: Layout = ${JSON.stringify(layout, null, 2)};\n`;
  if (minor === 7)
    text += `\n/** What is elsewhere up to 3.7.3. */\nexport const before3_7_4: Pick<Layout, 'runtime' | 'gc'> = ${JSON.stringify(measuredBefore3_7_4(include), null, 2)};\n`;
  if (hasTable)
    text += `\n/** Where the table at the start of _PyRuntime has these offsets of the target's own build. */\nexport const debugOffsets${name}: DebugOffsetsTable = ${JSON.stringify(table, null, 2)};\n`;
  writeFileSync(`${layouts}python${name}.ts`, text);
  console.log(`python${name}.ts from ${version}`);
}

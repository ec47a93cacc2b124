import type { DebugOffsetsTable } from '../debug-offsets.js';
import type { Layout } from '../layout.js';

/** From the headers of CPython 3.15.2, x86-64, by tools/generate-layouts.mjs. Not to be edited. */
export const python3_15: Layout = {
  "major": 3,
  "minor": 15,
  "runtime": {
    "interpretersHead": 936,
    "gilThreadState": -1,
    "finalizing": 912,
    "gil": -1,
    "gc": -1
  },
  "interpreter": {
    "next": 7264,
    "id": 7272,
    "threadsHead": 7336,
    "modules": 7592,
    "gil": 16,
    "gc": 7400
  },
  "gil": {
    "locked": 16,
    "lastHolder": 8,
    "switches": 24,
    "size": 208
  },
  "threadState": {
    "size": 888,
    "next": 8,
    "interpreter": 16,
    "frame": 72,
    "recursionDepth": -1,
    "threadId": 176,
    "nativeThreadId": 184,
    "dataStackChunk": 256
  },
  "cFrame": {
    "currentFrame": -1
  },
  "stackChunk": {
    "previous": 0,
    "size": 8,
    "data": 24
  },
  "frame": {
    "size": 80,
    "previous": 8,
    "code": 0,
    "instruction": 56,
    "globals": 24,
    "owner": 74,
    "isEntry": -1,
    "localsPlus": 80,
    "stackPointer": 64
  },
  "code": {
    "size": 216,
    "name": 120,
    "qualifiedName": 128,
    "fileName": 112,
    "firstLine": 68,
    "lineTable": 136,
    "instructions": 208,
    "argCount": 52,
    "localsPlusNames": 96,
    "localsPlusKinds": 104,
    "flags": 48,
    "localCount": 72,
    "cellNames": -1,
    "freeNames": -1,
    "bytecode": -1,
    "names": 32,
    "exceptionTable": 40,
    "unitCount": 16
  },
  "object": {
    "type": 8,
    "size": 16
  },
  "type": {
    "name": 24,
    "flags": 168,
    "dictOffset": 288,
    "basicSize": 32,
    "itemSize": 40,
    "members": 240,
    "base": 256,
    "call": 128,
    "next": 224
  },
  "heapType": {
    "cachedKeys": 888
  },
  "unicode": {
    "length": 16,
    "state": 32,
    "asciiSize": 40,
    "compactSize": 56
  },
  "bytes": {
    "size": 16,
    "data": 32
  },
  "dict": {
    "used": 16,
    "keys": 32,
    "values": 40
  },
  "dictKeys": {
    "size": 8,
    "log2IndexBytes": 9,
    "kind": 10,
    "entryCount": 24,
    "indices": 32
  },
  "dictValues": {
    "capacity": 0,
    "valid": 3,
    "values": 8
  },
  "tuple": {
    "size": 16,
    "items": 32
  },
  "list": {
    "size": 16,
    "items": 24
  },
  "long": {
    "digits": 24,
    "tag": 16
  },
  "gc": {
    "collecting": 112,
    "generations": -1,
    "firstGeneration": -1
  },
  "cFunction": {
    "definition": 16,
    "self": 24,
    "module": 32
  },
  "descriptor": {
    "type": 16,
    "definition": 40,
    "slot": 40
  },
  "boundMethod": {
    "function": 16
  },
  "pythonFunction": {
    "code": 48
  },
  "variables": {
    "keywordOnlyCount": 60,
    "namespace": 40
  },
  "typeObject": {
    "dict": 264,
    "repr": 88,
    "heapName": 864,
    "qualifiedName": 880
  },
  "callable": {
    "functionName": 40,
    "boundSelf": 24,
    "generatorName": 32
  },
  "set": {
    "used": 24,
    "mask": 32,
    "table": 40,
    "entryKey": 0,
    "entryHash": 8
  },
  "byteArray": {
    "start": 40
  },
  "cell": {
    "value": 16
  },
  "float": {
    "value": 16
  },
  "complex": {
    "real": 16
  },
  "exception": {
    "args": 24
  },
  "dictObject": {
    "size": 48
  },
  "ownerShim": 3
};

/** Where the table at the start of _PyRuntime has these offsets of the target's own build. */
export const debugOffsets3_15: DebugOffsetsTable = {
  "runtime.interpretersHead": 40,
  "runtime.finalizing": 32,
  "interpreter.next": 64,
  "interpreter.id": 56,
  "interpreter.threadsHead": 72,
  "interpreter.modules": 96,
  "interpreter.gil": 120,
  "interpreter.gc": 88,
  "gc.collecting": 760,
  "threadState.size": 176,
  "threadState.next": 192,
  "threadState.interpreter": 200,
  "threadState.frame": 208,
  "threadState.threadId": 240,
  "threadState.nativeThreadId": 248,
  "threadState.dataStackChunk": 256,
  "frame.previous": 320,
  "frame.code": 328,
  "frame.instruction": 336,
  "frame.owner": 352,
  "frame.localsPlus": 344,
  "code.size": 376,
  "code.name": 392,
  "code.qualifiedName": 400,
  "code.fileName": 384,
  "code.firstLine": 416,
  "code.lineTable": 408,
  "code.instructions": 448,
  "object.type": 472,
  "type.name": 488,
  "type.flags": 504,
  "unicode.length": 728,
  "unicode.state": 720,
  "unicode.asciiSize": 736,
  "bytes.size": 696,
  "bytes.data": 704,
  "dict.keys": 632,
  "dict.values": 640,
  "size": 888
};

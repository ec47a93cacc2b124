import type { DebugOffsetsTable } from '../debug-offsets.js';
import type { Layout } from '../layout.js';

/** From the headers of CPython 3.13.0, x86-64, by tools/generate-layouts.mjs. Not to be edited. */
export const python3_13: Layout = {
  "major": 3,
  "minor": 13,
  "runtime": {
    "interpretersHead": 632,
    "gilThreadState": -1,
    "finalizing": 608,
    "gil": -1,
    "gc": -1
  },
  "interpreter": {
    "next": 7264,
    "id": 7272,
    "threadsHead": 7344,
    "modules": 7656,
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
    "size": 304,
    "next": 8,
    "interpreter": 16,
    "frame": 72,
    "recursionDepth": -1,
    "threadId": 152,
    "nativeThreadId": 160,
    "dataStackChunk": 232
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
    "size": 72,
    "previous": 8,
    "code": 0,
    "instruction": 56,
    "globals": 24,
    "owner": 70,
    "isEntry": -1,
    "localsPlus": 72,
    "stackPointer": -1
  },
  "code": {
    "size": 208,
    "name": 120,
    "qualifiedName": 128,
    "fileName": 112,
    "firstLine": 68,
    "lineTable": 136,
    "instructions": 200,
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
    "cachedKeys": 880
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
    "items": 24
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
    "collecting": 200,
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
    "heapName": 856,
    "qualifiedName": 872
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
export const debugOffsets3_13: DebugOffsetsTable = {
  "runtime.interpretersHead": 40,
  "runtime.finalizing": 32,
  "interpreter.next": 64,
  "interpreter.id": 56,
  "interpreter.threadsHead": 72,
  "interpreter.modules": 88,
  "interpreter.gil": 112,
  "interpreter.gc": 80,
  "gc.collecting": 576,
  "threadState.size": 152,
  "threadState.next": 168,
  "threadState.interpreter": 176,
  "threadState.frame": 184,
  "threadState.threadId": 192,
  "threadState.nativeThreadId": 200,
  "threadState.dataStackChunk": 208,
  "frame.previous": 232,
  "frame.code": 240,
  "frame.instruction": 248,
  "frame.owner": 264,
  "frame.localsPlus": 256,
  "code.size": 272,
  "code.name": 288,
  "code.qualifiedName": 296,
  "code.fileName": 280,
  "code.firstLine": 312,
  "code.lineTable": 304,
  "code.instructions": 344,
  "object.type": 360,
  "type.name": 376,
  "type.flags": 392,
  "unicode.length": 552,
  "unicode.state": 544,
  "unicode.asciiSize": 560,
  "bytes.size": 520,
  "bytes.data": 528,
  "dict.keys": 456,
  "dict.values": 464,
  "size": 584
};

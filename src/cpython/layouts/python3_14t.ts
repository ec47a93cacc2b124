import type { Layout } from '../layout.js';

/** From the headers of CPython 3.14.10, free-threaded, x86-64, by tools/generate-layouts.mjs. Not to be edited. */
export const python3_14t: Layout = {
  "major": 3,
  "minor": 14,
  "runtime": {
    "interpretersHead": 808,
    "gilThreadState": -1,
    "finalizing": 784,
    "gil": -1,
    "gc": -1
  },
  "interpreter": {
    "next": 7272,
    "id": 7280,
    "threadsHead": 7344,
    "modules": 7712,
    "gil": 16,
    "gc": 7408
  },
  "gil": {
    "locked": 24,
    "lastHolder": 16,
    "switches": 32,
    "size": 216
  },
  "threadState": {
    "size": 832,
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
    "size": 80,
    "previous": 8,
    "code": 0,
    "instruction": 56,
    "globals": 24,
    "owner": 78,
    "isEntry": -1,
    "localsPlus": 80,
    "stackPointer": 64
  },
  "code": {
    "size": 240,
    "name": 136,
    "qualifiedName": 144,
    "fileName": 128,
    "firstLine": 84,
    "lineTable": 152,
    "instructions": 232,
    "argCount": 68,
    "localsPlusNames": 112,
    "localsPlusKinds": 120,
    "flags": 64,
    "localCount": 88,
    "cellNames": -1,
    "freeNames": -1,
    "bytecode": -1,
    "names": 48,
    "exceptionTable": 56,
    "unitCount": 32
  },
  "object": {
    "type": 24,
    "size": 32
  },
  "type": {
    "name": 40,
    "flags": 184,
    "dictOffset": 304,
    "basicSize": 48,
    "itemSize": 56,
    "members": 256,
    "base": 272,
    "call": 144,
    "next": 240
  },
  "heapType": {
    "cachedKeys": 896
  },
  "unicode": {
    "length": 32,
    "state": 48,
    "asciiSize": 56,
    "compactSize": 72
  },
  "bytes": {
    "size": 32,
    "data": 48
  },
  "dict": {
    "used": 32,
    "keys": 48,
    "values": 56
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
    "size": 32,
    "items": 48
  },
  "list": {
    "size": 32,
    "items": 40
  },
  "long": {
    "digits": 40,
    "tag": 32
  },
  "gc": {
    "collecting": 192,
    "generations": -1,
    "firstGeneration": -1
  },
  "cFunction": {
    "definition": 32,
    "self": 40,
    "module": 48
  },
  "descriptor": {
    "type": 32,
    "definition": 56,
    "slot": 56
  },
  "boundMethod": {
    "function": 32
  },
  "pythonFunction": {
    "code": 64
  },
  "variables": {
    "keywordOnlyCount": 76,
    "namespace": 40
  },
  "typeObject": {
    "dict": 280,
    "repr": 104,
    "heapName": 872,
    "qualifiedName": 888
  },
  "callable": {
    "functionName": 56,
    "boundSelf": 40,
    "generatorName": 48
  },
  "set": {
    "used": 40,
    "mask": 48,
    "table": 56,
    "entryKey": 0,
    "entryHash": 8
  },
  "byteArray": {
    "start": 56
  },
  "cell": {
    "value": 32
  },
  "float": {
    "value": 32
  },
  "complex": {
    "real": 32
  },
  "exception": {
    "args": 40
  },
  "dictObject": {
    "size": 64
  },
  "freeThreading": {
    "gilEnabled": 0,
    "localReferences": 12,
    "sharedReferences": 16,
    "collectorBits": 11,
    "bytecodeCopies": 224,
    "stringStateShift": 6
  },
  "ownerShim": 3
};

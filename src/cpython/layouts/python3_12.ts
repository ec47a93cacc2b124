import type { Layout } from '../layout.js';

/** From the headers of CPython 3.12.1, x86-64, by tools/generate-layouts.mjs. Not to be edited. */
export const python3_12: Layout = {
  "major": 3,
  "minor": 12,
  "runtime": {
    "interpretersHead": 40,
    "gilThreadState": -1,
    "finalizing": 24,
    "gil": -1,
    "gc": -1
  },
  "interpreter": {
    "next": 0,
    "id": 8,
    "threadsHead": 72,
    "modules": 944,
    "gil": 384,
    "gc": 112
  },
  "gil": {
    "locked": 16,
    "lastHolder": 8,
    "switches": 24,
    "size": 208
  },
  "threadState": {
    "size": 288,
    "next": 8,
    "interpreter": 16,
    "frame": 56,
    "recursionDepth": -1,
    "threadId": 136,
    "nativeThreadId": 144,
    "dataStackChunk": 232
  },
  "cFrame": {
    "currentFrame": 0
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
    "size": 200,
    "name": 120,
    "qualifiedName": 128,
    "fileName": 112,
    "firstLine": 68,
    "lineTable": 136,
    "instructions": 192,
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
    "capacity": -1,
    "valid": -1,
    "values": 0
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

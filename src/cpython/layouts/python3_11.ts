import type { Layout } from '../layout.js';

/** From the headers of CPython 3.11.7, x86-64, by tools/generate-layouts.mjs. Not to be edited. */
export const python3_11: Layout = {
  "major": 3,
  "minor": 11,
  "runtime": {
    "interpretersHead": 40,
    "gilThreadState": 576,
    "finalizing": 24,
    "gil": 360,
    "gc": -1
  },
  "interpreter": {
    "next": 0,
    "id": 48,
    "threadsHead": 16,
    "modules": 888,
    "gil": -1,
    "gc": 648
  },
  "gil": {
    "locked": -1,
    "lastHolder": 8,
    "switches": 24,
    "size": 208
  },
  "threadState": {
    "size": 360,
    "next": 8,
    "interpreter": 16,
    "frame": 56,
    "recursionDepth": -1,
    "threadId": 152,
    "nativeThreadId": 160,
    "dataStackChunk": 296
  },
  "cFrame": {
    "currentFrame": 8
  },
  "stackChunk": {
    "previous": 0,
    "size": 8,
    "data": 24
  },
  "frame": {
    "size": 72,
    "previous": 48,
    "code": 32,
    "instruction": 56,
    "globals": 8,
    "owner": 69,
    "isEntry": 68,
    "localsPlus": 72,
    "stackPointer": -1
  },
  "code": {
    "size": 192,
    "name": 120,
    "qualifiedName": 128,
    "fileName": 112,
    "firstLine": 72,
    "lineTable": 136,
    "instructions": 184,
    "argCount": 56,
    "localsPlusNames": 96,
    "localsPlusKinds": 104,
    "flags": 48,
    "localCount": 76,
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
    "cachedKeys": 872
  },
  "unicode": {
    "length": 16,
    "state": 32,
    "asciiSize": 48,
    "compactSize": 72
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
    "keywordOnlyCount": 64,
    "namespace": 24
  },
  "typeObject": {
    "dict": 264,
    "repr": 88,
    "heapName": 848,
    "qualifiedName": 864
  },
  "callable": {
    "functionName": 40,
    "boundSelf": 24,
    "generatorName": 40
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
  "ownerShim": -1
};

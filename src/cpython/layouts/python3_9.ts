import type { Layout } from '../layout.js';

/** From the headers of CPython 3.9.18, x86-64, by tools/generate-layouts.mjs. Not to be edited. */
export const python3_9: Layout = {
  "major": 3,
  "minor": 9,
  "runtime": {
    "interpretersHead": 32,
    "gilThreadState": 568,
    "finalizing": 16,
    "gil": 352,
    "gc": -1
  },
  "interpreter": {
    "next": 0,
    "id": 24,
    "threadsHead": 8,
    "modules": 856,
    "gil": -1,
    "gc": 616
  },
  "gil": {
    "locked": -1,
    "lastHolder": 8,
    "switches": 24,
    "size": 208
  },
  "threadState": {
    "size": 264,
    "next": 8,
    "interpreter": 16,
    "frame": 24,
    "recursionDepth": 32,
    "threadId": 176,
    "nativeThreadId": -1,
    "dataStackChunk": -1
  },
  "cFrame": {
    "currentFrame": -1
  },
  "stackChunk": {
    "previous": -1,
    "size": -1,
    "data": -1
  },
  "frame": {
    "size": 368,
    "previous": 24,
    "code": 32,
    "instruction": 104,
    "globals": 48,
    "owner": -1,
    "isEntry": -1,
    "localsPlus": 360,
    "stackPointer": -1
  },
  "code": {
    "size": 176,
    "name": 112,
    "qualifiedName": -1,
    "fileName": 104,
    "firstLine": 40,
    "lineTable": 120,
    "instructions": -1,
    "argCount": 16,
    "localsPlusNames": 72,
    "localsPlusKinds": -1,
    "flags": 36,
    "localCount": 28,
    "cellNames": 88,
    "freeNames": 80,
    "bytecode": 48,
    "names": 64,
    "exceptionTable": -1,
    "unitCount": -1
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
    "cachedKeys": 864
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
    "log2IndexBytes": -1,
    "kind": -1,
    "entryCount": 32,
    "indices": 40
  },
  "dictValues": {
    "capacity": -1,
    "valid": -1,
    "values": -1
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
    "code": 16
  },
  "variables": {
    "keywordOnlyCount": 24,
    "namespace": 56
  },
  "typeObject": {
    "dict": 264,
    "repr": 88,
    "heapName": 840,
    "qualifiedName": 856
  },
  "callable": {
    "functionName": 104,
    "boundSelf": 24,
    "generatorName": 56
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

import type { Layout } from '../layout.js';

/** From the headers of CPython 3.7.16, x86-64, by tools/generate-layouts.mjs. Not to be edited. */
export const python3_7: Layout = {
  "major": 3,
  "minor": 7,
  "runtime": {
    "interpretersHead": 24,
    "gilThreadState": 1480,
    "finalizing": 8,
    "gil": 1264,
    "gc": 320
  },
  "interpreter": {
    "next": 0,
    "id": 16,
    "threadsHead": 8,
    "modules": 40,
    "gil": -1,
    "gc": -1
  },
  "gil": {
    "locked": -1,
    "lastHolder": 8,
    "switches": 24,
    "size": 208
  },
  "threadState": {
    "size": 280,
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
    "size": 144,
    "name": 104,
    "qualifiedName": -1,
    "fileName": 96,
    "firstLine": 36,
    "lineTable": 112,
    "instructions": -1,
    "argCount": 16,
    "localsPlusNames": 64,
    "localsPlusKinds": -1,
    "flags": 32,
    "localCount": 24,
    "cellNames": 80,
    "freeNames": 72,
    "bytecode": 40,
    "names": 56,
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
    "cachedKeys": 856
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
    "collecting": 312,
    "generations": 32,
    "firstGeneration": 176
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
    "keywordOnlyCount": 20,
    "namespace": 56
  },
  "typeObject": {
    "dict": 264,
    "repr": 88,
    "heapName": 832,
    "qualifiedName": 848
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

/** What is elsewhere up to 3.7.3. */
export const before3_7_4: Pick<Layout, 'runtime' | 'gc'> = {
  "runtime": {
    "interpretersHead": 24,
    "gilThreadState": 1392,
    "finalizing": 8,
    "gil": 1176,
    "gc": 312
  },
  "gc": {
    "collecting": 232,
    "generations": 24,
    "firstGeneration": 120
  }
};

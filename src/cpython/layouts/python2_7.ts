import type { Layout } from '../layout.js';

/** From the headers of CPython 2.7.18, x86-64, by tools/generate-layouts.mjs. Not to be edited. */
export const python2_7: Layout = {
  "major": 2,
  "minor": -1,
  "runtime": {
    "interpretersHead": -1,
    "gilThreadState": -1,
    "gil": -1,
    "gc": -1,
    "finalizing": -1
  },
  "interpreter": {
    "next": 0,
    "id": -1,
    "threadsHead": 8,
    "modules": 16,
    "gil": -1,
    "gc": -1
  },
  "gil": {
    "locked": -1,
    "lastHolder": -1,
    "switches": -1,
    "size": 32
  },
  "threadState": {
    "size": 168,
    "next": 0,
    "interpreter": 8,
    "frame": 16,
    "recursionDepth": 24,
    "threadId": 144,
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
    "size": 384,
    "previous": 24,
    "code": 32,
    "instruction": 120,
    "globals": 48,
    "owner": -1,
    "isEntry": -1,
    "localsPlus": 376,
    "stackPointer": -1
  },
  "code": {
    "size": 128,
    "name": 88,
    "qualifiedName": -1,
    "fileName": 80,
    "firstLine": 96,
    "lineTable": 104,
    "instructions": -1,
    "argCount": 16,
    "localsPlusNames": 56,
    "localsPlusKinds": -1,
    "flags": 28,
    "localCount": 20,
    "cellNames": 72,
    "freeNames": 64,
    "bytecode": 32,
    "names": 48,
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
    "cachedKeys": -1
  },
  "unicode": {
    "length": 16,
    "state": -1,
    "asciiSize": -1,
    "compactSize": -1
  },
  "bytes": {
    "size": 16,
    "data": 36
  },
  "dict": {
    "used": 24,
    "keys": -1,
    "values": -1
  },
  "dictKeys": {
    "size": -1,
    "log2IndexBytes": -1,
    "kind": -1,
    "entryCount": -1,
    "indices": -1
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
    "collecting": -1,
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
    "definition": 32,
    "slot": 32
  },
  "boundMethod": {
    "function": 16
  },
  "pythonFunction": {
    "code": 16
  },
  "variables": {
    "keywordOnlyCount": -1,
    "namespace": 56
  },
  "typeObject": {
    "dict": 264,
    "repr": 88,
    "heapName": 856,
    "qualifiedName": -1
  },
  "callable": {
    "functionName": 56,
    "boundSelf": 24,
    "generatorName": -1
  },
  "set": {
    "used": 24,
    "mask": 32,
    "table": 40,
    "entryKey": 8,
    "entryHash": 0
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
    "size": 248
  },
  "python2": {
    "lock": -1,
    "characters": 24,
    "characterWidth": -1,
    "dictMask": 32,
    "dictTable": 40,
    "generatorCode": 32,
    "smallInt": 16,
    "className": 32,
    "classDict": 24,
    "instanceClass": 16,
    "instanceDict": 24
  },
  "ownerShim": -1
};

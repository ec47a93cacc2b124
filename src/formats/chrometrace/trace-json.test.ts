import assert from 'node:assert/strict';
import { test } from 'node:test';
import { traceJson } from './trace-json.js';

test('only a backslash that ends a text is written as a number, and each text stays what it is', () => {
  for (const [text, json] of [
    ['C:\\', String.raw`"C:\u005c"`],
    ['C:\\\\', String.raw`"C:\\\u005c"`],
    ['C:\\app "x"', String.raw`"C:\\app \"x\""`],
    ['\\"', String.raw`"\\\""`],
    ['\n', String.raw`"\n"`],
  ] as const) {
    assert.equal(traceJson(text), json);
    assert.equal(JSON.parse(traceJson(text)), text);
  }
});

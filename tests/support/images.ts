import { inflateSync } from 'node:zlib';
import { dumpText } from '../../src/formats/dump/dump-text.js';
import type { ProcessSnapshot } from '../../src/model/snapshot.js';
import type { Target } from '../../src/platform/target.js';
import { findPython } from '../../src/sampler/attach.js';
import { snapshotOf } from '../../src/sampler/snapshot.js';

const fixtures = new URL('../../../tests/fixtures/', import.meta.url).pathname;

/** The memory image of `programs/known_state.py` on Python 3.`minor`. */
export function imageFile(minor: number): string {
  return `${fixtures}python3.${minor}.image`;
}

/** What is shown of it. */
export function goldenOf(minor: number): string {
  return `${fixtures}python3.${minor}.txt`;
}

export function inflate(bytes: Uint8Array, mostBytes: number): Uint8Array {
  return inflateSync(bytes, { maxOutputLength: mostBytes });
}

const limits = { depth: 5, items: 40, text: 400, characters: 400 };

/** All threads of a target, with variables; `undefined`: no Python was found. */
export function snapshotWithVariables(target: Target): ProcessSnapshot | undefined {
  const location = findPython(target);
  return location && snapshotOf(target, location, { variables: limits });
}

/** The same as text, after where Python was found. Throws when it was not. */
export function shownOf(target: Target): string {
  const location = findPython(target);
  const snapshot = snapshotWithVariables(target);
  if (!location || !snapshot) throw new Error('no Python was found');
  const { version, image, runtime, layout } = location;
  const place = `Python ${version} in ${image}, layout of 3.${layout.minor}, runtime at 0x${runtime.toString(16)}\n`;
  return place + textOf(snapshot);
}

export function textOf(snapshot: ProcessSnapshot): string {
  return [...dumpText([snapshot], { fullFileNames: false, valueLength: 400 })].join('');
}

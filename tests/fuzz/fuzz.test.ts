import assert from 'node:assert/strict';
import { openSync, readSync, statSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { readElfHead } from '../../src/binary/elf/elf.js';
import { elfNotes } from '../../src/binary/elf/notes.js';
import { languageRuntimeIn } from '../../src/binary/language-runtime.js';
import {
  callsPython,
  isOtherKind,
  mayHoldPython,
  pythonMarks,
  readPythonFile,
} from '../../src/cpython/locate/python-file.js';
import { PyglassError } from '../../src/model/error.js';
import type { SizedSource } from '../../src/platform/core-file/core-headers.js';
import { identityOf } from '../../src/platform/core-file/file-identity.js';
import { imageTarget } from '../../src/platform/image/image-target.js';
import { imageOf, imagePayload, type MemoryImage } from '../../src/platform/image/memory-image.js';
import { findPython } from '../../src/sampler/attach.js';
import { coreSnapshot } from '../../src/sampler/core-snapshot.js';
import { damaged, damageOf, random, scattered } from '../support/damage.js';
import { coreOfImage, filesOf, sourceOf, targetOf } from '../support/image-core.js';
import { imageFixtures, imageOfFixture, snapshotWithVariables } from '../support/images.js';
import { exporting, runtime } from '../support/made-elf.js';
import { checkShown, outcomeOf, Reads } from './outcomes.js';

/** Files of each kind; the seed of a file is its number. `npm run fuzz` has 2,000. */
const files = Number(process.env['PYGLASS_FUZZ'] ?? 50);

/** MB that the process may grow by: with all images and their core files, which take 250, it has less than 1,000. */
const mostGrowth = 750;
/** The most that it had, MB. In a process with other tests what these took is not of this. */
const peak = () => Math.round(process.resourceUsage().maxRSS / 1024);

type Below = (bound: number) => number;

/**
 * Damages one file after the other, and reports how long the longest took. `act` says whether there was anything to
 * show.
 */
function fuzz(context: TestContext, act: (seed: number, below: Below) => boolean): void {
  let [shown, longest] = [0, 0];
  const before = peak();
  for (let seed = 0; seed < files; seed++) {
    const began = performance.now();
    try {
      if (act(seed, random(scattered(seed)))) shown++;
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error });
    }
    longest = Math.max(longest, performance.now() - began);
  }
  const memory = peak();
  context.diagnostic(
    `${files} files, ${shown} with something to show, ${Math.round(longest)} ms at most, ${memory} MB in all`,
  );
  assert.ok(memory - before < mostGrowth, `${memory} MB, ${before} before`);
  assert.ok(shown > files / 10 && shown < files, `${shown} of ${files}`);
}

const images = imageFixtures.map(imageOfFixture);
const imageWith = (seed: number) => images[seed % images.length]!;

test('damaged memory images are errors, or show what is there', (context) => {
  const payloads = images.map(imagePayload);
  fuzz(context, (seed, below) => {
    const payload = payloads[seed % payloads.length]!;
    const head = new DataView(payload.buffer, payload.byteOffset).getUint32(0, true);
    const inHead = below(4) === 0;
    const source = sourceOf(payload);
    const damage = damageOf(below, source, (one) => (inHead ? one(head) : head + one(payload.length - head)));
    const { size, read } = damaged(source, damage);
    const shown = outcomeOf(() => {
      const target = imageTarget(imageOf(read(0, size)!));
      return snapshotWithVariables({ ...target, memory: new Reads().memory(target.memory) });
    });
    if (shown === undefined || shown instanceof PyglassError) return false;
    checkShown(shown);
    return true;
  });
});

test('damaged core files are errors, or show what is there', (context) => {
  const cores = new Map<MemoryImage, Uint8Array>();
  fuzz(context, (seed, below) => {
    const image = imageWith(seed);
    const core = cores.get(image) ?? coreOfImage(image);
    cores.set(image, core);
    const head = new DataView(core.buffer).getUint32(64 + 56 + 8, true);
    const damage = damageOf(below, sourceOf(core), (one) => one(one(2) ? head : core.length));
    const source = new Reads().source(damaged(sourceOf(core), damage));
    const shown = outcomeOf(() => coreSnapshot(targetOf(source, filesOf(image)), {}));
    if (shown instanceof PyglassError) return false;
    checkShown(shown);
    return true;
  });
});

test('with damaged executables and libraries Python is found, or an error', (context) => {
  fuzz(context, (seed, below) => {
    const image = imageWith(seed);
    const files = image.files.map((file) => {
      const parts = file.parts?.flatMap((part) => {
        const source = sourceOf(part.bytes);
        const damage = damageOf(below, source, (one) => one(part.bytes.length));
        const { size, read } = damaged(source, damage);
        return below(3) === 0 ? [{ offset: part.offset, bytes: read(0, size)! }] : [part];
      });
      return { ...file, parts };
    });
    const target = imageTarget({ ...image, files });
    const memory = new Reads().memory(target.memory);
    const found = outcomeOf(() => findPython({ files: target.files, memory }));
    return found !== undefined && !(found instanceof PyglassError);
  });
});

/** A made library that exports a function, one that holds CPython, and an executable of this machine. */
const elfFiles: readonly SizedSource[] = [
  sourceOf(exporting('Py_GetVersion')),
  sourceOf(exporting('_PyRuntime', runtime)),
  fileOf(process.execPath),
];

test('damaged ELF files are read to an end', (context) => {
  fuzz(context, (seed, below) => {
    const file = elfFiles[seed % elfFiles.length]!;
    const pick = tablesOf(file);
    const source = new Reads().source(damaged(file, damageOf(below, file, pick)));
    for (const look of [mayHoldPython, callsPython, isOtherKind, identityOf, pythonMarks, readsNotes])
      outcomeOf(() => look(source));
    const found = [readPythonFile, languageRuntimeIn].map((look) =>
      outcomeOf(() => look(source, '/usr/lib/libpython3.so')),
    );
    return found.some((one) => one !== undefined && !(one instanceof PyglassError));
  });
});

function readsNotes(source: SizedSource): number {
  let count = 0;
  for (const { offset, size } of readElfHead(source)?.notes ?? [])
    for (const _ of elfNotes(source, offset, size)) count++;
  return count;
}

/** Picks an offset in the first page or in the table of sections, with which all else is found. */
function tablesOf({ size, read }: SizedSource): (below: Below) => number {
  const head = read(0, 64)!;
  const view = new DataView(head.buffer, head.byteOffset);
  const sections = Number(view.getBigUint64(40, true));
  const length = view.getUint16(58, true) * view.getUint16(60, true);
  return (below) => {
    const table = below(3);
    if (table === 0) return below(64);
    return table === 1 ? below(Math.min(4096, size)) : Math.min(size - 8, sections + below(length));
  };
}

/** A file that is read where it lies. */
function fileOf(path: string): SizedSource {
  const descriptor = openSync(path, 'r');
  const { size } = statSync(path);
  return {
    size,
    read(offset, length) {
      if (!(offset >= 0 && length >= 0 && offset + length <= size)) return undefined;
      const bytes = new Uint8Array(length);
      readSync(descriptor, bytes, 0, length, offset);
      return bytes;
    },
  };
}

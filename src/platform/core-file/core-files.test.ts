import assert from 'node:assert/strict';
import { test } from 'node:test';
import { elf } from '../../../tests/support/made-elf.js';
import { CoreFiles, type FileCandidate, type WantedFile } from './core-files.js';
import { coreMemory } from './core-memory.js';

const page = 4096;
/** A library of two pages: only the first is in the core file. */
const library = elf(62, ['.rodata', 1, page, page, page, 0]);
library.fill(7, page);
const other = elf(62, ['.rodata', 1, page, page, 100, 0]);
const start = 0x10_0000;
const path = '/usr/lib/libmine.so';

const sourceOf = (bytes: Uint8Array, closed: Uint8Array[] = []) => ({
  size: bytes.length,
  read: (offset: number, length: number) =>
    offset + length <= bytes.length ? bytes.slice(offset, offset + length) : undefined,
  close: () => closed.push(bytes),
});

/** Its files, where these are found for each. `header`: the core file has its first page. */
function filesOf(
  candidates: readonly FileCandidate[],
  { header = true, flags = 4, mapped = path, pageSize = page } = {},
) {
  const segments = [{ start, end: start + 2 * page, offset: 0, fileSize: header ? page : 0, flags }];
  const dumped = coreMemory(sourceOf(library.subarray(0, page)), segments);
  const asked: WantedFile[] = [];
  const mappings = [{ start, end: start + 2 * page, offset: 0, path: mapped }];
  const files = new CoreFiles(
    dumped,
    segments,
    { mappings, inExecutable: start + 64, pageSize },
    (wanted) => {
      asked.push(wanted);
      return candidates;
    },
  );
  return { files, asked, piece: () => files.pieceAt(start + page, start + 2 * page) };
}

const named = (bytes: Uint8Array) => ({ source: sourceOf(bytes), isNamed: true });
const found = (bytes: Uint8Array) => ({ source: sourceOf(bytes), isNamed: false });

test('what the core file lacks is read from the same file, which is looked for once', () => {
  const { files, asked, piece } = filesOf([found(other), found(library)]);
  assert.deepEqual(files.missing(), []);
  for (let time = 0; time < 2; time++) {
    const { source, offset, length } = piece()!;
    assert.deepEqual(source!.read(offset, length), library.slice(page));
  }
  assert.deepEqual(asked, [{ path, buildId: undefined, isExecutable: true }]);
  assert.deepEqual(files.missing(), []);
  assert.equal(files.executable, path);
});

test('a file that is not there, is another, or cannot be recognised, is missing with that reason', () => {
  for (const [candidates, header, reason] of [
    [[], true, 'not-found'],
    [[found(other)], true, 'differs'],
    [[named(other)], true, 'differs'],
    [[found(new Uint8Array(page))], true, 'differs'],
    [[found(library)], false, 'unchecked'],
    [[], false, 'not-found'],
  ] as const) {
    const { files, piece } = filesOf(candidates, { header });
    assert.equal(piece(), undefined);
    assert.deepEqual(files.missing(), [{ path, buildId: '', reason }]);
    assert.deepEqual(files.missingExecutable()?.reason, reason);
  }
});

test('a file that a person names counts where nothing shows that it is another', () => {
  const { files, piece } = filesOf([named(library)], { header: false });
  assert.equal(piece()?.length, page);
  assert.deepEqual(files.missing(), []);
});

test('what may be written is never taken from the file', () => {
  const { files, asked, piece } = filesOf([found(library)], { flags: 6 });
  assert.equal(piece(), undefined);
  assert.deepEqual([asked.length, files.missing().length], [0, 0]);
});

test('a deleted file is looked for by the path that it had, and all are closed', () => {
  const closed: Uint8Array[] = [];
  const candidates = [other, library].map((bytes) => ({ source: sourceOf(bytes, closed), isNamed: false }));
  const { files, asked, piece } = filesOf(candidates, { mapped: `${path} (deleted)` });
  assert.ok(piece());
  assert.equal(asked[0]!.path, path);
  assert.deepEqual(closed, [other]);
  files.close();
  assert.deepEqual(closed, [other, library]);
});

test('the rest of the last page of a file is zero', () => {
  const { files } = filesOf([found(library.subarray(0, page + 10))]);
  assert.equal(files.pieceAt(start + page + 4, start + 2 * page)?.length, 6);
  assert.deepEqual(files.pieceAt(start + page + 10, start + 2 * page), {
    ...{ source: undefined, offset: 0, length: page - 10 },
  });
  // Of larger pages more is there.
  const large = filesOf([found(library.subarray(0, page))], { pageSize: 4 * page }).files;
  assert.equal(large.pieceAt(start + page, start + 2 * page)?.length, page);
});

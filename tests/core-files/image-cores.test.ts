import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PyglassError } from '../../src/model/error.js';
import { imageTarget } from '../../src/platform/image/image-target.js';
import { findPython } from '../../src/sampler/attach.js';
import { coreSnapshot } from '../../src/sampler/core-snapshot.js';
import { coreOfImage, filesOf, sourceOf, targetOf } from '../support/image-core.js';
import { imageFixtures, imageOfFixture, snapshotOfFixture, stateFixtures } from '../support/images.js';

const limits = { depth: 5, items: 40, text: 400, characters: 400 };

for (const fixture of imageFixtures) {
  const image = imageOfFixture(fixture);

  test(`a core file of the image ${fixture.name} shows the same threads, waits and values`, () => {
    const bytes = coreOfImage(image, fixture.isEmulated ? { machine: 'aarch64' } : {});
    const target = targetOf(sourceOf(bytes), filesOf(image), image.existing);
    const { core, ...shown } = coreSnapshot(target, { variables: limits });
    const expected = snapshotOfFixture(fixture);
    // Without the stack of the start there are the first 79 bytes of the arguments, and no path of the executable.
    const threads = expected.threads.map((thread) => ({
      ...thread,
      // What a file descriptor led to, nobody knows any more.
      waitingFor: thread.waitingFor.replace(/(\bfrom|\bto|\bon) .* \((file \d+)\)/, '$1 $2'),
    }));
    assert.deepEqual(shown, { ...expected, threads, commandLine: shown.commandLine, executable: '' });
    assert.ok(expected.commandLine.join(' ').startsWith(shown.commandLine.join(' ').replace(/…$/, '')));
    // An image has only parts of some files.
    assert.deepEqual({ ...core, missingFiles: [] }, { file: 'core', missingBytes: 0, missingFiles: [] });
  });
}

// The image of 3.6 lacks the symbol.
for (const fixture of stateFixtures.filter(({ minor }) => minor > 6)) {
  test(`a core file of ${fixture.name} without threads is of a Python that was finalized, or has not started`, () => {
    const image = imageOfFixture(fixture);
    const { layout, runtime } = findPython(imageTarget(image))!;
    const { interpretersHead, finalizing } = layout.runtime;
    const coreWith = (...words: [number, number][]) =>
      coreOfImage({ ...image, pages: withWords(image.pages, new Map(words)) });
    const codeWith = (value: number) => {
      const core = coreWith([runtime + interpretersHead, 0], [runtime + finalizing, value]);
      try {
        coreSnapshot(targetOf(sourceOf(core), filesOf(image)), {});
      } catch (error) {
        if (error instanceof PyglassError) return error.code;
        throw error;
      }
      return undefined;
    };
    assert.equal(codeWith(runtime + 4096), 'python-finalized');
    const shows = (value: number) =>
      coreSnapshot(targetOf(sourceOf(coreWith([runtime + finalizing, value])), filesOf(image)), {})
        .finalizing;
    assert.deepEqual([shows(runtime + 4096), shows(0)], [true, false]);
    // An image lacks most of the files.
    assert.match(codeWith(0) ?? '', /^core-/);
  });
}

/** Pages with other words of 8 bytes at these addresses. */
function withWords(pages: ReadonlyMap<number, Uint8Array>, words: ReadonlyMap<number, number>) {
  const changed = new Map(pages);
  for (const [address, value] of words) {
    const number = Math.floor(address / 4096);
    const bytes = (changed.get(number) ?? new Uint8Array(4096)).slice();
    new DataView(bytes.buffer).setBigUint64(address % 4096, BigInt(value), true);
    changed.set(number, bytes);
  }
  return changed;
}

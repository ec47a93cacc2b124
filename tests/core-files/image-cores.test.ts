import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imageTarget } from '../../src/platform/image/image-target.js';
import { coreSnapshot } from '../../src/sampler/core-snapshot.js';
import { coreOfImage, filesOf, imageOfFixture, sourceOf, targetOf } from '../support/image-core.js';
import { imageFixtures, snapshotWithVariables } from '../support/images.js';

const limits = { depth: 5, items: 40, text: 400, characters: 400 };

for (const fixture of imageFixtures) {
  const image = imageOfFixture(fixture);

  test(`a core file of the image ${fixture.name} shows the same threads, waits and values`, () => {
    const bytes = coreOfImage(image, fixture.isEmulated ? { machine: 'aarch64' } : {});
    const target = targetOf(sourceOf(bytes), filesOf(image), image.existing);
    const { core, ...shown } = coreSnapshot(target, { variables: limits });
    const expected = snapshotWithVariables(imageTarget(image))!;
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

import assert from 'node:assert/strict';
import { Gunicorn } from '../support/gunicorn.js';
import { withPackages } from '../support/packages.js';
import { pyglass } from '../support/pyglass.js';
import { eachPython } from '../support/pythons.js';
import { parseRaw, type RawStack, withFolder } from '../support/recordings.js';

const samples = (stacks: readonly RawStack[]) => stacks.reduce((sum, { count }) => sum + count, 0);

/** What a recording of gunicorn shows, with and without idle threads, and what was said at its end. */
async function recorded(gunicorn: Gunicorn, folder: string) {
  const file = `${folder}/run.pyglass`;
  const pid = String(gunicorn.target.pid);
  const { status, stderr } = await pyglass('record', '-s', '-p', pid, '-r', '100', '-d', '2', '-o', file);
  assert.equal(status, 0, stderr);
  const raw = async (...flags: string[]) =>
    parseRaw((await pyglass('report', file, '-f', 'raw', '-o', '-', ...flags)).stdout);
  return { said: stderr, shown: await raw(), all: await raw('-i') };
}

eachPython('idle gunicorn with 8 workers is an empty picture that says why', async (python) => {
  await withFolder(async (folder) => {
    const gunicorn = await Gunicorn.start(withPackages(python, ['gunicorn']), 8);
    try {
      const { said, shown, all } = await recorded(gunicorn, folder);
      assert.match(said, /9 processes/);
      assert.ok(samples(all) > 500, said);
      // The arbiter looks after its workers once a second, which takes less than a millisecond.
      assert.ok(samples(shown) <= samples(all) / 200, JSON.stringify(shown));
      if (shown.length === 0)
        assert.match(said, /All threads were idle\nThe recording shows \d+ threads in 9 processes/);
    } finally {
      await gunicorn.stop();
    }
  });
});

eachPython('a request that waits is all that is shown of gunicorn', async (python) => {
  await withFolder(async (folder) => {
    const gunicorn = await Gunicorn.start(withPackages(python, ['gunicorn']), 2);
    const request = new AbortController();
    try {
      fetch(`${gunicorn.url}/wait`, { signal: request.signal }).catch(() => {});
      assert.equal(await gunicorn.target.line(), 'waiting');
      const { shown, all } = await recorded(gunicorn, folder);
      const waiting = shown.filter(({ names }) => names.includes('wait_for_ever'));
      assert.ok(samples(waiting) > samples(all) / 5, JSON.stringify(all));
      assert.ok(samples(waiting) >= samples(shown) * 0.95, JSON.stringify(shown));
    } finally {
      request.abort();
      await gunicorn.stop();
    }
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dumpJson, dumpText } from '../support/dumps.js';
import { anyPython, eachPython } from '../support/pythons.js';
import { programFile, withTarget } from '../support/targets.js';

const requestOf = async (pid: number) => (await dumpJson(pid))[0]!.threads[0]!.request;

eachPython('the request that a thread has in hand, and since when', async (python) => {
  const program = programFile('request_since.py');
  await withTarget(
    python,
    program,
    async ({ pid }) => {
      const begin = Date.now() / 1000;
      const { route, seconds } = (await requestOf(pid))!;
      assert.equal(route, 'GET /report/:id');
      // It began 42 s before the program said ready, which was a moment ago.
      assert.ok(seconds! >= 42 && seconds! < 42 + 60 + (Date.now() / 1000 - begin), `${seconds}`);
      const text = await dumpText(pid);
      assert.match(text, /^Thread .*, request GET \/report\/:id for (?:4\d\.\d s|\d+ (?:s|min).*)$/m);
      assert.doesNotMatch(text, /hunter2|43210/);
    },
    { args: ['time.time() - 42'] },
  );
});

for (const [what, began] of [
  ['in the time to come', 'time.time() + 1000'],
  ['years ago', '7.0'],
  ['not a number', 'float("nan")'],
  ['no time', '"now"'],
] as const)
  test(`a request that began ${what} has a route and no age`, async () => {
    await withTarget(
      anyPython(),
      programFile('request_since.py'),
      async ({ pid }) => assert.deepEqual(await requestOf(pid), { route: 'GET /report/:id', seconds: null }),
      { args: [began] },
    );
  });

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type PythonWithPackages, withPackages } from '../support/packages.js';
import { pyglass } from '../support/pyglass.js';
import { anyPython } from '../support/pythons.js';
import { parseRaw, type RawStack, withFolder } from '../support/recordings.js';
import { programFile, Target } from '../support/targets.js';

const samples = (stacks: readonly RawStack[]) => stacks.reduce((sum, { count }) => sum + count, 0);

/** What a recording shows, without idle threads and with them. */
async function recorded(...target: string[]) {
  return withFolder(async (folder) => {
    const file = `${folder}/run.pyglass`;
    const { status, stderr } = await pyglass('record', ...target, '-r', '100', '-d', '1', '-o', file);
    assert.equal(status, 0, stderr);
    const raw = async (...flags: string[]) =>
      parseRaw((await pyglass('report', file, '-f', 'raw', '-o', '-', ...flags)).stdout);
    return { shown: await raw(), all: await raw('-i') };
  });
}

async function idleUnlessItServes(target: Target): Promise<void> {
  const url = `http://127.0.0.1:${await target.line()}/`;
  // It is up when it has answered.
  assert.match(await (await fetch(url)).text(), /^hello/);
  const idle = await recorded('-s', '-p', `${target.pid}`);
  assert.ok(samples(idle.all) > 0);
  // Loops look at their clock now and then.
  assert.ok(samples(idle.shown) <= samples(idle.all) / 20, JSON.stringify(idle.shown));
  const request = new AbortController();
  fetch(`${url}wait`, { signal: request.signal }).catch(() => {});
  try {
    const { shown } = await recorded('-p', await target.line());
    const waiting = shown.filter(({ names }) => names.includes('handler_sleeps'));
    assert.ok(samples(waiting) > 0 && samples(waiting) >= samples(shown) * 0.95, JSON.stringify(shown));
  } finally {
    request.abort();
  }
}

/** Skips the test when the packages cannot be had. */
function packagesOr(context: TestContext, packages: readonly string[]): PythonWithPackages | undefined {
  try {
    return withPackages(anyPython(), packages);
  } catch (error) {
    context.skip(`no ${packages.join(', ')}: ${String((error as Error).message).split('\n')[0]}`);
    return undefined;
  }
}

for (const server of ['waitress', 'gunicorn', 'uvicorn', 'hypercorn', 'aiohttp'])
  test(`${server} is idle between two requests, and while a request sleeps it is not`, async (context) => {
    const packages = packagesOr(context, ['aiohttp', 'gunicorn', 'hypercorn', 'uvicorn', 'waitress']);
    if (!packages) return;
    const { python, env } = packages;
    const target = await Target.start(python, programFile('servers.py'), { args: [server], env });
    try {
      await idleUnlessItServes(target);
    } finally {
      await target.stop();
    }
  });

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildCallTree } from '../../src/analysis/call-tree.js';
import { contextValues } from '../../src/analysis/context-values.js';
import { routesOf } from '../../src/analysis/routes.js';
import { everything } from '../../src/analysis/view-options.js';
import { findAsyncioDebug } from '../../src/cpython/asyncio/debug-section.js';
import { readCode } from '../../src/cpython/code-reader.js';
import { readVariableNames } from '../../src/cpython/locals.js';
import { readCurrentFrame } from '../../src/cpython/stack/frame-format.js';
import { userAnchor } from '../../src/frameworks/request-anchors.js';
import { RunFlag } from '../../src/model/profile.js';
import { changingImage } from '../support/changing-image.js';
import { requestFixtures, snapshotWithVariables, taskFixtures } from '../support/images.js';
import { requestsByThread } from '../support/requests.js';
import { SampledProcess } from '../support/sampled-process.js';

const routes = {
  flask: 'GET /item/<int:id>',
  // Its framework did not choose yet.
  'no-route': 'GET <no route>',
  django: 'PUT /a/<str:b>/c/',
  plain: 'DELETE /user/:id/profile',
  captured: 'GET /',
  none: '',
};

for (const fixture of requestFixtures) {
  test(`requests in hand of ${fixture.name}`, () => {
    const { sample } = changingImage(fixture);
    const it = sample();
    it.ticks(5);
    const requests = requestsByThread(it.profile());
    const numbers = new Set<string>();
    for (const [name, route] of Object.entries(routes)) {
      const last = requests.get(name)!.at(-1)!;
      assert.equal(last.route, route, name);
      assert.equal(last.request !== '', name !== 'none', name);
      numbers.add(last.request);
    }
    assert.equal(numbers.size, Object.keys(routes).length);
    it.ticks(200);
    for (const [name, seen] of requestsByThread(it.profile()))
      assert.ok(new Set(seen.map(({ request }) => request)).size === 1, `${name} has one request`);
  });

  test(`dump shows the requests in hand of ${fixture.name}`, () => {
    const { threads } = snapshotWithVariables(changingImage(fixture).target)!;
    const shown = threads.map(({ name, request }) => [name, request && (request.route ?? null)]);
    const ofAll = Object.entries(routes).map(([name, route]) => [name, route === '' ? undefined : route]);
    for (const one of ofAll)
      assert.deepEqual(
        shown.find(([name]) => name === one[0]),
        one,
      );
    for (const { request } of threads) assert.equal(request?.seconds, undefined);
  });

  test(`nothing that is sent to ${fixture.name} gets into its recording but methods and known words`, () => {
    const { sample } = changingImage(fixture);
    const it = sample();
    it.ticks(20);
    const { contexts } = it.profile();
    assert.doesNotMatch(JSON.stringify(contexts), /hunter2|session|token|43210/);
  });

  test(`the next request of ${fixture.name} at the same addresses is another one`, () => {
    const image = changingImage(fixture);
    const it = image.sample();
    it.ticks(20);
    const before = requestsByThread(it.profile());
    const times = image.threadStates.map((state) =>
      variableOf(image, state, 'handle_request', 'request_start'),
    );
    // The microseconds of a `datetime`.
    for (const time of times) if (time) image.memory.setInt(time + 32, 4711);
    it.ticks(20);
    const after = requestsByThread(it.profile());
    for (const name of ['flask', 'no-route']) {
      const [was, is] = [before.get(name)!.at(-1)!, after.get(name)!.at(-1)!];
      assert.notEqual(is.request, was.request);
      assert.equal(is.route, was.route);
    }
    for (const name of ['django', 'plain', 'captured']) assert.deepEqual(after.get(name), before.get(name));
  });
}

for (const fixture of requestFixtures.filter(({ minor }) => minor >= 13)) {
  test(`a request of ${fixture.name} goes on after a stack that could not be read`, () => {
    const { memory, sample, threadStates, location } = changingImage(fixture);
    const it = sample();
    it.ticks(20);
    const before = requestsByThread(it.profile());
    const pointers = threadStates.map((state) => state + location.layout.threadState.frame);
    const frames = pointers.map((pointer) => memory.get(pointer));
    for (const pointer of pointers) memory.set(pointer, 0);
    it.ticks(20);
    for (const [at, pointer] of pointers.entries()) memory.set(pointer, frames[at]!);
    it.ticks(20);
    const after = requestsByThread(it.profile());
    const last = (seen: typeof after, name: string) => seen.get(name)!.at(-1)!.request;
    for (const name of ['flask', 'no-route', 'captured']) assert.equal(last(after, name), last(before, name));
    // Nothing tells them from the next one.
    for (const name of ['django', 'plain']) assert.notEqual(last(after, name), last(before, name));
  });
}

test('a frame that a user names has a request in hand', () => {
  const { memory, location, kernel } = changingImage(requestFixtures[1]!);
  const anchors = [userAnchor("django/core/handlers/wsgi.py:WSGIHandler.__call__:environ['PATH_INFO']")!];
  const it = new SampledProcess({ memory, location, kernel, anchors });
  it.ticks(5);
  const requests = requestsByThread(it.profile());
  assert.deepEqual(requests.get('django'), [{ request: '1', route: '/a/b/c/' }]);
  assert.deepEqual(requests.get('flask'), [{ request: '', route: '' }]);
});

for (const fixture of taskFixtures) {
  test(`tasks of ${fixture.name} have requests while they are suspended`, () => {
    const { memory, location, kernel, target } = changingImage(fixture);
    const findDebug = () => findAsyncioDebug(target.files(), target.memory, location.image);
    const anchors = [userAnchor('known_tasks.py:calls:text')!];
    const it = new SampledProcess({ memory, location, kernel, anchors, findDebug });
    it.ticks(500);
    const profile = it.profile();
    const { runs, processes } = profile.suspended;
    assert.deepEqual(processes, [0, 0, 0]);
    const seen = new Map<number, Set<string>>();
    let time = 0;
    for (let run = 0; run < runs.stack.length; run++) {
      const { request, route } = contextValues(profile, runs.context.at(run));
      assert.equal(route, '/a local of a task');
      const slot = runs.thread.at(run);
      seen.set(slot, (seen.get(slot) ?? new Set()).add(request!));
      time += runs.duration.at(run);
      assert.equal(runs.flags.at(run), RunFlag.waiting);
    }
    assert.equal(new Set([...seen.values()].map((requests) => [...requests].join())).size, 3);
    for (const requests of seen.values()) assert.equal(requests.size, 1);
    // All three of them, from the first look to the last, which may be up to 100 ms before the end.
    assert.ok(time > 3 * 0.39e6 && time <= 3 * 0.5e6, `${time}`);
    const [route] = routesOf(profile, everything);
    assert.equal(route!.requests, 3);
    assert.equal(route!.waiting, route!.time);
    // They are on no thread, so no other view counts them.
    assert.equal(buildCallTree(profile, everything).root.totalTime < 0.51e6, true);
  });
}

/** Address of what a variable of the function refers to, 0 where it is not on that thread's stack. */
function variableOf(
  { memory, location: { layout } }: ReturnType<typeof changingImage>,
  threadState: number,
  name: string,
  variable: string,
): number {
  let frame = readCurrentFrame(memory, layout, threadState);
  while (frame !== 0) {
    const code = memory.get(frame + layout.frame.code);
    const address = code - (code % 8);
    if (readCode(memory, layout, address)?.name === name) {
      const slot = readVariableNames(memory, layout, address).names.indexOf(variable);
      const reference = memory.get(frame + layout.frame.localsPlus + slot * 8);
      return reference - (reference % 4);
    }
    frame = memory.get(frame + layout.frame.previous);
  }
  return 0;
}

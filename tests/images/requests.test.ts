import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildCallTree } from '../../src/analysis/call-tree.js';
import { contextValues } from '../../src/analysis/context-values.js';
import { routesOf } from '../../src/analysis/routes.js';
import { everything } from '../../src/analysis/view-options.js';
import { findAsyncioDebug } from '../../src/cpython/asyncio/debug-section.js';
import { TaskReader } from '../../src/cpython/asyncio/task-reader.js';
import { FrameBudget, readFrames } from '../../src/cpython/read-frames.js';
import { FrameSearch } from '../../src/cpython/stack/frame-search.js';
import { followSteps } from '../../src/cpython/variable-path.js';
import { knownAnchors, parseAnchor, userAnchor } from '../../src/frameworks/request-anchors.js';
import { RunFlag } from '../../src/model/profile.js';
import { parseVariablePath } from '../../src/model/variable-path.js';
import { RecordingEncoder } from '../../src/recording/recording-encoder.js';
import { CodeTable } from '../../src/sampler/code-table.js';
import { RequestFinder } from '../../src/sampler/requests/request-finder.js';
import { changingImage } from '../support/changing-image.js';
import { requestFixtures, snapshotWithVariables, taskFixtures } from '../support/images.js';
import { requestsByThread } from '../support/requests.js';
import { runsOf, SampledProcess } from '../support/sampled-process.js';
import { frameOf, variableOf } from '../support/thread-variables.js';

const routes = {
  flask: 'GET /item/<int:id>',
  // Its framework did not choose yet.
  'no-route': 'GET <no route>',
  django: 'PUT /a/<str:b>/c/',
  plain: 'DELETE /user/:id/profile',
  captured: 'GET /',
  none: '',
};

const djangoAnchor = userAnchor('django/core/handlers/wsgi.py:__call__:request.resolver_match.route')!;

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

for (const fixture of requestFixtures) {
  test(`threads of ${fixture.name} are in the same functions when all their frames have the same code`, () => {
    const { memory, location, threadStates } = changingImage(fixture);
    const { layout } = location;
    const search = new FrameSearch(layout);
    for (const state of threadStates) {
      const { frames } = readFrames(memory, layout, state, new FrameBudget(1000));
      const codes = frames.map(({ code }) => code);
      const innermost = frames[0]!.address;
      assert.ok(search.hasCodes(memory, innermost, codes));
      assert.ok(search.hasCodes(memory, innermost, codes.slice(0, -1)));
      assert.ok(!search.hasCodes(memory, innermost, [...codes, codes[0]!]));
      const caller = frames.at(-1)!.address + layout.frame.code;
      const code = memory.get(caller);
      memory.set(caller, 4096);
      assert.ok(!search.hasCodes(memory, innermost, codes));
      memory.set(caller, code);
    }
  });
}

for (const fixture of requestFixtures) {
  test(`what is read late of ${fixture.name} is of the request in hand where the thread has waited since`, () => {
    for (const stands of [true, false]) {
      const { memory, location, kernel } = changingImage(fixture);
      let [time, late] = [0, 0];
      const it = new SampledProcess({ memory, location, kernel, clock: () => time + late });
      // Each read takes a millisecond.
      const [read, readMany] = [memory.read.bind(memory), memory.readMany.bind(memory)];
      memory.read = (address, length) => {
        late += 1000;
        return read(address, length);
      };
      memory.readMany = (plan, into) => {
        const before = late;
        const copied = readMany(plan, into);
        late = before;
        return copied;
      };
      for (const thread of kernel.byId.values()) {
        const ask = thread.read.bind(thread);
        thread.read = () => {
          if (!stands) thread.turns++;
          return ask();
        };
      }
      for (let tick = 0; tick < 5; tick++) {
        [time, late] = [time + 1e6, 0];
        it.tickAt(time);
      }
      const known = [...requestsByThread(it.profile())].filter(([, seen]) => seen.at(-1)!.route !== '');
      assert.equal(known.length, stands ? Object.values(routes).filter(Boolean).length : 0);
    }
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

for (const fixture of requestFixtures) {
  test(`a request of another route of ${fixture.name} is another one where nothing else differs`, () => {
    for (const anchors of [knownAnchors, [djangoAnchor]]) {
      const image = changingImage(fixture);
      const { memory, location, kernel } = image;
      const it = new SampledProcess({ memory, location, kernel, anchors });
      it.ticks(20);
      const [before] = requestsByThread(it.profile()).get('django')!;
      changeDjangoRoute(image);
      it.ticks(20);
      const after = requestsByThread(it.profile()).get('django')!;
      assert.equal(after.length, 2);
      assert.deepEqual(after[0], before);
      assert.notEqual(after[1]!.request, before!.request);
      assert.match(after[1]!.route, /\/z\/<str:b>\/c\/$/);
    }
  });

  test(`a route of ${fixture.name} that is another one for a moment is no other request`, () => {
    const image = changingImage(fixture);
    const { memory, location, kernel } = image;
    const anchors = [djangoAnchor];
    const it = new SampledProcess({ memory, location, kernel, anchors });
    // Then its name is not due for a while.
    it.ticks(30);
    const before = requestsByThread(it.profile()).get('django');
    changeDjangoRoute(image);
    const read = memory.read.bind(memory);
    let times = 0;
    memory.read = (address, length) => {
      const bytes = read(address, length);
      // It is compared, then read, then read again.
      const isOther = bytes !== undefined && Buffer.from(bytes).includes('z/<str:b>/c/');
      if (isOther && ++times === 2) changeDjangoRoute(image, 'a/<s');
      return bytes;
    };
    it.ticks(20);
    assert.equal(times, 2);
    assert.deepEqual(requestsByThread(it.profile()).get('django'), before);
  });
}

for (const fixture of requestFixtures.filter(({ minor }) => minor >= 13)) {
  test(`what a server knows of a request of ${fixture.name} when its application is left is no other request`, () => {
    const image = changingImage(fixture);
    const { memory, location, kernel, threadStates } = image;
    const [environ, frame] = ['self.environ', 'wsgiref/handlers.py:run'];
    const server = parseAnchor({ frame, environ, route: "self.environ['PATH_INFO']" })!;
    const anchors = [djangoAnchor, server];
    const it = new SampledProcess({ memory, location, kernel, anchors });
    it.ticks(20);
    const before = requestsByThread(it.profile()).get('django');
    const state = threadStates.find((one) => frameOf(image, one, '__call__') !== 0)!;
    // What lies where the application's frame was is written over.
    changeDjangoRoute(image);
    memory.set(state + location.layout.threadState.frame, frameOf(image, state, 'run'));
    it.ticks(20);
    const profile = it.profile();
    assert.deepEqual(requestsByThread(profile).get('django'), before);
    assert.ok(runsOf(profile).some(({ stack }) => stack[0]?.startsWith('run:')));
  });
}

type Changing = ReturnType<typeof changingImage>;

/** `a/<str:b>/c/` gets another beginning, as of a request whose objects lie where those of the last one were. */
function changeDjangoRoute(image: Changing, begin = 'z/<s'): void {
  const { memory, location, threadStates } = image;
  const { layout } = location;
  const { steps } = parseVariablePath('request.resolver_match.route')!;
  for (const state of threadStates) {
    const request = variableOf(image, state, '__call__', 'request');
    const text = request === 0 ? 0 : followSteps(memory, layout, request, steps);
    if (text !== 0) memory.setInt(text + layout.unicode.asciiSize, Buffer.from(begin).readUInt32LE());
  }
}

for (const fixture of taskFixtures) {
  /** `seen`: number and route of each request that was seen suspended. */
  const suspended = () => {
    const image = changingImage(fixture);
    const { memory, location, kernel, target } = image;
    const findDebug = () => findAsyncioDebug(target.files(), target.memory, location.image);
    const anchors = [userAnchor('known_tasks.py:calls:text')!];
    const it = new SampledProcess({ memory, location, kernel, anchors, findDebug });
    const seen = () => {
      const profile = it.profile();
      const { context } = profile.suspended.runs;
      return new Set(
        Array.from({ length: context.length }, (_, run) => {
          const { request, route } = contextValues(profile, context.at(run));
          return `${request} ${route}`;
        }),
      );
    };
    const { layout, runtime } = location;
    const reader = new TaskReader({ memory, layout, runtime, findDebug });
    return { memory, layout, it, seen, reader, tasks: reader.read().tasks };
  };

  test(`a task of ${fixture.name} with another name has another request`, () => {
    const { it, seen, memory, reader, tasks } = suspended();
    const { name } = reader.asyncio!.task;
    const [one, other] = ['Task-2', 'Task-3'].map((text) => tasks.find((task) => task.name === text));
    it.ticks(200);
    const before = seen();
    assert.equal(before.size, 3);
    memory.set(one!.address + name, memory.get(other!.address + name));
    it.ticks(200);
    const after = seen();
    assert.equal(after.size, 4);
    for (const request of before) assert.ok(after.has(request));
  });

  test(`what is read of a task of ${fixture.name} that goes on meanwhile is not believed`, () => {
    const { it, seen, memory, layout, tasks } = suspended();
    const places = tasks.flatMap(({ frames }) => {
      const at = (frames.at(-1)?.frame ?? 0) + layout.frame.instruction;
      return at > layout.frame.instruction ? [at - (at % 8)] : [];
    });
    const before = places.map((place) => memory.get(place));
    const read = memory.read.bind(memory);
    let isMoving = true;
    let moves = 0;
    // Texts are read after frames.
    memory.read = (address, length) => {
      const bytes = read(address, length);
      if (isMoving && bytes && Buffer.from(bytes).includes('a local of a task'))
        for (const [at, place] of places.entries()) memory.set(place, before[at]! + 2 * ++moves);
      return bytes;
    };
    it.ticks(3);
    assert.deepEqual([...seen()], []);
    isMoving = false;
    for (const [at, place] of places.entries()) memory.set(place, before[at]!);
    it.ticks(300);
    assert.equal(seen().size, 3);
    for (const request of seen()) assert.match(request, / \/a local of a task$/);
  });
}

for (const fixture of taskFixtures)
  test(`a request that was begun after a task of ${fixture.name} was read is not the one that it had`, () => {
    const { memory, location, target } = changingImage(fixture);
    const { layout, runtime } = location;
    const findDebug = () => findAsyncioDebug(target.files(), target.memory, location.image);
    const encoder = new RecordingEncoder({ writer: 'test', startedAt: 0, rate: 1000, title: '' });
    const codes = new CodeTable(
      memory,
      layout,
      encoder,
      (name) => name,
      () => 0,
    );
    const finder = new RequestFinder({
      ...{ memory, layout, codes, encoder, tree: undefined as never, numbers: { next: 1 } },
      anchors: [userAnchor('known_tasks.py:calls:text')!],
      ...{ clock: () => 0, moment: { lookedAt: 0 } },
    });
    const { tasks } = new TaskReader({ memory, layout, runtime, findDebug }).read();
    const ofTasks = (readAt: number) => tasks.flatMap((task) => finder.ofTask(task, readAt)?.number ?? []);
    assert.deepEqual(ofTasks(20), ['1', '2', '3']);
    assert.deepEqual(ofTasks(10), []);
    assert.deepEqual(ofTasks(30), ['1', '2', '3']);
  });

for (const fixture of requestFixtures)
  test(`the only frame of a thread of ${fixture.name} is found though C functions call deep down`, () => {
    const it = changingImage(fixture).sample();
    it.ticks(50, 10_000);
    const profile = it.profile();
    const stacks = runsOf(profile)
      .filter(({ thread }) => profile.threads[thread]!.name === 'MainThread')
      .map(({ stack }) => stack.filter((frame) => !frame.endsWith(':0')));
    // It waits for input, in functions of `io` that call one another and count up to 3.10.
    assert.ok(stacks.length > 0);
    for (const stack of stacks) assert.match(stack.join(), /^<module>:\d+$/);
    assert.equal(it.losses.torn, 0);
  });

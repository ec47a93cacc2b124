import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileFromText } from '../../../tests/support/profile-from-text.js';
import { RequestRecording } from '../../../tests/support/request-recording.js';
import { seededRandom, simulatedLoad } from '../../../tests/support/simulated-load.js';
import type { Profile } from '../../model/profile.js';
import { JoinedRecordings } from '../joined-recordings.js';
import { defaultView } from '../view-options.js';
import { runToRunError } from './contention.js';
import { type Diff, diffOf, isChange } from './diff.js';

const compare = (before: Profile, after: Profile): Diff => diffOf(before, after, { view: defaultView });
const anyChange = ({ whole, routes, functions }: Diff) =>
  functions.some(isChange) ||
  [whole, ...routes.map(({ change }) => change)].some((c) => c.verdict !== 'same');
const named = ({ functions }: Diff, name: string) => functions.find(({ info }) => info?.name === name)!;

test('a recording differs in nothing from itself', () => {
  const profile = simulatedLoad({ seed: 1, seconds: 3 });
  const diff = compare(profile, profile);
  assert.equal(anyChange(diff), false);
  for (const { self, total } of diff.functions)
    assert.deepEqual([self.before - self.after, total.before - total.after, self.p], [0, 0, 1]);
});

test('of two runs of one program, nothing is called a change in 95 of 100', () => {
  for (const drift of [0.05, 0.3]) {
    let wrong = 0;
    for (let pair = 0; pair < 100; pair++) {
      const run = (seed: number) => simulatedLoad({ seed, seconds: 3, drift });
      if (anyChange(compare(run(1000 + 2 * pair), run(1001 + 2 * pair)))) wrong++;
    }
    assert.ok(wrong <= 5, `with a drift of ${drift}: ${wrong} of 100`);
  }
});

test('a function that takes a quarter longer is found in ten seconds, in 8 of 10', () => {
  let found = 0;
  let others = 0;
  for (let pair = 0; pair < 50; pair++) {
    const run = (seed: number, slower: number) =>
      simulatedLoad({ seed, seconds: 10, slower, calls: 'loop', drift: 0.05 });
    const diff = compare(run(2 * pair, 1), run(2 * pair + 1, 1.25));
    if (named(diff, 'f0').self.verdict === 'grew') found++;
    if (diff.functions.some((fn) => fn.info?.name !== 'f0' && fn.self.verdict !== 'same')) others++;
  }
  assert.ok(found >= 40, `${found} of 50`);
  assert.ok(others <= 2, `${others} of 50`);
});

/** One recording for each of these, in which `f0` takes so much longer. */
const several = (seed: number, seconds: number, slower: readonly number[]) =>
  new JoinedRecordings(
    slower.map((times, at) =>
      simulatedLoad({ seed: seed + at, seconds, slower: times, calls: 'loop', drift: 0.05 }),
    ),
  );

test('a function that takes a fifth longer is found in three recordings each, in 9 of 10', () => {
  let found = 0;
  for (let pair = 0; pair < 20; pair++) {
    const diff = compare(several(6 * pair, 10, [1, 1, 1]), several(6 * pair + 3, 10, [1.2, 1.2, 1.2]));
    if (named(diff, 'f0').self.verdict === 'grew') found++;
    const same = compare(several(6 * pair, 10, [1, 1, 1]), several(6 * pair + 3, 10, [1, 1, 1]));
    assert.equal(anyChange(same), false, `pair ${pair}`);
  }
  assert.ok(found >= 18, `${found} of 20`);
});

test('what each run has for itself is less in the mean of several', () => {
  const [one, four] = [runToRunError([0], [0]), runToRunError([0, 0, 0, 0], [0, 0, 0, 0])];
  assert.ok(Math.abs(four.ofEach / one.ofEach - 0.5) < 1e-9);
  assert.ok(Math.abs(four.ofSpeed / one.ofSpeed - 0.5) < 1e-9);
});

test('what differs as much between recordings of one program is no change', () => {
  const f0 = (after: readonly number[]) =>
    named(compare(several(1, 10, [1, 1.4, 1]), several(4, 10, after)), 'f0').self;
  const { before, after, verdict } = f0([1.4, 1, 1.4]);
  assert.ok(after / before > 1.08);
  assert.equal(verdict, 'same');
  assert.equal(f0([1.8, 2.2, 1.8]).verdict, 'grew');
});

test('several recordings are compared per request as well, and their times are means', () => {
  const run = (ticks: number) => requests({ a: [20, ticks], z: [12, 50] });
  const [route] = compare(new JoinedRecordings([run(10), run(10)]), run(20)).routes;
  assert.deepEqual([route!.route.route, route!.route.before, route!.route.after], ['GET /a', 40, 20]);
  const alone = compare(run(10), run(20)).routes[0]!.change;
  assert.ok(Math.abs(route!.change.before - alone.before) < 1);
  assert.equal(route!.change.verdict, 'grew');
});

test('that the machine is slower is no change of functions, and hides none', () => {
  let found = 0;
  for (let pair = 0; pair < 20; pair++) {
    const run = (seed: number, more: { all?: number; slower?: number }) =>
      simulatedLoad({ seed, seconds: 10, calls: 'paced', ...more });
    const before = run(2 * pair, {});
    assert.equal(anyChange(compare(before, run(2 * pair + 1, { all: 1.15 }))), false, `pair ${pair}`);
    const { functions } = compare(before, run(2 * pair + 1, { all: 0.9, slower: 1.4 }));
    const changed = functions.filter(({ self }) => self.verdict !== 'same');
    if (changed.length === 1 && changed[0]!.info?.name === 'f0') found++;
  }
  assert.ok(found >= 16, `${found} of 20`);
});

test('what grew less than all others is not said to have shrunk', () => {
  const run = (seed: number, more: { all?: number; slower?: number }) =>
    simulatedLoad({ seed, seconds: 20, calls: 'paced', drift: 0, ...more });
  const diff = compare(run(1, {}), run(2, { all: 1.8, slower: 0.65 }));
  const { before, after, verdict } = named(diff, 'f0').self;
  assert.ok(after > before * 1.05);
  assert.equal(verdict, 'same');
});

test('samples that lie evenly by chance are known no better than so many can be', () => {
  const every = (gap: number) => {
    const names = Array.from({ length: 1000 }, (_, at) => (at % gap === 0 ? 'f' : 'rest'));
    return profileFromText(`${names.map(() => 'main').join(' ')} | ${names.join(' ')}`);
  };
  // 100 and 125 samples, each by itself: 15 is the standard error of their difference.
  assert.equal(named(compare(every(10), every(8)), 'f').self.verdict, 'same');
  assert.equal(named(compare(every(10), every(5)), 'f').self.verdict, 'grew');
});

/** Ten blocks of samples, in which `times` of ten are in `name`, the rest in `rest`. */
const picture = (name: string, times: number) => {
  const inner = Array.from({ length: 1000 }, (_, at) => ((at * 7) % 10 < times ? name : 'rest'));
  return `${inner.map(() => 'main').join(' ')} | ${inner.join(' ')}`;
};

test('functions are the same by name and file, whatever their lines and folders', () => {
  const before = profileFromText(picture('f', 5), { functions: { f: { file: '/v1/app.py', firstLine: 3 } } });
  const after = profileFromText(picture('f', 5), { functions: { f: { file: '/v2/app.py', firstLine: 9 } } });
  const { self, only, info } = named(compare(before, after), 'f');
  assert.deepEqual([self.before, self.after, only], [500_000, 500_000, undefined]);
  assert.equal(info?.firstLine, 9);
});

test('what has another name, or is in another file, is gone and new', () => {
  const before = profileFromText(picture('f', 5), { functions: { f: { file: '/v1/old.py' } } });
  const after = profileFromText(picture('f', 5), { functions: { f: { file: '/v1/new.py' } } });
  const diff = compare(before, after);
  assert.deepEqual(
    diff.functions
      .filter(({ info }) => info?.name === 'f')
      .map(({ only, self, info }) => [info?.shortFile, only, self.verdict])
      .sort(),
    [
      ['new.py', 'after', 'grew'],
      ['old.py', 'before', 'shrank'],
    ],
  );
});

test('a Python without qualified names is compared by plain ones', () => {
  const functions = { f: { qualifiedName: 'View.f' } };
  const before = profileFromText(picture('f', 5));
  before.processes[0] = { ...before.processes[0]!, pythonVersion: '3.10.2' };
  const diff = compare(before, profileFromText(picture('f', 5), { functions }));
  assert.equal(named(diff, 'f').only, undefined);
  assert.equal(diff.byPlainName, true);
});

test('the time of C functions is that of their callers, and named with the change', () => {
  const functions = { sleep: { kind: 'c', qualifiedName: 'time.sleep' } } as const;
  const program = (times: number) => {
    const inner = Array.from({ length: 1000 }, (_, at) => ((at * 7) % 10 < times ? 'sleep' : '.'));
    const work = inner.map((name) => (name === 'sleep' ? 'work' : 'rest'));
    return profileFromText(`${work.map(() => 'main').join(' ')} | ${work.join(' ')} | ${inner.join(' ')}`, {
      functions,
    });
  };
  const diff = compare(program(3), program(6));
  const { self, inC } = named(diff, 'work');
  assert.deepEqual([self.before, self.after, self.verdict], [300_000, 600_000, 'grew']);
  assert.deepEqual([inC?.info.qualifiedName, Math.round(inC!.change)], ['time.sleep', 300_000]);
  assert.equal(named(diff, 'sleep'), undefined);
});

test('time that other programs took from both is error, and more so what they took from one', () => {
  const busy = (missed: number) => {
    const profile = profileFromText(picture('f', 5));
    profile.losses.missed = missed * (profile.duration / 1e6) * profile.info.rate;
    return profile;
  };
  const runToRun = (before: number, after: number) => compare(busy(before), busy(after)).runToRun;
  assert.ok(runToRun(0, 0).ofEach < 0.05 && runToRun(0, 0).ofSpeed < 0.1);
  assert.ok(runToRun(0.5, 0.5).ofEach > 0.1 && runToRun(0.5, 0.5).ofSpeed > 0.1);
  assert.ok(runToRun(0, 0.5).ofEach > 0.3 && runToRun(0, 0.5).ofSpeed > 0.6);
});

test('a recording without a single sample shows nothing of what is new', () => {
  const empty = profileFromText('. .');
  for (const column of Object.values(empty.runs)) column.length = 0;
  assert.equal(anyChange(compare(empty, profileFromText(picture('f', 5)))), false);
});

/** By route: how many requests, and of how many samples; each differs by some from the next. In random order. */
function requests(of: Readonly<Record<string, readonly [number, number]>>): Profile {
  const random = seededRandom(7);
  const all = Object.entries(of).flatMap(([route, [count, ticks]]) =>
    Array.from({ length: count }, () => ({
      route,
      ticks: Math.max(1, ticks + Math.floor(4 * random())),
      at: random(),
    })),
  );
  all.sort((a, b) => a.at - b.at);
  const letter = (number: number) => String.fromCharCode(0x4e00 + number);
  const main = all.map(({ ticks }, number) => letter(number).repeat(ticks)).join('.');
  const routeOf = (name: string) => `GET /${all[name.charCodeAt(0) - 0x4e00]!.route}`;
  return new RequestRecording({ routeOf }).add({ main: `.${main}.` }).profile;
}

test('where both have requests, time is per request, and another mix of routes is no change', () => {
  const diff = compare(requests({ a: [40, 10], z: [12, 50] }), requests({ a: [20, 10], z: [30, 50] }));
  assert.equal(diff.basis, 'request');
  assert.deepEqual(
    diff.routes.map(({ route, change }) => [route.route, route.before, route.after, change.verdict]).sort(),
    [
      ['GET /a', 40, 20, 'same'],
      ['GET /z', 12, 30, 'same'],
    ],
  );
  assert.equal(diff.whole.verdict, 'same');
});

test('a route whose requests take longer is found, and how long one takes', () => {
  const diff = compare(requests({ a: [30, 10], z: [15, 50] }), requests({ a: [30, 10], z: [15, 70] }));
  const [{ route, change }, other] = diff.routes as [(typeof diff.routes)[0], (typeof diff.routes)[0]];
  assert.deepEqual([route.route, change.verdict, other.change.verdict], ['GET /z', 'grew', 'same']);
  assert.ok(Math.abs(change.before / 1024 - 51.5) < 2, `${change.before / 1024}`);
  assert.ok(Math.abs(change.after / 1024 - 71.5) < 2, `${change.after / 1024}`);
});

test('a route with few requests, or with requests that are shorter than the interval, is not compared', () => {
  const diff = compare(
    requests({ a: [30, 10], few: [7, 10], short: [20, -2] }),
    requests({ a: [30, 10], few: [30, 10], short: [20, 10] }),
  );
  assert.deepEqual(
    diff.seenRoutes.map(({ route, why }) => [route, why]),
    [
      ['GET /a', undefined],
      ['GET /few', 'few'],
      ['GET /short', 'short'],
    ],
  );
  assert.equal(
    diffOf(requests({ a: [7, 10] }), requests({ a: [7, 10] }), { view: defaultView }).basis,
    'second',
  );
});

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { FrameSnapshot, ProcessSnapshot } from '../../src/model/snapshot.js';
import { imageTarget } from '../../src/platform/image/image-target.js';
import { findPython } from '../../src/sampler/attach.js';
import {
  goldenOf,
  type ImageFixture,
  imageFixtures,
  imageOfFixture,
  python2Fixture,
  shownOf,
  snapshotOfFixture,
  snapshotWithVariables,
  stateFixtures,
} from '../support/images.js';
import { sampledStacks } from '../support/sampled-stacks.js';
import { programFile } from '../support/targets.js';

/** What stands at the line where each function of the program waits, whose lines are the same on all versions. */
const waits: Readonly<Record<string, string>> = {
  wait: 'gate.acquire()',
  static: "wait('a static method')",
  of_class: 'return cls.static(cls, names, more)',
  leaf: "return Tree.of_class('made', depth=self.depth)",
  numbers: "received = yield from inner_numbers('inner')",
  inner_numbers: 'wait(label)',
  consumes_generator: 'total = sum(number for number in numbers())',
  outer_coroutine: 'await inner_coroutine(item, name=name)',
  inner_coroutine: 'wait(name)',
  drives_coroutine: "outer_coroutine('driven').send(None)",
  calls_back: "replaced = re.compile('b+').sub(on_match, 'abbbc')",
  on_match: 'ordered = sorted([3, 1, 2], key=lambda number: reduces(number))',
  reduces: 'return functools.reduce(adds, [number, number + 1], 10)',
  adds: 'return list(map(größe, [left, right]))',
  größe: 'wait(unicode)',
  unbinds: "closure('!')",
  closure: 'wait(captured)',
  holds_values: 'values.hold()',
  holds_buffers: 'import buffers',
};

/** Each C function that is called, and by which. */
const cCalls: readonly (readonly [string, string])[] = [
  ['_thread.lock.acquire', 'wait'],
  ['time.sleep', 'sleeps'],
  ['builtins.sum', 'consumes_generator'],
  ['builtins.coroutine.send', 'drives_coroutine'],
  ['re.Pattern.sub', 'calls_back'],
  ['builtins.sorted', 'on_match'],
  ['functools.reduce', 'reduces'],
  ['builtins.list', 'adds'],
];

/** The same of the program for Python 2. */
const waitsOfPython2: typeof waits = {
  wait: 'gate.acquire()',
  static: "wait('a static method')",
  of_class: 'return cls.static(names, more)',
  numbers: "wait('a generator')",
  consumes_generator: 'return sum(number for number in numbers())',
  calls_back: "return re.compile('b+').sub(on_match, 'abbbc')",
  on_match: 'return sorted([3, 1, 2], key=lambda number: reduces(number))',
  reduces: 'return reduce(adds, [number, number + 1], 10)',
  adds: 'return map(wait, [left, right])',
  __enter__: "wait('entering')",
  enters: 'with Entered():',
  executes: "exec 'made = 2\\nwait(made)'",
  method: "closure('!')",
  closure: 'wait((own, part))',
  // The last line of a call that has several.
  far_down: 'second',
  holds_values: "wait('values')",
};

const cCallsOfPython2: typeof cCalls = [
  ['thread.lock.acquire', 'wait'],
  ['time.sleep', 'sleeps'],
  ['__builtin__.sum', 'consumes_generator'],
  ['re.SRE_Pattern.sub', 'calls_back'],
  ['__builtin__.sorted', 'on_match'],
  ['__builtin__.reduce', 'reduces'],
  ['__builtin__.map', 'adds'],
];

const linesOf = ({ program }: ImageFixture) => readFileSync(programFile(program), 'utf8').split('\n');

const target = (fixture: ImageFixture) => imageTarget(imageOfFixture(fixture));

for (const fixture of imageFixtures)
  test(`the image ${fixture.name} shows what its golden says`, () => {
    const shown = shownOf(target(fixture));
    const golden = goldenOf(fixture);
    let expected: string | undefined;
    try {
      expected = readFileSync(golden, 'utf8');
    } catch {
      // Without a golden nothing is right.
    }
    if (shown !== expected) writeFileSync(`${golden}.actual`, shown);
    assert.equal(shown, expected, `compare ${golden}.actual`);
  });

for (const fixture of [python2Fixture, ...stateFixtures]) {
  const open = () => target(fixture);
  const shown = () => snapshotOfFixture(fixture);
  const isPython2 = fixture === python2Fixture;
  const expectedLines = isPython2 ? waitsOfPython2 : waits;

  test(`the image ${fixture.name} has the lines and C calls of its program`, () => {
    const { threads } = shown();
    const program = linesOf(fixture);
    const seen = new Set<string>();
    for (const { frames } of threads)
      for (const [at, frame] of frames.entries()) {
        const expected = frame.shortFile === 'known_state.py' ? expectedLines[frame.name] : undefined;
        if (expected === undefined) continue;
        seen.add(frame.name);
        assert.equal(program[frame.line - 1]?.trim(), expected, `${frame.name}, line ${frame.line}`);
        assert.ok(at > 0 || frame.name !== 'wait', 'what `wait` calls is above it');
      }
    assert.deepEqual(
      Object.keys(expectedLines).filter((name) => !seen.has(name)),
      // What that thread imports needs dataclasses.
      fixture.minor === 6 ? ['holds_values'] : [],
    );
    for (const [named, caller] of isPython2 ? cCallsOfPython2 : cCalls) {
      // The class of compiled patterns got its name in 3.7.
      const callee = fixture.minor === 6 ? named.replace('re.Pattern', 're.SRE_Pattern') : named;
      assert.ok(
        threads.some(({ frames }) => calls(frames, caller, callee)),
        callee,
      );
    }
  });

  test(`the stacks of the image ${fixture.name} are those that sampling sees`, () => {
    const image = open();
    const expected = shown().threads.map(
      ({ ident, frames }) =>
        [ident, frames.map(({ qualifiedName, line }) => `${qualifiedName}:${line}`)] as const,
    );
    const sampled = sampledStacks(image.memory, findPython(image)!);
    assert.deepEqual(new Map([...sampled].sort()), new Map([...expected].sort()));
  });

  test(`without anybody to ask about its threads, the image ${fixture.name} has the same stacks`, () => {
    const { threads: _, ...alone } = open();
    const stacks = (one: ProcessSnapshot) =>
      one.threads.map(({ ident, frames }) => ({
        ident,
        // Which C function is called is less certain of a thread that may run.
        frames: frames.flatMap(({ kind, qualifiedName, line }) =>
          kind === 'python' ? [`${qualifiedName}:${line}`] : [],
        ),
      }));
    const seen = snapshotWithVariables(alone)!;
    assert.ok(seen.threads.every(({ state, waitingFor }) => state === 'unknown' && waitingFor === ''));
    assert.deepEqual(stacks(seen), stacks(shown()));
  });
}

function calls(frames: readonly FrameSnapshot[], caller: string, callee: string): boolean {
  return frames.some(
    ({ name }, at) =>
      name === caller && frames[at - 1]?.kind === 'c' && frames[at - 1]?.qualifiedName === callee,
  );
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileFromText } from '../../tests/support/profile-from-text.js';
import { gilHolders } from '../analysis/gil-holders.js';
import { rowsOfPiece } from '../analysis/sample-weights.js';
import { unknownCpu } from '../analysis/unknown-cpu.js';
import { defaultView } from '../analysis/view-options.js';
import { type Profile, RunFlag } from '../model/profile.js';
import { Counted, CountedPart } from './counted.js';
import { initialState, type PageState } from './page-state.js';

// Of every count there are several pieces, and the last one is shorter: what each has is added up here by hand.
const functionCount = 40;
const stackCount = 30_000;
const rowCount = 2 * rowsOfPiece + 34;

/** Each stack is one line of a function below `main`. Of two threads one holds the GIL, the other waits for it. */
function manyRows(): Profile {
  const names = Array.from({ length: functionCount }, (_, at) => `f${at}`);
  const profile = profileFromText({
    main: `${names.map(() => 'main').join(' ')} | ${names.join(' ')}`,
    other: 'main',
  });
  const { runs, stacks, frames } = profile;
  const main = stacks.parent.at(runs.stack.at(0));
  const functionOf = names.map((_, at) => frames.function.at(stacks.frame.at(runs.stack.at(at))));
  for (const column of Object.values(runs)) column.length = 0;
  const first = stacks.frame.length;
  for (let stack = 0; stack < stackCount; stack++) {
    frames.function.push(functionOf[stack % functionCount]!);
    frames.line.push(10 + Math.floor(stack / functionCount));
    stacks.parent.push(main);
    stacks.frame.push(frames.line.length - 1);
  }
  let at = 0;
  for (let row = 0; row < rowCount; row += 2) {
    const duration = 1 + ((row * 7919) % 101);
    for (const [thread, flags] of [
      RunFlag.running | RunFlag.holdsGil,
      RunFlag.waiting | RunFlag.waitsForGil,
    ].entries()) {
      runs.thread.push(thread);
      runs.stack.push(first + ((row * 31 + thread) % stackCount));
      runs.flags.push(flags);
      runs.context.push(0);
      runs.start.push(at);
      runs.duration.push(duration);
      runs.samples.push(1);
    }
    at += duration;
  }
  profile.duration = at;
  return profile;
}

const profile = manyRows();

/** Time by function, of the rows that are meant. */
function timeByFunction(isMeant: (row: number) => boolean): Map<number, number> {
  const { runs, stacks, frames } = profile;
  const times = new Map<number, number>();
  for (let row = 0; row < rowCount; row++) {
    const fn = frames.function.at(stacks.frame.at(runs.stack.at(row)));
    if (isMeant(row)) times.set(fn, (times.get(fn) ?? 0) + runs.duration.at(row));
  }
  return times;
}

const inOrder = (times: Iterable<readonly [number, number]>) => [...times].sort(([a], [b]) => a - b);
const whole = ([...times]: Iterable<readonly [number, number]>) =>
  times.reduce((sum, [, time]) => sum + time, 0);

function counted(change: Partial<PageState>): { readonly counted: Counted; readonly pieces: number } {
  const state = { ...initialState(defaultView), idle: true, lines: 'function' as const, ...change };
  const counted = new Counted(new CountedPart(profile, state), defaultView, state);
  let pieces = 0;
  for (const _ of counted.count(state)) pieces++;
  for (const _ of counted.countTimeline({ rows: 'threads', columns: 7, most: 9 })) pieces++;
  return { counted, pieces };
}

const holder = (row: number) => row % 2 === 0;
const views: readonly (readonly [Partial<PageState>, (row: number) => boolean])[] = [
  [{}, () => true],
  [{ thread: 0 }, holder],
  [{ mode: 'gil' }, holder],
  [{ mode: 'gil-wait' }, (row) => !holder(row)],
  [{ range: { from: 0, to: profile.runs.start.at(rowsOfPiece + 2) } }, (row) => row < rowsOfPiece + 2],
];

for (const [change, isMeant] of views)
  test(`many pieces add up to all rows: ${JSON.stringify(change)}`, () => {
    const { counted: of, pieces } = counted({ ...change, tab: 'function' });
    assert.ok(pieces > 20, `${pieces}`);
    const expected = timeByFunction(isMeant);
    const selfOf = ({ rows }: typeof of.functions) => {
      const times = new Map<number, number>();
      for (const { function: fn, selfTime } of rows)
        if (fn >= 0) times.set(fn, (times.get(fn) ?? 0) + selfTime);
      return times;
    };
    // What waits for the GIL is below the function, in a frame of its own, where a view has both.
    const runs = timeByFunction((row) => isMeant(row) && (holder(row) || change.mode === 'gil-wait'));
    for (const table of [of.functions, of.lines])
      assert.deepEqual(
        inOrder(selfOf(table)).filter(([, time]) => time > 0),
        inOrder(runs),
      );
    assert.equal(of.functions.totalTime, whole(expected));
    const { tree } = of;
    assert.equal(tree.totalOf(0), whole(expected));
    const [main] = Array.from(tree.childrenOf(0));
    assert.equal(tree.totalOf(main!), whole(expected));
    const below = Array.from(
      tree.childrenOf(main!),
      (node) => [tree.names[tree.nameOf(node)]!.function, tree.totalOf(node)] as const,
    );
    assert.deepEqual(inOrder(below), inOrder(expected));
    for (const node of Array.from(tree.childrenOf(main!))) assert.equal(tree.parentOf(node), main);
    const { rows } = of.timeline({ rows: 'threads', columns: 7, most: 9 });
    const shown = rows.filter(({ member }) => member >= 0 || rows.length === 1);
    assert.equal(
      shown.reduce((sum, { time }) => sum + time, 0),
      whole(expected),
    );
    const inCells = shown.reduce((sum, { cells }) => sum + cells.reduce((all, part) => all + part, 0), 0);
    const { duration } = of.timeline({ rows: 'threads', columns: 7, most: 9 });
    assert.ok(Math.abs((inCells * duration) / 7 - whole(expected)) < whole(expected) / 1e4);
  });

test('lines of many pieces are as many nodes of the tree', () => {
  const { counted: of } = counted({ lines: 'current', inverted: true });
  const [main] = Array.from(of.tree.childrenOf(0));
  const seen = new Set(Array.from({ length: rowCount }, (_, row) => profile.runs.stack.at(row)));
  const { inverted } = of;
  const innermost = Array.from(inverted.childrenOf(0), (node) => inverted.totalOf(node));
  assert.equal(
    innermost.reduce((sum, time) => sum + time, 0),
    of.tree.totalOf(0),
  );
  const children = Array.from(of.tree.childrenOf(main!));
  assert.equal(children.length, seen.size);
  const times = children.map((node) => of.tree.totalOf(node));
  assert.equal(Math.min(...times) > 0, true);
  assert.equal(
    times.reduce((sum, time) => sum + time, 0),
    of.tree.totalOf(0),
  );
  assert.ok(seen.size > 16_000);
});

test('what threads did, and who held the GIL, is of all pieces', () => {
  const { time } = counted({}).counted.answer;
  const all = whole(timeByFunction(() => true));
  assert.deepEqual([time.shown, time.gilWaiting, time.waiting], [all, all / 2, all / 2]);
  const isWaiting = (row: number) => !holder(row);
  const functionOf = (stack: number) => profile.frames.function.at(profile.stacks.frame.at(stack));
  assert.deepEqual(inOrder(gilHolders(profile, isWaiting, functionOf)), inOrder(timeByFunction(holder)));
  assert.deepEqual(unknownCpu(profile), { threads: 0, of: 2 });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileFromText } from '../../tests/support/profile-from-text.js';
import { defaultView } from '../analysis/view-options.js';
import { Counted, CountedPart } from './counted.js';
import { barAt, layOutBars } from './flame-bars.js';
import { type FlameSource, nodeAt, pathOf } from './frame-tree.js';
import { initialState } from './page-state.js';
import { findFrames, searchPattern } from './search.js';

const counted = (...[picture, options]: Parameters<typeof profileFromText>) => {
  const view = { ...defaultView, lines: 'function' } as const;
  const state = initialState(view);
  return new Counted(new CountedPart(profileFromText(picture, options), state), view, state);
};

/** A tree as lines: depth, name, milliseconds of all and of its own. */
function drawn(source: FlameSource): string[] {
  const lines: string[] = [];
  const visit = (node: number): void => {
    const { name } = source.names[source.nameOf(node)]!;
    const [total, self] = [source.totalOf(node), source.selfOf(node)].map((time) => time / 1000);
    lines.push(`${' '.repeat(source.depthOf(node))}${name} ${total} ${self}`);
    for (const child of Array.from(source.childrenOf(node))) visit(child);
  };
  visit(0);
  return lines;
}

// f calls itself; g is called by two.
const picture = 'main main main main main | f f g g f | f . . . g | g . . . .';

test('the call tree in columns', () => {
  assert.deepEqual(drawn(counted(picture).tree), [
    'all 50 0',
    ' main 50 0',
    '  f 30 10',
    '   f 10 0',
    '    g 10 10',
    '   g 10 10',
    '  g 20 20',
  ]);
});

test('bottom up: below all what was innermost, below each its callers', () => {
  assert.deepEqual(drawn(counted(picture).inverted), [
    'all 50 0',
    ' g 40 40',
    '  f 20 0',
    '   f 10 0',
    '    main 10 0',
    '   main 10 0',
    '  main 20 0',
    ' f 10 10',
    '  main 10 0',
  ]);
});

test('one function: its callers and callees, what calls itself once', () => {
  const of = counted(picture);
  const f = of.profile.functions.findIndex(({ name }) => name === 'f');
  assert.deepEqual(drawn(of.callersOf(f)), ['f 30 0', ' main 30 0']);
  assert.deepEqual(drawn(of.calleesOf(f)), ['f 30 10', ' f 10 0', '  g 10 10', ' g 10 10']);
});

test('totals of each direction are those of the table', () => {
  const of = counted(
    { one: 'a b b c | b c a a | c a . .', two: 'a . d d' },
    { states: { one: 'RWGC', two: 'rR.W' } },
  );
  for (const { function: fn, label, totalTime, selfTime } of of.functions.rows) {
    if (fn < 0) continue;
    assert.equal(of.calleesOf(fn).totalOf(0), totalTime, label);
    const children = Array.from(of.inverted.childrenOf(0));
    const root = children.find((node) => of.inverted.names[of.inverted.nameOf(node)]!.function === fn);
    assert.equal(root === undefined ? 0 : of.inverted.totalOf(root), selfTime, label);
  }
});

test('bars are as wide as their time, and what is too thin is left out', () => {
  const { tree } = counted(picture);
  const bars = layOutBars(tree, 0, 1000);
  const [f, g] = [barAt(bars, 10, 2), barAt(bars, 700, 2)];
  assert.deepEqual([bars.x[f], bars.width[f], bars.x[g], bars.width[g]], [0, 600, 600, 400]);
  assert.equal(barAt(bars, 1000, 2), -1);
  assert.equal(bars.rows, 5);
  const zoomed = layOutBars(tree, bars.node[g]!, 1000);
  assert.deepEqual(Array.from(zoomed.width), [1000, 1000, 1000]);
  const thin = counted(`${'a '.repeat(9999)}b`, { interval: 1 });
  assert.equal(layOutBars(thin.tree, 0, 1000).count, 2);
  assert.equal(layOutBars(counted('.').tree, 0, 1000).count, 0);
});

test('a place is found again by its path, as far as there is one', () => {
  const { tree } = counted(picture);
  for (let node = 0; node < tree.count; node++) assert.equal(nodeAt(tree, pathOf(tree, node)), node);
  assert.deepEqual(pathOf(tree, nodeAt(tree, ['main (app.py:1)', 'nothing'])), ['main (app.py:1)']);
});

test('a search counts nested frames once, and what is no pattern is a text', () => {
  const { tree } = counted(picture);
  const found = findFrames(tree, searchPattern('^(f|g) ')!);
  assert.deepEqual([found.time, found.count], [50_000, 2]);
  assert.equal(findFrames(tree, searchPattern('MAIN')!).count, 0);
  assert.equal(findFrames(tree, searchPattern('app.py:1)')!).count, 3);
  assert.equal(searchPattern(''), undefined);
});

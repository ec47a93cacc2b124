import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diffPageOf, shopPair } from '../../tests/support/diffed-pair.js';
import { profileFromText } from '../../tests/support/profile-from-text.js';
import { defaultView } from '../analysis/view-options.js';
import type { Colors } from './colors.js';
import { DiffTree } from './diff-tree.js';
import { layOutBars } from './flame-bars.js';
import { paintFlames } from './flame-paint.js';
import { paintAxis } from './time-axis.js';
import { timeChartOf } from './time-chart-data.js';

type Context = Parameters<typeof paintFlames>[0];

interface Seen {
  /** How opaque each bar was filled, in the order of painting, and with what. */
  readonly opacities: number[];
  readonly fills: unknown[];
  readonly texts: string[];
  /** Colours of outlines. */
  readonly strokes: unknown[];
}

/** What was painted on a context that knows no font: each character is 6 pixels wide. */
function painted(paint: (context: Context) => void): Seen {
  const seen: Seen = { opacities: [], fills: [], texts: [], strokes: [] };
  const fill = () => {
    seen.opacities.push(context.globalAlpha);
    seen.fills.push(context.fillStyle);
  };
  const context = {
    ...{ globalAlpha: 1, fillStyle: undefined, strokeStyle: undefined },
    ...{ beginPath: () => {}, roundRect: () => {}, measureText: () => ({ width: 6 }) },
    ...{ fill, fillRect: fill },
    fillText: (text: string) => void seen.texts.push(text),
    stroke: () => void seen.strokes.push(context.strokeStyle),
  };
  paint(context as unknown as Context);
  return seen;
}

/** What is in sight: all of a picture, and nothing of it. */
const whole = { top: 0, height: 100 };
const below = { top: 1000, height: 100 };
const shades = ['#111111', '#222222', '#333333'];
const colors = {
  ...{ page: '#page', line: '#line', soft: '#soft', ink: '#ink', accent: '#accent' },
  ...{ match: '#match', matchInk: '#match-ink', barInk: '#bar-ink' },
  bars: { application: shades, library: shades, stdlib: shades, c: shades, synthetic: shades },
} as unknown as Colors;

test('calls over time are as strong in every row: none is above another as in a picture that was zoomed', () => {
  // The call that ends first is not the outermost.
  const profile = profileFromText('main main main main | a a b b');
  const chart = timeChartOf(profile, defaultView, {
    ...{ thread: 0, range: { from: 0, to: profile.duration }, columns: 4, width: 400 },
  });
  const { bars } = chart;
  const picture = {
    source: chart,
    bars,
    root: undefined,
    colors,
    found: undefined,
    hovered: -1,
    current: -1,
  };
  const { opacities, fills } = painted((to) => paintFlames(to, picture, whole));
  assert.deepEqual(opacities, [1, 1, 1]);
  assert.ok(fills.every((fill) => shades.includes(String(fill))));
  const zoomed = painted((to) => paintFlames(to, { ...picture, root: 0 }, whole));
  assert.deepEqual(zoomed.opacities.sort(), [0.45, 1, 1]);
});

test('what a search found has its colour, what it did not is pale; the pointer and the keys have outlines', () => {
  const names = ['main', 'näme', 'other'];
  const profile = profileFromText(`${names[0]} ${names[0]} | ${names[1]} ${names[2]}`);
  const chart = timeChartOf(profile, defaultView, {
    ...{ thread: 0, range: { from: 0, to: profile.duration }, columns: 2, width: 400 },
  });
  const found = Uint8Array.from(chart.names, ({ name }) => (name === 'näme' ? 1 : 0));
  const at = (name: string) =>
    Array.from(chart.bars.node).find((node) => chart.names[chart.nameOf(node)]!.name === name)!;
  const paint = { source: chart, bars: chart.bars, root: undefined, colors, found };
  const seen = painted((to) =>
    paintFlames(to, { ...paint, hovered: at('main'), current: at('other') }, whole),
  );
  const matches = seen.fills.map((fill) => fill === '#match');
  assert.equal(matches.filter(Boolean).length, 1);
  assert.deepEqual(
    seen.opacities,
    matches.map((match) => (match ? 1 : 0.32)),
  );
  assert.deepEqual(seen.strokes.sort(), ['#accent', '#ink']);
  assert.deepEqual(
    names.filter((name) => seen.texts.includes(name)),
    names,
  );
  assert.deepEqual(painted((to) => paintFlames(to, { ...paint, hovered: -1, current: -1 }, below)).fills, []);
});

test('what changed has the colour and the mark of its change, whoever wrote it', () => {
  const page = diffPageOf(shopPair());
  const tree = new DiffTree(page.trees.after, page.basis);
  const changes = { grew: ['#g0', '#g1', '#g2'], shrank: ['#s0', '#s1', '#s2'], same: ['#e0'] };
  const paint = { source: tree, bars: layOutBars(tree, 0, 2000), root: 0, found: undefined };
  const { fills, texts } = painted((to) =>
    paintFlames(
      to,
      { ...paint, colors: { ...colors, changes } as unknown as Colors, hovered: -1, current: -1 },
      whole,
    ),
  );
  const expected = Array.from(paint.bars.node, (node) => {
    const { kind, shade } = tree.changeOf(node);
    return changes[kind][shade];
  });
  assert.deepEqual(fills, expected);
  assert.ok(
    texts.some((text) => /^\+\d+% Shop\.price$/.test(text)),
    texts.join(),
  );
  assert.ok(texts.includes('log'));
});

test('an axis has its moments, within its width', () => {
  const of = { left: 100, width: 400, bottom: 60, from: 0, to: 4e6 };
  const { texts } = painted((to) => paintAxis(to, colors, of));
  assert.deepEqual(texts, ['0', '2.00 s', '4.00 s']);
});

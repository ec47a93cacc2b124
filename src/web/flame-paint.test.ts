import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileFromText } from '../../tests/support/profile-from-text.js';
import { defaultView } from '../analysis/view-options.js';
import type { Colors } from './colors.js';
import { paintFlames } from './flame-paint.js';
import { timeChartOf } from './time-chart-data.js';

type Context = Parameters<typeof paintFlames>[0];

/** How opaque each bar was filled, in the order of painting. */
function opacities(paint: (context: Context) => void): number[] {
  const seen: number[] = [];
  const context = {
    globalAlpha: 1,
    ...{ beginPath: () => {}, roundRect: () => {}, fillText: () => {}, measureText: () => ({ width: 6 }) },
    fill: () => void seen.push(context.globalAlpha),
    fillRect: () => void seen.push(context.globalAlpha),
  };
  paint(context as unknown as Context);
  return seen;
}

const shades = ['#111111', '#222222', '#333333'];
const colors = {
  bars: { application: shades, library: shades, stdlib: shades, c: shades, synthetic: shades },
} as unknown as Colors;

test('calls over time are as strong in every row: none is above another as in a picture that was zoomed', () => {
  // The call that ends first is not the outermost.
  const profile = profileFromText('main main main main | a a b b');
  const chart = timeChartOf(profile, defaultView, {
    ...{ thread: 0, range: { from: 0, to: profile.duration }, columns: 4, width: 400 },
  });
  const { bars } = chart;
  const painted = {
    source: chart,
    bars,
    root: undefined,
    colors,
    found: undefined,
    hovered: -1,
    current: -1,
  };
  const seen = opacities((context) => paintFlames(context, painted, { top: 0, height: 100 }));
  assert.deepEqual(seen, [1, 1, 1]);
  const zoomed = opacities((context) =>
    paintFlames(context, { ...painted, root: 0 }, { top: 0, height: 100 }),
  );
  assert.deepEqual([...zoomed].sort(), [0.45, 1, 1]);
});

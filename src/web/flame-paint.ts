import { fitMarked } from '../formats/flamegraph/fit-label.js';
import { mostlyWaits } from '../formats/flamegraph/waiting.js';
import type { Colors } from './colors.js';
import type { Bars } from './flame-bars.js';
import type { FlameSource } from './frame-tree.js';

/** Pixels of a row, and of the gap below it. */
export const rowHeight = 20;
const gap = 1;
const padding = 6;
/** A name in less is no name. */
const narrowestText = 26;

export interface FlamePaint {
  readonly source: FlameSource;
  readonly bars: Bars;
  /** The node that is as wide as the page: what is above it is paler. `undefined`: there is no such node. */
  readonly root: number | undefined;
  readonly colors: Colors;
  /** By name, whether it was searched for; nothing when nothing is. */
  readonly found: Uint8Array | undefined;
  /** Nodes; -1: none. */
  readonly hovered: number;
  readonly current: number;
}

export const sans =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arimo, sans-serif';
const fonts = { application: `600 12px ${sans}`, other: `500 12px ${sans}`, location: `400 11.5px ${sans}` };

/** Paints rows `top` to `top + height`, in pixels of the whole picture, on a context that begins at `top`. */
export function paintFlames(
  context: CanvasRenderingContext2D,
  paint: FlamePaint,
  { top, height }: { top: number; height: number },
): void {
  const { source, bars, colors } = paint;
  context.textBaseline = 'middle';
  let filled: string | CanvasPattern | undefined;
  for (let bar = 0; bar < bars.count; bar++) {
    const y = bars.depth[bar]! * rowHeight - top;
    if (y + rowHeight < 0 || y > height) continue;
    const node = bars.node[bar]!;
    const [x, width] = [bars.x[bar]!, bars.width[bar]!];
    const isFound = paint.found?.[source.nameOf(node)] === 1;
    const opacity = opacityOf(paint, node, isFound);
    if (opacity !== 1) context.globalAlpha = opacity;
    const fill = isFound ? colors.match : fillOf(context, paint, node);
    // To set a colour is to parse it, which took a third of the time of a picture.
    if (fill !== filled) context.fillStyle = fill;
    filled = fill;
    fillBar(context, { x, y, width });
    if (opacity !== 1) context.globalAlpha = 1;
    if (node === paint.hovered || node === paint.current) outline(context, paint, { node, x, y, width });
    if (width < narrowestText) continue;
    writeName(context, paint, { node, x, y, width, ink: isFound ? colors.matchInk : colors.barInk });
    filled = undefined;
  }
}

/** What is above the root of the picture is paler, and so is what a search did not find. */
function opacityOf({ source, root, found }: FlamePaint, node: number, isFound: boolean): number {
  if (root !== undefined && source.depthOf(node) < source.depthOf(root)) return 0.45;
  return found !== undefined && !isFound ? 0.32 : 1;
}

function fillOf(
  context: CanvasRenderingContext2D,
  { source, colors }: FlamePaint,
  node: number,
): string | CanvasPattern {
  const change = source.changeOf?.(node);
  if (change !== undefined) return colors.changes[change.kind][change.shade]!;
  if (mostlyWaits(source.totalOf(node), source.selfWaitingOf(node))) return hatchOf(context, colors);
  const { category, file } = source.names[source.nameOf(node)]!;
  return colors.bars[category][file % 3]!;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

function fillBar(context: CanvasRenderingContext2D, { x, y, width }: Box): void {
  const shown = Math.max(width - (width > 3 ? 1 : 0), 0.5);
  if (width < 8) {
    context.fillRect(x, y, shown, rowHeight - gap);
    return;
  }
  context.beginPath();
  context.roundRect(x, y, shown, rowHeight - gap, 3);
  context.fill();
}

function outline(context: CanvasRenderingContext2D, paint: FlamePaint, box: Box & { node: number }): void {
  const isCurrent = box.node === paint.current;
  context.strokeStyle = isCurrent ? paint.colors.accent : paint.colors.ink;
  context.lineWidth = isCurrent ? 2 : 1.25;
  context.beginPath();
  context.roundRect(box.x + 0.75, box.y + 0.75, Math.max(1, box.width - 2.5), rowHeight - gap - 1.5, 3);
  context.stroke();
}

function writeName(
  context: CanvasRenderingContext2D,
  { source }: FlamePaint,
  { node, x, y, width, ink }: Box & { node: number; ink: string },
): void {
  const { name, location, category } = source.names[source.nameOf(node)]!;
  const font = category === 'application' ? fonts.application : fonts.other;
  // No bar is told by its colour alone.
  const fitted = fitMarked(source.changeOf?.(node).mark ?? '', name, location, {
    width: width - 2 * padding,
    nameWidth: (text) => widthOf(context, font, text),
    locationWidth: (text) => widthOf(context, fonts.location, text),
  });
  const { location: where } = fitted;
  const shown = fitted.mark + fitted.name;
  if (shown === '') return;
  const middle = y + (rowHeight - gap) / 2 + 0.5;
  context.font = font;
  context.fillStyle = ink;
  context.fillText(shown, x + padding, middle);
  if (where === '') return;
  const after = x + padding + widthOf(context, font, `${shown} `);
  context.font = fonts.location;
  context.globalAlpha = 0.78;
  context.fillText(where, after, middle);
  context.globalAlpha = 1;
}

/** By font: widths of characters up to 127, and of others as they come. */
const widths = new Map<string, { readonly ascii: Float64Array; readonly others: Map<string, number> }>();
const mostOthers = 10_000;

/**
 * Character by character: a picture has thousands of names, cut in as many ways, and to measure a text takes longer
 * than to draw it. What characters do to each other is less than a pixel.
 */
function widthOf(context: CanvasRenderingContext2D, font: string, text: string): number {
  let known = widths.get(font);
  if (known === undefined) {
    context.font = font;
    const measured = (_: unknown, code: number) => context.measureText(String.fromCharCode(code)).width;
    known = { ascii: Float64Array.from({ length: 128 }, measured), others: new Map() };
    widths.set(font, known);
  }
  let width = 0;
  for (const character of text) {
    const code = character.charCodeAt(0);
    width += code < 128 ? known.ascii[code]! : otherWidth(context, font, character, known.others);
  }
  return width;
}

function otherWidth(
  context: CanvasRenderingContext2D,
  font: string,
  character: string,
  others: Map<string, number>,
): number {
  const known = others.get(character);
  if (known !== undefined) return known;
  context.font = font;
  const { width } = context.measureText(character);
  if (others.size > mostOthers) others.clear();
  others.set(character, width);
  return width;
}

const hatches = new Map<string, CanvasPattern>();

/** What waits is hatched: distinct without colours, and calmer than what works. */
function hatchOf(context: CanvasRenderingContext2D, { waits, waitsLine }: Colors): CanvasPattern | string {
  const key = `${waits} ${waitsLine}`;
  const known = hatches.get(key);
  if (known) return known;
  const tile = document.createElement('canvas');
  tile.width = 8;
  tile.height = 8;
  const to = tile.getContext('2d');
  if (!to) return waits;
  to.fillStyle = waits;
  to.fillRect(0, 0, 8, 8);
  to.strokeStyle = waitsLine;
  to.lineWidth = 2;
  for (const from of [-8, 0, 8]) {
    to.beginPath();
    to.moveTo(from, 8);
    to.lineTo(from + 8, 0);
    to.stroke();
  }
  const pattern = context.createPattern(tile, 'repeat');
  if (!pattern) return waits;
  hatches.set(key, pattern);
  return pattern;
}

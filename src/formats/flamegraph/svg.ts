// The picture as it is without a script: readable text in bars, a name and numbers for each as its <title>.
//
//     title · facts of the recording · legend
//     | all                                  |   a row per depth, the root on top
//     | main           | …                   |
//     what is not drawn
import { formatDuration, formatShare, plural } from '../../analysis/human-units.js';
import type { Profile } from '../../model/profile.js';
import type { BarChange, ChangeOfBar } from './bar-changes.js';
import { estimateWidth } from './estimate-width.js';
import { fitMarked } from './fit-label.js';
import type { Bar } from './layout.js';
import { categories, waitingClass } from './palette.js';
import { escapeXml } from './safe-text.js';
import { type Label, type LegendEntry, labelOf } from './viewer-data.js';
import { mostlyWaits, waitingText } from './waiting.js';

/** Pixels, in a picture that browsers shrink to a narrower window and otherwise leave at this width. */
export const geometry = { width: 1200, margin: 16, row: 21, bar: 20, font: 12, textPadding: 5 } as const;

export interface Picture {
  readonly title: string;
  readonly facts: readonly string[];
  readonly legend: readonly LegendEntry[];
  readonly notes: readonly string[];
  /** When there are no bars. */
  readonly message: readonly string[];
  readonly bars: readonly Bar[];
  readonly changeOf: ChangeOfBar | undefined;
}

export interface Block {
  readonly markup: string;
  /** Where the next block begins. */
  readonly bottom: number;
}

/** What bars that wait are filled with. It stays when the script takes the picture's place. */
export const definitions =
  `<defs><pattern id="${waitingClass}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">` +
  '<rect class="tone" width="6" height="6"/><rect class="hatch" width="2" height="6"/></pattern></defs>\n';

/** Title, facts and legend. */
export function headMarkup(picture: Picture): Block {
  const { margin, width } = geometry;
  const room = width - 2 * margin;
  const title = fitText(picture.title, room / 20);
  const lines = [`<text class="title" x="${margin}" y="36">${escapeXml(title)}</text>`];
  let y = 40;
  for (const line of wrap(picture.facts, ' · ', room / geometry.font)) {
    y += 18;
    lines.push(`<text class="soft" x="${margin}" y="${y}">${escapeXml(line)}</text>`);
  }
  if (picture.legend.length > 0) y += 24;
  let x = margin;
  for (const { id, title: name, share } of picture.legend) {
    const text = `${name} ${share}`;
    lines.push(
      `<g class="${id}"><rect x="${x}" y="${y - 11}" width="13" height="13" rx="3"/>` +
        `<text x="${x + 19}" y="${y}">${escapeXml(text)}</text></g>`,
    );
    x += Math.ceil(estimateWidth(text) * geometry.font) + 40;
  }
  return { markup: `${lines.join('\n')}\n`, bottom: y + 16 };
}

export function messageMarkup(picture: Picture, top: number): Block {
  const [heading, ...rest] = picture.message;
  if (heading === undefined) return { markup: '', bottom: top };
  const middle = geometry.width / 2;
  const lines = [
    `<text class="message" x="${middle}" y="${top + 60}" text-anchor="middle">${escapeXml(heading)}</text>`,
  ];
  rest.forEach((line, index) => {
    lines.push(
      `<text class="says" x="${middle}" y="${top + 92 + index * 22}" text-anchor="middle">${escapeXml(line)}</text>`,
    );
  });
  return { markup: `${lines.join('\n')}\n`, bottom: top + 110 + rest.length * 22 };
}

export function notesMarkup(picture: Picture, top: number): Block {
  const lines = wrap(picture.notes, ' ', (geometry.width - 2 * geometry.margin) / geometry.font);
  const markup = lines.map(
    (line, index) =>
      `<text class="soft" x="${geometry.margin}" y="${top + 18 + index * 17}">${escapeXml(line)}</text>\n`,
  );
  return { markup: markup.join(''), bottom: top + 18 + lines.length * 17 };
}

export function* barsMarkup(picture: Picture, profile: Profile, top: number): Iterable<string> {
  const whole = picture.bars[0]?.node.totalTime ?? 0;
  const scale = (geometry.width - 2 * geometry.margin) / whole;
  for (const bar of picture.bars) {
    const { node, depth } = bar;
    const label = labelOf(bar, profile);
    const text = label.location === '' ? label.name : `${label.name} (${label.location})`;
    const change = picture.changeOf?.(node);
    const numbers = [
      formatDuration(node.totalTime),
      formatShare(node.totalTime, whole),
      waitingText(node.totalTime, node.totalWaiting),
      plural(node.samples, 'sample'),
      change?.text ?? '',
      change?.mark ?? '',
    ].filter((number) => number !== '');
    const x = round(geometry.margin + bar.start * scale);
    const y = top + depth * geometry.row;
    const width = barWidth(node.totalTime * scale);
    const opening = `class="bar ${classesOf(bar, label, change)}" role="treeitem" aria-level="${depth + 1}"`;
    const title = `<title>${escapeXml(`${text}: ${numbers.join(', ')}`)}</title>`;
    const isBold = node.category === 'application';
    const shown = fitMarked(change?.mark ?? '', label.name, label.location, {
      width: width - 2 * geometry.textPadding,
      nameWidth: (of) => estimateWidth(of) * geometry.font * (isBold ? 1.08 : 1.02),
      locationWidth: (of) => estimateWidth(of) * geometry.font,
    });
    if (shown.mark === '' && shown.name === '') {
      yield `<g ${opening}>${title}<rect x="${x}" y="${y}" width="${width}" height="${geometry.bar}" rx="2"/></g>\n`;
      continue;
    }
    // An inner svg clips what the estimate of the text's width did not foresee.
    const location =
      shown.location === '' ? '' : `<tspan class="location"> (${escapeXml(shown.location)})</tspan>`;
    const mark = shown.mark === '' ? '' : `<tspan class="mark">${escapeXml(shown.mark)}</tspan>`;
    yield `<svg ${opening} x="${x}" y="${y}" width="${width}" height="${geometry.bar}">${title}` +
      `<rect width="${width}" height="${geometry.bar}" rx="2"/>` +
      `<text x="${geometry.textPadding}" y="14">${mark}<tspan class="name">${escapeXml(shown.name)}</tspan>${location}</text></svg>\n`;
  }
}

function classesOf({ node }: Bar, label: Label, change: BarChange | undefined): string {
  const id = categories[label.category]!.id;
  // The category stays: it says whose code it is, by its weight.
  if (change) return `${id} ${change.kind} s${change.shade}`;
  const waits = mostlyWaits(node.totalTime, node.selfWaiting) ? ` ${waitingClass}` : '';
  return `${id} s${label.shade}${waits}`;
}

/** A pixel of page between neighbours, as long as the bar is wide enough to spare it. */
function barWidth(width: number): number {
  return round(Math.max(width > 3 ? width - 1 : width * 0.8, 0.3));
}

function round(pixels: number): number {
  return Math.round(pixels * 100) / 100;
}

/** Parts joined into lines of at most `width`, in units of the font's size. */
function wrap(parts: readonly string[], separator: string, width: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    const longer = last === undefined ? part : `${last}${separator}${part}`;
    if (last === undefined || estimateWidth(longer) > width) lines.push(fitText(part, width));
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

function fitText(text: string, width: number): string {
  let shown = text;
  while (shown.length > 1 && estimateWidth(shown) > width) shown = `${shown.slice(0, -2)}…`;
  return shown;
}

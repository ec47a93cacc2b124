// One self-contained SVG: a picture that needs no script, the numbers behind it, and a script that makes it come alive.
import { buildCallTree, type CallTree } from '../../analysis/call-tree.js';
import { formatCount, plural } from '../../analysis/human-units.js';
import { whyNothing } from '../../analysis/nothing-shown.js';
import type { ViewOptions } from '../../analysis/view-options.js';
import type { Profile } from '../../model/profile.js';
import type { OutputFormat } from '../output-format.js';
import type { ChangeOfBar } from './bar-changes.js';
import { pictureTitle, recordingFacts, shownFact, viewNotes } from './headline.js';
import { type Bar, type Layout, layOut } from './layout.js';
import { escapeXml, jsonForMarkup } from './safe-text.js';
import { styles } from './styles.js';
import {
  barsMarkup,
  definitions,
  geometry,
  headMarkup,
  messageMarkup,
  notesMarkup,
  type Picture,
} from './svg.js';
import { viewerScript } from './viewer.generated.js';
import {
  changeTables,
  cpuLegendOf,
  type LegendEntry,
  labelTables,
  legendOf,
  type ViewerData,
} from './viewer-data.js';

export const flamegraph: OutputFormat = {
  id: 'flamegraph',
  title: 'Flame graph',
  extensions: ['.svg'],
  mediaType: 'image/svg+xml',
  description: 'an SVG for any browser, with zoom and search',
  write: writeFlamegraph,
};

/** What a browser can still show after zooming in: a hundredth of a thousandth. */
const inFile = { smallestShare: 1e-5, mostBars: 50_000 };
/** What is wide enough to be seen at once, a pixel. */
const atOnce = { smallestShare: 1e-3, mostBars: 10_000 };

function writeFlamegraph(profile: Profile, view: ViewOptions): Iterable<string> {
  const tree = buildCallTree(profile, view);
  const showsCpu = view.mode === 'wall' && tree.root.totalCpu > 0;
  return drawFlamegraph({
    ...{ profile, tree },
    title: pictureTitle(profile),
    facts: recordingFacts(profile, shownFact(tree)),
    notes: viewNotes(profile, view),
    message: tree.root.totalTime <= 0 ? whyNothing(profile, view) : [],
    legendOf,
    cpuLegendOf: showsCpu ? cpuLegendOf : () => undefined,
  });
}

/** A tree of calls, and what is said of it. */
export interface FlamegraphContent {
  readonly profile: Profile;
  readonly tree: CallTree;
  readonly title: string;
  readonly facts: readonly string[];
  /** Besides what is not drawn. */
  readonly notes: readonly string[];
  /** In place of bars, when there is nothing to draw. */
  readonly message: readonly string[];
  readonly legendOf: (bars: readonly Bar[]) => readonly LegendEntry[];
  /** Where bars can be as wide as their time on a CPU. */
  readonly cpuLegendOf: (bars: readonly Bar[]) => readonly LegendEntry[] | undefined;
  /** In a picture of what changed: bars have colours of their changes. */
  readonly changeOf?: ChangeOfBar;
}

export function* drawFlamegraph(content: FlamegraphContent): Iterable<string> {
  const { profile, tree, changeOf } = content;
  const empty = tree.root.totalTime <= 0;
  const layout = layOut(tree, inFile);
  const drawn = layOut(tree, atOnce);
  const lasting = [...content.notes, ...droppedNote(layout)];
  const picture: Picture = {
    title: content.title,
    facts: content.facts,
    legend: content.legendOf(layout.bars),
    notes: [...lasting, ...undrawnNote(layout, drawn)],
    message: content.message,
    bars: empty ? [] : drawn.bars,
    changeOf,
  };
  const head = headMarkup(picture);
  const message = messageMarkup(picture, head.bottom);
  const barsBottom = message.bottom + (empty ? 0 : drawn.rows * geometry.row);
  const notes = notesMarkup(picture, barsBottom);
  const height = notes.bottom + geometry.margin;

  yield `<?xml version="1.0" encoding="UTF-8"?>\n` +
    `<svg xmlns="http://www.w3.org/2000/svg" width="${geometry.width}" height="${height}" viewBox="0 0 ${geometry.width} ${height}"` +
    ` style="max-width:100%" role="graphics-document" aria-labelledby="name" aria-describedby="about" lang="en">\n` +
    `<title id="name">${escapeXml(`${picture.title} – flame graph`)}</title>\n` +
    `<desc id="about">${escapeXml([...picture.facts, ...picture.message, ...picture.notes].join('. '))}</desc>\n` +
    `<style>${escapeXml(styles()).replaceAll('&#62;', '>').replaceAll('&#34;', '"')}</style>\n` +
    definitions +
    `<g id="picture">\n<rect id="page" width="100%" height="100%"/>\n${head.markup}${message.markup}`;
  if (!empty) {
    yield `<g role="tree" aria-label="Frames by time, callers above callees">\n`;
    yield* barsMarkup(picture, profile, head.bottom);
    yield '</g>\n';
  }
  yield `${notes.markup}</g>\n`;
  // Without bars there is nothing to zoom into or search for.
  if (!empty) {
    const data: ViewerData = {
      title: picture.title,
      facts: picture.facts,
      notes: lasting,
      legend: picture.legend,
      cpuLegend: content.cpuLegendOf(layout.bars),
      ...labelTables(layout.bars, profile),
      ...(changeOf ? changeTables(layout.bars, changeOf) : {}),
    };
    yield '<script type="application/json" id="data">';
    yield* jsonForMarkup(data);
    yield '</script>\n';
    yield `<script>${escapeXml(viewerScript)}</script>\n`;
  }
  yield '</svg>\n';
}

function droppedNote({ dropped, bars }: Layout): string[] {
  if (dropped.frames === 0) return [];
  const frames = plural(dropped.frames, 'frame');
  return [
    `${frames} too thin to see left out (${plural(dropped.samples, 'sample')}); the ${formatCount(bars.length)} widest are here.`,
  ];
}

function undrawnNote(layout: Layout, drawn: Layout): string[] {
  const undrawn = layout.bars.length - drawn.bars.length;
  if (undrawn === 0) return [];
  return [`${plural(undrawn, 'frame')} below a pixel not drawn; in a browser they appear as you zoom in.`];
}

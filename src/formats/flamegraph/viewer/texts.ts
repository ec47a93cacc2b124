import {
  formatCount,
  formatCpuShare,
  formatDuration,
  formatShare,
  plural,
} from '../../../analysis/human-units.js';
import type { BarChange } from '../bar-changes.js';
import type { ViewerData } from '../viewer-data.js';
import { waitingText } from '../waiting.js';
import { html } from './elements.js';
import type { Tree } from './tree.js';

/** `name (location)` */
export function textOf({ labels }: ViewerData, label: number): string {
  const location = labels.location[label];
  return location ? `${labels.name[label]} (${location})` : labels.name[label]!;
}

/** Nothing in a picture of one recording. */
export function changeOf({ changes }: ViewerData, bar: number): BarChange | undefined {
  return changes?.list[changes.ofBar[bar]!];
}

/** What a screen reader says of a bar. */
export function spoken(data: ViewerData, tree: Tree, bar: number): string {
  const { total, self, samples } = tree;
  const share = formatShare(total[bar]!, total[0]!);
  const selfText = self[bar]! > 0 ? `, self ${formatShare(self[bar]!, total[0]!)}` : '';
  const waiting = waitingText(data.bars.total[bar]!, data.bars.waiting[bar]!);
  return [
    textOf(data, tree.label[bar]!),
    `${formatDuration(total[bar]!)}${tree.measure === 'cpu' ? ' on a CPU' : ''}`,
    `${share}${selfText}`,
    ...(waiting === '' ? [] : [waiting]),
    plural(samples[bar]!, 'sample'),
    ...changeTexts(data, bar),
  ].join(', ');
}

function changeTexts(data: ViewerData, bar: number): string[] {
  const change = changeOf(data, bar);
  return [change?.mark ?? '', change?.text ?? ''].filter((text) => text !== '');
}

function changeRow(texts: readonly string[]): Element[] {
  return texts.length === 0 ? [] : [html('div', { class: 'change' }, texts.join(': '))];
}

/** The content of the tip at a bar. `zoomed` is the bar that fills the width. */
export function tipContent(data: ViewerData, tree: Tree, bar: number, zoomed: number): Element[] {
  const label = tree.label[bar]!;
  const { labels, files } = data;
  const location = labels.location[label]!;
  const line = /:(\d+)$/.exec(location)?.[0] ?? '';
  const path = files[labels.file[label]!];
  const share = (time: number) => {
    const ofAll = formatShare(time, tree.total[0]!);
    return zoomed === 0
      ? ofAll
      : `${ofAll} of all, ${formatShare(time, tree.total[zoomed]!)} of what is shown`;
  };
  const row = (name: string, time: number) => [
    html('dt', {}, name),
    html('dd', {}, formatDuration(time)),
    html('dd', {}, share(time)),
  ];
  const { total: wall, waiting, cpu } = data.bars;
  // A recording that does not say what threads did says nothing here.
  const ofItself = (name: string, time: number) =>
    waiting[0]! + cpu[0]! === 0
      ? []
      : [
          html('dt', {}, name),
          html('dd', {}, formatDuration(time)),
          html('dd', {}, `${formatCpuShare(time, wall[bar]!)} of its time`),
        ];
  return [
    html('div', { class: 'what' }, labels.name[label]!),
    ...(path || location ? [html('div', { class: 'where' }, path ? `${path}${line}` : location)] : []),
    html(
      'dl',
      {},
      ...row(tree.measure === 'cpu' ? 'Total CPU' : 'Total', tree.total[bar]!),
      ...row(tree.measure === 'cpu' ? 'Self CPU' : 'Self', tree.self[bar]!),
      ...ofItself('Waiting', waiting[bar]!),
      ...(tree.measure === 'cpu' ? [] : ofItself('On a CPU', cpu[bar]!)),
      html('dt', {}, 'Samples'),
      html('dd', {}, formatCount(tree.samples[bar]!)),
      html('dd'),
    ),
    ...changeRow(changeTexts(data, bar)),
  ];
}

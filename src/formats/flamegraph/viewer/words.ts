import { formatCount, formatDuration, formatShare, plural } from '../../../analysis/human-units.js';
import type { ViewerData } from '../viewer-data.js';
import { html } from './elements.js';
import type { Tree } from './tree.js';

/** `name (place)` */
export function textOf({ labels }: ViewerData, label: number): string {
  const place = labels.place[label];
  return place ? `${labels.name[label]} (${place})` : labels.name[label]!;
}

/** What a screen reader says of a bar. */
export function spoken(data: ViewerData, tree: Tree, bar: number): string {
  const { total, self, samples } = tree;
  const share = formatShare(total[bar]!, total[0]!);
  const own = self[bar]! > 0 ? `, own ${formatShare(self[bar]!, total[0]!)}` : '';
  return `${textOf(data, tree.label[bar]!)}, ${formatDuration(total[bar]!)}, ${share}${own}, ${plural(samples[bar]!, 'sample')}`;
}

/** The content of the tip at a bar. `zoomed` is the bar that fills the width. */
export function tipContent(data: ViewerData, tree: Tree, bar: number, zoomed: number): Element[] {
  const label = tree.label[bar]!;
  const { labels, files } = data;
  const place = labels.place[label]!;
  const line = /:(\d+)$/.exec(place)?.[0] ?? '';
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
  return [
    html('div', { class: 'what' }, labels.name[label]!),
    ...(path || place ? [html('div', { class: 'where' }, path ? `${path}${line}` : place)] : []),
    html(
      'dl',
      {},
      ...row('Total', tree.total[bar]!),
      ...row('Own', tree.self[bar]!),
      html('dt', {}, 'Samples'),
      html('dd', {}, formatCount(tree.samples[bar]!)),
      html('dd'),
    ),
  ];
}

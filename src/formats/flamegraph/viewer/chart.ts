import { fitMarked } from '../fit-label.js';
import { categories, waitingClass } from '../palette.js';
import type { ViewerData } from '../viewer-data.js';
import { mostlyWaits } from '../waiting.js';
import { svg } from './elements.js';
import type { Search } from './search.js';
import { changeOf, spoken } from './texts.js';
import { pathTo, type Tree } from './tree.js';

const rowHeight = 21;
const barHeight = 20;
const textPadding = 5;
/** Pixels below which a bar is not drawn: nobody could see or hit it. */
const thinnest = 0.4;
/** Rows drawn beyond what can be seen, so that scrolling finds them there. */
const spareRows = 12;

export interface ChartState {
  /** The bars as wide as what is measured; their numbers are the same whatever that is. */
  tree: Tree;
  /** The bar that fills the width. */
  zoomed: number;
  /** The bar that the keyboard is at. */
  current: number;
  search: Search | undefined;
}

/** The bars that can be seen, drawn anew whenever something changes; all others exist as numbers only. */
export class Chart {
  readonly element = svg('svg', {
    class: 'bars',
    role: 'tree',
    'aria-label': 'Frames by time, callers above callees',
  });
  readonly #data: ViewerData;
  readonly #state: ChartState;
  readonly #scroll: Element;
  readonly #nameWidth: (category: number) => (text: string) => number;
  readonly #drawn = new Map<number, Element>();

  constructor(data: ViewerData, state: ChartState, scroll: Element) {
    this.#data = data;
    this.#state = state;
    this.#scroll = scroll;
    this.#nameWidth = textMeter();
  }

  get #width(): number {
    return Math.max(1, this.element.clientWidth || this.#scroll.clientWidth);
  }

  draw(): void {
    const { zoomed, tree } = this.#state;
    const width = this.#width;
    const hadFocus = this.element.contains(document.activeElement);
    let rows = 0;
    for (let bar = zoomed; bar < tree.end[zoomed]!; bar++) rows = Math.max(rows, tree.depth[bar]! + 1);
    this.element.setAttribute('height', String(rows * rowHeight));
    this.element.setAttribute('class', this.#state.search ? 'bars searching' : 'bars');
    const firstRow = Math.floor(this.#scroll.scrollTop / rowHeight) - spareRows;
    const lastRow = firstRow + Math.ceil(this.#scroll.clientHeight / rowHeight) + 2 * spareRows;
    this.#drawn.clear();

    const groups: Element[] = [];
    const add = (bar: number, x: number, wide: number) => {
      const depth = tree.depth[bar]!;
      if (depth < firstRow || depth > lastRow) return;
      const group = this.#group(bar, x, wide);
      this.#drawn.set(bar, group);
      groups.push(group);
    };
    for (const above of pathTo(tree, zoomed).slice(0, -1)) add(above, 0, width);
    const scale = width / (tree.total[zoomed]! || 1);
    for (let bar = zoomed; bar < tree.end[zoomed]!; ) {
      const wide = tree.total[bar]! * scale;
      if (wide < thinnest) {
        bar = tree.end[bar]!;
        continue;
      }
      add(bar, (tree.start[bar]! - tree.start[zoomed]!) * scale, wide);
      bar++;
    }
    this.element.replaceChildren(...groups);
    if (hadFocus) this.focus();
  }

  #group(bar: number, x: number, width: number): Element {
    const { labels, bars } = this.#data;
    const { tree, zoomed, current, search } = this.#state;
    const label = tree.label[bar]!;
    const depth = tree.depth[bar]!;
    const classes = ['bar', categories[labels.category[label]!]!.id];
    const change = changeOf(this.#data, bar);
    if (change) classes.push(change.kind, `s${change.shade}`);
    else classes.push(`s${labels.shade[label]}`);
    if (!change && tree.measure === 'wall' && mostlyWaits(bars.total[bar]!, bars.selfWaiting[bar]!))
      classes.push(waitingClass);
    if (depth < tree.depth[zoomed]!) classes.push('above');
    if (bar === current) classes.push('current');
    if (search?.labels[label]) classes.push('match');
    const shown = Math.max(width > 3 ? width - 1 : width * 0.8, 0.3);
    const y = depth * rowHeight;
    const group = svg(
      'g',
      {
        class: classes.join(' '),
        role: 'treeitem',
        'aria-level': depth + 1,
        'aria-label': spoken(this.#data, tree, bar),
        tabindex: bar === current ? 0 : -1,
        'data-bar': bar,
      },
      svg('rect', { x: round(x), y, width: round(shown), height: barHeight, rx: 2 }),
    );
    const fitted = fitMarked(change?.mark ?? '', labels.name[label]!, labels.location[label]!, {
      width: shown - 2 * textPadding,
      nameWidth: this.#nameWidth(labels.category[label]!),
      locationWidth: this.#nameWidth(-1),
    });
    const { mark, name, location } = fitted;
    if (mark !== '' || name !== '') {
      const text = svg(
        'text',
        { x: round(x + textPadding), y: y + 14 },
        ...(mark === '' ? [] : [svg('tspan', { class: 'mark' }, mark)]),
        svg('tspan', { class: 'name' }, name),
      );
      if (location !== '') text.append(svg('tspan', { class: 'location' }, ` (${location})`));
      group.append(text);
    }
    return group;
  }

  /** The bar of an event, -1 for none. */
  barAt(target: EventTarget | null): number {
    const group = target instanceof Element ? target.closest('[data-bar]') : null;
    return group ? Number(group.getAttribute('data-bar')) : -1;
  }

  /** Moves the keyboard's bar into view and gives it the focus. */
  focus(): void {
    const { current, tree } = this.#state;
    const top = tree.depth[current]! * rowHeight;
    const { scrollTop, clientHeight } = this.#scroll;
    if (top < scrollTop || top + 2 * rowHeight > scrollTop + clientHeight) {
      this.#scroll.scrollTop = Math.max(0, top - clientHeight / 2);
    }
    (this.#drawn.get(current) as SVGGElement | undefined)?.focus({ preventScroll: true });
  }

  /** The drawn bars of a row, left to right. */
  row(depth: number): number[] {
    return [...this.#drawn.keys()].filter((bar) => this.#state.tree.depth[bar] === depth);
  }

  isDrawn(bar: number): boolean {
    return this.#drawn.has(bar);
  }
}

function round(pixels: number): number {
  return Math.round(pixels * 100) / 100;
}

/** Width of text as the page will set it; names of application code are bold, locations are not. */
function textMeter(): (category: number) => (text: string) => number {
  const canvas = document.createElementNS('http://www.w3.org/1999/xhtml', 'canvas') as HTMLCanvasElement;
  const context = canvas.getContext('2d');
  const application = categories.findIndex(({ id }) => id === 'application');
  const family = getComputedStyle(document.querySelector('.app')!).fontFamily;
  const known = new Map<string, number>();
  return (category) => {
    const weight = category === application ? 700 : category < 0 ? 400 : 500;
    return (text) => {
      const key = `${weight}${text}`;
      let width = known.get(key);
      if (width === undefined) {
        if (context) context.font = `${weight} 12px ${family}`;
        width = context?.measureText(text).width ?? text.length * 7;
        known.set(key, width);
      }
      return width;
    };
  };
}

// Makes the picture come alive: reads the numbers behind it and puts a page in its location. When anything here fails
// the picture stays.
import { formatShare, plural } from '../../../analysis/human-units.js';
import type { ViewerData } from '../viewer-data.js';
import { Chart, type ChartState } from './chart.js';
import { html, svg } from './elements.js';
import { legendItem, makePage, type Page } from './page.js';
import { matched, search } from './search.js';
import { tipContent } from './texts.js';
import { type Measure, treeOf } from './tree.js';

function start(): void {
  const root = document.currentScript?.closest('svg');
  const text = root?.querySelector('#data')?.textContent;
  if (!root || !text) return;
  const data: ViewerData = JSON.parse(text);
  const page = makePage(data);
  const holder = svg('foreignObject', { width: '100%', height: '100%' }, page.app);
  const picture = root.querySelector('#picture');
  root.append(holder);
  try {
    new Viewer(data, page).show();
  } catch (error) {
    holder.remove();
    throw error;
  }
  picture?.remove();
  root.removeAttribute('viewBox');
  root.setAttribute('width', '100%');
  root.setAttribute('height', '100%');
  root.setAttribute('style', 'display:block;width:100%;height:100vh');
  window.dispatchEvent(new Event('resize'));
}

class Viewer {
  readonly #data: ViewerData;
  readonly #page: Page;
  readonly #state: ChartState;
  readonly #chart: Chart;
  #scheduled = false;

  constructor(data: ViewerData, page: Page) {
    this.#data = data;
    this.#page = page;
    this.#state = { tree: treeOf(data, 'wall'), zoomed: 0, current: 0, search: undefined };
    this.#chart = new Chart(data, this.#state, page.scroll);
    page.scroll.append(this.#chart.element);
  }

  show(): void {
    const { input, reset, scroll, measures } = this.#page;
    const chart = this.#chart.element;
    chart.addEventListener('click', (event) => this.#zoom(this.#chart.barAt(event.target)));
    chart.addEventListener('mousemove', (event) => this.#point(event));
    chart.addEventListener('mouseleave', () => this.#hideTip());
    scroll.addEventListener('scroll', () => {
      this.#hideTip();
      this.#drawSoon();
    });
    window.addEventListener('resize', () => this.#drawSoon());
    input.addEventListener('input', () => this.#search());
    reset.addEventListener('click', () => this.#reset());
    document.addEventListener('keydown', (event) => this.#key(event));
    for (const [measure, button] of measures) button.addEventListener('click', () => this.#measure(measure));
    this.#measure('wall');
  }

  #drawSoon(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() => {
      this.#scheduled = false;
      this.#chart.draw();
    });
  }

  #zoom(bar: number): void {
    if (bar < 0) return;
    this.#state.zoomed = this.#state.current = bar;
    this.#hideTip();
    this.#chart.draw();
    this.#chart.focus();
    this.#announce();
  }

  #measure(measure: Measure): void {
    const { measures, legend } = this.#page;
    const state = this.#state;
    state.tree = treeOf(this.#data, measure);
    // What was on no CPU has no width there: its nearest caller that has takes its location.
    const { total, parent } = state.tree;
    while (state.zoomed > 0 && total[state.zoomed] === 0) state.zoomed = parent[state.zoomed]!;
    while (state.current > 0 && total[state.current] === 0) state.current = parent[state.current]!;
    for (const [of, button] of measures) button.setAttribute('aria-pressed', String(of === measure));
    const entries = measure === 'cpu' ? this.#data.cpuLegend : this.#data.legend;
    legend.replaceChildren(...(entries ?? []).map(legendItem));
    this.#hideTip();
    this.#chart.draw();
    this.#announce();
  }

  #reset(): void {
    this.#page.input.value = '';
    this.#state.search = undefined;
    this.#page.input.removeAttribute('aria-invalid');
    this.#zoom(0);
  }

  #search(): void {
    const { input } = this.#page;
    const found = input.value === '' ? undefined : search(input.value, this.#data);
    const wrong = input.value !== '' && !found;
    input.setAttribute('aria-invalid', String(wrong));
    this.#state.search = found;
    this.#chart.draw();
    this.#announce(wrong);
  }

  /** Says what the search found, and whether there is anything to reset. */
  #announce(wrong = false): void {
    const { found, reset, input } = this.#page;
    const { tree, zoomed, search: active } = this.#state;
    reset.disabled = zoomed === 0 && input.value === '';
    found.className = wrong ? 'found wrong' : 'found';
    found.replaceChildren(wrong ? 'not a regular expression' : '');
    if (!active) return;
    const { time, frames } = matched(tree, active, zoomed);
    const share = formatShare(time, tree.total[zoomed]!);
    found.replaceChildren(html('b', {}, share), ` matched, ${plural(frames, 'frame')}`);
  }

  #point(event: MouseEvent): void {
    const bar = this.#chart.barAt(event.target);
    this.#hideTip();
    if (bar < 0) return;
    const { tip, app } = this.#page;
    tip.replaceChildren(...tipContent(this.#data, this.#state.tree, bar, this.#state.zoomed));
    tip.hidden = false;
    const x = Math.min(event.clientX + 14, app.clientWidth - tip.offsetWidth - 8);
    const below = event.clientY + 18;
    const y = below + tip.offsetHeight > app.clientHeight ? event.clientY - tip.offsetHeight - 12 : below;
    tip.style.transform = `translate(${Math.max(8, x)}px, ${Math.max(8, y)}px)`;
  }

  #hideTip(): void {
    this.#page.tip.hidden = true;
  }

  #key(event: KeyboardEvent): void {
    const { input } = this.#page;
    const typing = document.activeElement === input;
    if (
      ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'f') ||
      (event.key === '/' && !typing)
    ) {
      input.focus();
      input.select();
    } else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else if (event.key === 'Escape') this.#reset();
    else if (typing) return;
    else if (event.key.toLowerCase() === 'c') this.#toggleMeasure();
    else if (!this.#move(event.key)) return;
    event.preventDefault();
  }

  #toggleMeasure(): void {
    const other = this.#state.tree.measure === 'wall' ? 'cpu' : 'wall';
    if (this.#page.measures.has(other)) this.#measure(other);
  }

  /** False for keys that do not move about the bars. */
  #move(key: string): boolean {
    const { current, tree } = this.#state;
    if (key === 'Enter' || key === ' ') this.#zoom(current);
    else if (key === 'Backspace') this.#zoom(Math.max(0, tree.parent[this.#state.zoomed]!));
    else if (key === 'Home') this.#zoom(0);
    else if (key === 'ArrowUp') this.#goTo(tree.parent[current]!);
    else if (key === 'ArrowDown')
      this.#goTo(tree.depth[current + 1] === tree.depth[current]! + 1 ? current + 1 : -1);
    else if (key === 'ArrowLeft' || key === 'ArrowRight') {
      const row = this.#chart.row(tree.depth[current]!);
      this.#goTo(row[row.indexOf(current) + (key === 'ArrowLeft' ? -1 : 1)] ?? -1);
    } else return false;
    return true;
  }

  #goTo(bar: number): void {
    if (bar < 0) return;
    this.#state.current = bar;
    this.#chart.draw();
    this.#chart.focus();
    // It may have been scrolled to: then it was not drawn before.
    if (!this.#chart.isDrawn(bar)) {
      this.#chart.draw();
      this.#chart.focus();
    }
  }
}

start();

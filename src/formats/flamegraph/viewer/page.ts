import type { ViewerData } from '../viewer-data.js';
import { html } from './elements.js';
import type { Measure } from './tree.js';

/** What is around the bars. */
export interface Page {
  readonly app: HTMLElement;
  readonly input: HTMLInputElement;
  readonly found: HTMLElement;
  readonly reset: HTMLButtonElement;
  /** Says what bars are as wide as; not there when only one answer is known. */
  readonly measures: ReadonlyMap<Measure, HTMLButtonElement>;
  readonly legend: HTMLElement;
  readonly scroll: HTMLElement;
  readonly tip: HTMLElement;
}

export function makePage(data: ViewerData): Page {
  const input = html('input', {
    type: 'search',
    placeholder: 'Search (Ctrl-F), regex allowed',
    'aria-label': 'Search frames by regular expression',
    spellcheck: 'false',
    autocomplete: 'off',
  });
  const found = html('span', { class: 'found', role: 'status', 'aria-live': 'polite' });
  const reset = html('button', { type: 'button', title: 'Show everything (Escape)' }, 'Reset');
  const measures = new Map(
    data.cpuLegend
      ? measureButtons.map(([measure, name, title]) => [
          measure,
          html('button', { type: 'button', title, 'aria-pressed': 'false' }, name),
        ])
      : [],
  );
  const legend = html('ul', { class: 'legend' });
  const scroll = html('div', { class: 'scroll' });
  const tip = html('div', { class: 'tip', hidden: '', 'aria-hidden': 'true' });
  const app = html(
    'div',
    { class: 'app' },
    html(
      'header',
      { class: 'head' },
      html(
        'div',
        { class: 'top' },
        html('h1', { title: data.title }, data.title),
        html(
          'div',
          { class: 'tools' },
          found,
          ...(measures.size > 0
            ? [
                html(
                  'div',
                  { class: 'measure', role: 'group', 'aria-label': 'Width of bars' },
                  ...measures.values(),
                ),
              ]
            : []),
          html('div', { class: 'field' }, input),
          reset,
        ),
      ),
      html('p', { class: 'facts' }, ...data.facts.map((fact) => html('span', { class: 'fact' }, fact))),
      legend,
    ),
    scroll,
    tip,
    html(
      'footer',
      { class: 'foot' },
      html('span', {}, data.notes.join(' ')),
      html(
        'span',
        { class: 'keys' },
        ...[...keys, ...(measures.size > 0 ? measureKeys : [])].flatMap(([key, does]) => [
          html('kbd', {}, key),
          html('span', {}, ` ${does}  `),
        ]),
      ),
    ),
  );
  return { app, input, found, reset, measures, legend, scroll, tip };
}

const keys: readonly (readonly [string, string])[] = [
  ['Click', 'zoom'],
  ['Arrows', 'move'],
  ['Enter', 'zoom'],
  ['Backspace', 'out'],
  ['Esc', 'reset'],
];

const measureKeys: typeof keys = [['C', 'wall or CPU']];

const measureButtons: readonly (readonly [Measure, string, string])[] = [
  ['wall', 'Wall', 'Bars as wide as all their time, waiting or not (C)'],
  ['cpu', 'CPU', 'Bars as wide as their time on a CPU (C)'],
];

export function legendItem({ id, title, share }: ViewerData['legend'][number]): Element {
  return html(
    'li',
    {},
    html('i', { class: `chip ${id}` }),
    html('span', {}, `${title} `, html('b', {}, share)),
  );
}

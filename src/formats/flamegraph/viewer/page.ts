import type { ViewerData } from '../viewer-data.js';
import { html } from './elements.js';

/** What is around the bars. */
export interface Page {
  readonly app: HTMLElement;
  readonly input: HTMLInputElement;
  readonly found: HTMLElement;
  readonly reset: HTMLButtonElement;
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
        html('div', { class: 'tools' }, found, html('div', { class: 'field' }, input), reset),
      ),
      html('p', { class: 'facts' }, ...data.facts.map((fact) => html('span', { class: 'fact' }, fact))),
      html('ul', { class: 'legend' }, ...data.legend.map(legendItem)),
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
        ...keys.flatMap(([key, does]) => [html('kbd', {}, key), html('span', {}, ` ${does}  `)]),
      ),
    ),
  );
  return { app, input, found, reset, scroll, tip };
}

const keys: readonly (readonly [string, string])[] = [
  ['Click', 'zoom'],
  ['Arrows', 'move'],
  ['Enter', 'zoom'],
  ['Backspace', 'out'],
  ['Esc', 'reset'],
];

function legendItem({ id, title, share }: ViewerData['legend'][number]): Element {
  return html(
    'li',
    {},
    html('i', { class: `chip ${id}` }),
    html('span', {}, `${title} `, html('b', {}, share)),
  );
}

// A comparison as one page for any browser, without a network. Without scripts there are the words and a table.
import type { Diff } from '../../analysis/diff/diff.js';
import type { DiffedPair } from '../../analysis/diff/path-changes.js';
import { formatDuration, plural } from '../../analysis/human-units.js';
import type { Compression } from '../../bytes/compression.js';
import { encodeUtf8 } from '../../bytes/text.js';
import { escapeXml } from '../flamegraph/safe-text.js';
import { type PageCode, pageEnd, pageHead, pagePart, paragraph } from '../html/page.js';
import { changeCell, type ShownChange } from './change-text.js';
import { diffLicense, diffScript, diffScriptHash, diffStyle, diffStyleHash } from './diff-page.generated.js';
import { type DiffPage, diffPage, type Side } from './diff-page.js';

const code: PageCode = {
  ...{ script: diffScript, scriptHash: diffScriptHash, style: diffStyle, styleHash: diffStyleHash },
  license: diffLicense,
};
/** Functions in the table of a page without scripts. */
const plainRows = 30;

/** `base`: the recording whose calls the page begins with. */
export function* diffHtml(
  diff: Diff,
  pair: DiffedPair & { readonly base: Side },
  compression?: Compression,
): Iterable<string> {
  const page = diffPage(diff, pair);
  yield pageHead(page.title, pair.after.info.writer, code);
  yield* plainPage(page);
  yield '</noscript>\n';
  yield* pagePart('diff', encodeUtf8(JSON.stringify(page)), compression);
  yield pageEnd(code);
}

/** For browsers without scripts, and for programs that read. */
function* plainPage(page: DiffPage): Iterable<string> {
  const { title, recordings, compared, nothing, sentences, notes, routes, functions, leftOut } = page;
  yield `<main class="plain">\n<h1>${escapeXml(title)}</h1>\n`;
  for (const [name, { title, facts }] of [
    ['Before', recordings.before],
    ['After', recordings.after],
  ] as const)
    yield paragraph(`${name}: ${[title, ...facts].join(' · ')}`);
  yield paragraph(compared);
  for (const text of [...(nothing ?? []), ...sentences.map(({ text }) => text), ...notes])
    yield paragraph(text);
  if (routes.length > 0)
    yield table(
      'Routes',
      ['Route', 'Before', 'After', 'Change'],
      routes.map(({ name, change }) => [name, ...cells(change)]),
    );
  const rows = functions.slice(0, plainRows);
  if (!nothing)
    yield table(
      `Functions per ${page.basis}, the largest change of self time first`,
      ['Function', 'Self before', 'After', 'Change', 'Total before', 'After', 'Change'],
      rows.map(({ name, location, self, total }) => [
        location === '' ? name : `${name} (${location})`,
        ...cells(self),
        ...cells(total),
      ]),
    );
  const more = functions.length + leftOut - rows.length;
  if (!nothing) yield paragraph('± alone: no change that could not be chance.');
  if (more > 0) yield paragraph(`${plural(more, 'more function')}: pyglass diff --all lists them.`);
  yield paragraph('The flame graph needs scripts.');
  yield '</main>\n';
}

function cells(change: ShownChange): string[] {
  return [formatDuration(change.before), formatDuration(change.after), changeCell(change)];
}

/** The first cell of a row is its name. */
function table(caption: string, heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = heading.map((text) => `<th scope="col">${escapeXml(text)}</th>`).join('');
  const body = rows.map(
    ([name = '', ...others]) =>
      `<tr><th scope="row">${escapeXml(name)}</th>${others.map((text) => `<td>${escapeXml(text)}</td>`).join('')}</tr>\n`,
  );
  return `<table>\n<caption>${escapeXml(caption)}</caption>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body.join('')}</tbody>\n</table>\n`;
}

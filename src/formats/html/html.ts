// One file for any browser, without a network: the recording itself, compressed, and the page that shows it. The page
// counts by the same code as every other format. Without scripts there are the summary and a table.
import { functionTable } from '../../analysis/function-table.js';
import { formatDuration, formatShare } from '../../analysis/human-units.js';
import type { ViewOptions } from '../../analysis/view-options.js';
import { visibleText } from '../../analysis/visible-text.js';
import type { Compression } from '../../bytes/compression.js';
import type { Profile } from '../../model/profile.js';
import { pictureTitle, recordingFacts, viewNotes } from '../flamegraph/headline.js';
import { escapeXml } from '../flamegraph/safe-text.js';
import type { OutputFormat } from '../output-format.js';
import { type Answer, answerOf } from './answer.js';
import { pageLicense, pageScript, pageScriptHash, pageStyle, pageStyleHash } from './page.generated.js';
import { type PageCode, pageEnd, pageHead, pagePart, paragraph } from './page.js';
import { encodePayload, partNames } from './payload.js';

export const html: OutputFormat = {
  id: 'html',
  title: 'Report',
  extensions: ['.html', '.htm'],
  mediaType: 'text/html; charset=utf-8',
  description: 'one page for any browser: summary, flame graph, tables, time line, filters',
  write: writeHtml,
};

const code: PageCode = {
  ...{ script: pageScript, scriptHash: pageScriptHash, style: pageStyle, styleHash: pageStyleHash },
  license: pageLicense,
};

function* writeHtml(profile: Profile, view: ViewOptions, compression?: Compression): Iterable<string> {
  const title = pictureTitle(profile);
  yield pageHead(title, profile.info.writer, code);
  const answer = answerOf(profile, view);
  yield* plainPage(profile, view, { title, answer });
  yield '</noscript>\n';
  const parts = encodePayload(profile, view, answer);
  for (const name of partNames) yield* pagePart(name, parts[name], compression);
  yield pageEnd(code);
}

/** Functions in the table of a page without scripts. */
const plainRows = 30;

/** For browsers without scripts, and for programs that read: the summary and the functions with most self time. */
function* plainPage(
  profile: Profile,
  view: ViewOptions,
  { title, answer }: { title: string; answer: Answer },
): Iterable<string> {
  yield `<main class="plain">\n<h1>${escapeXml(title)}</h1>\n${paragraph(recordingFacts(profile).join(' · '))}`;
  if (answer.nothing) yield answer.nothing.map(paragraph).join('');
  for (const { text, detail } of answer.sentences)
    yield paragraph(detail === undefined ? text : `${text} ${detail}`);
  yield [...answer.notes, ...viewNotes(profile, view)].map(paragraph).join('');
  const { rows, totalTime } = functionTable(profile, view, plainRows);
  if (rows.length > 0) {
    yield '<table>\n<caption>Functions by self time</caption>\n';
    yield '<thead><tr><th scope="col">Function</th><th scope="col">Self</th><th scope="col">Total</th></tr></thead>\n<tbody>\n';
    for (const { label, selfTime, totalTime: total } of rows) {
      const cell = (time: number) => `<td>${formatDuration(time)}, ${formatShare(time, totalTime)}</td>`;
      yield `<tr><th scope="row">${escapeXml(visibleText(label))}</th>${cell(selfTime)}${cell(total)}</tr>\n`;
    }
    yield '</tbody>\n</table>\n';
  }
  yield paragraph('Flame graph, time line and filters need scripts.');
  yield '</main>\n';
}

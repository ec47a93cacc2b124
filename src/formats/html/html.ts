// One file for any browser, without a network: the recording itself, compressed, and the page that shows it. The page
// counts by the same code as every other format. Without scripts there are the summary and a table.
import { functionTable } from '../../analysis/function-table.js';
import { formatDuration, formatShare } from '../../analysis/human-units.js';
import type { ViewOptions } from '../../analysis/view-options.js';
import { visibleText } from '../../analysis/visible-text.js';
import { base64 } from '../../bytes/base64.js';
import type { Compression } from '../../bytes/compression.js';
import type { Profile } from '../../model/profile.js';
import { pictureTitle, recordingFacts, viewNotes } from '../flamegraph/headline.js';
import { escapeXml } from '../flamegraph/safe-text.js';
import type { OutputFormat } from '../output-format.js';
import { type Answer, answerOf } from './answer.js';
import { pageLicense, pageScript, pageScriptHash, pageStyle, pageStyleHash } from './page.generated.js';
import { encodePayload, partNames } from './payload.js';

export const html: OutputFormat = {
  id: 'html',
  title: 'Report',
  extensions: ['.html', '.htm'],
  mediaType: 'text/html; charset=utf-8',
  description: 'one page for any browser: summary, flame graph, tables, time line, filters',
  write: writeHtml,
};

/** Nothing is loaded from anywhere, and no script runs but the one that belongs here. */
const policy = [
  "default-src 'none'",
  `script-src '${pageScriptHash}'`,
  `style-src '${pageStyleHash}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

function* writeHtml(profile: Profile, view: ViewOptions, compression?: Compression): Iterable<string> {
  const title = pictureTitle(profile);
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="${escapeXml(visibleText(`pyglass ${profile.info.writer}`))}">
<title>${escapeXml(title)} – pyglass</title>
<style>${pageStyle}</style>
</head>
<body>
<div id="app"></div>
<noscript>
`;
  const answer = answerOf(profile, view);
  yield* plainPage(profile, view, { title, answer });
  yield '</noscript>\n';
  const parts = encodePayload(profile, view, answer);
  const encoding = compression ? 'deflate-raw' : 'none';
  for (const name of partNames) {
    yield `<script type="application/octet-stream" id="part-${name}" data-encoding="${encoding}">`;
    yield* base64(compression ? compression.deflate(parts[name]) : parts[name]);
    yield '</script>\n';
  }
  yield `<!--\n${pageLicense}\n-->\n<script>${pageScript}</script>\n</body>\n</html>\n`;
}

/** Functions in the table of a page without scripts. */
const plainRows = 30;

/** For browsers without scripts, and for programs that read: the summary and the functions with most self time. */
function* plainPage(
  profile: Profile,
  view: ViewOptions,
  { title, answer }: { title: string; answer: Answer },
): Iterable<string> {
  const paragraph = (text: string) => `<p>${escapeXml(text)}</p>\n`;
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

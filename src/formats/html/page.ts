import { visibleText } from '../../analysis/visible-text.js';
import { base64 } from '../../bytes/base64.js';
import type { Compression } from '../../bytes/compression.js';
import { escapeXml } from '../flamegraph/safe-text.js';

/** What tools/build.mjs makes of src/web/ for a page. */
export interface PageCode {
  readonly script: string;
  readonly scriptHash: string;
  readonly style: string;
  readonly styleHash: string;
  readonly license: string;
}

/** Nothing is loaded from anywhere, and no script runs but the one that belongs here. */
function policyOf({ scriptHash, styleHash }: PageCode): string {
  return [
    "default-src 'none'",
    `script-src '${scriptHash}'`,
    `style-src '${styleHash}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** Until the body, the place of the page in it, and the beginning of what is shown without scripts. */
export function pageHead(title: string, writer: string, code: PageCode): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf(code)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="${escapeXml(visibleText(`pyglass ${writer}`))}">
<title>${escapeXml(title)} – pyglass</title>
<style>${code.style}</style>
</head>
<body>
<div id="app"></div>
<noscript>
`;
}

/** Data of the page, for `partOf` of src/web/load-payload.ts. */
export function* pagePart(
  name: string,
  bytes: Uint8Array,
  compression: Compression | undefined,
): Iterable<string> {
  const encoding = compression ? 'deflate-raw' : 'none';
  yield `<script type="application/octet-stream" id="part-${name}" data-encoding="${encoding}">`;
  yield* base64(compression ? compression.deflate(bytes) : bytes);
  yield '</script>\n';
}

export function pageEnd({ license, script }: PageCode): string {
  return `<!--\n${license}\n-->\n<script>${script}</script>\n</body>\n</html>\n`;
}

export function paragraph(text: string): string {
  return `<p>${escapeXml(text)}</p>\n`;
}

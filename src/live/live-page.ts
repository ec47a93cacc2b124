// The page itself has no data: it asks for them, by addresses below its own.
import type { LiveStart } from '../model/live-state.js';
import { liveLicense, liveScript, liveScriptHash, liveStyle, liveStyleHash } from './live-page.generated.js';

/** As in a report, and it may ask where it came from. */
export const livePolicy = [
  "default-src 'none'",
  `script-src '${liveScriptHash}'`,
  `style-src '${liveStyleHash}'`,
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export function livePage({ mode, idle, lines, fullFileNames }: LiveStart): string {
  const start: LiveStart = { mode, idle, lines, fullFileNames };
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Live – pyglass</title>
<style>${liveStyle}</style>
</head>
<body>
<div id="app"></div>
<noscript><p class="loading">A live page needs scripts. Without them: pyglass top, or pyglass record.</p></noscript>
<script type="application/json" id="start">${JSON.stringify(start).replaceAll('<', '\\u003c')}</script>
<!--
${liveLicense}
-->
<script>${liveScript}</script>
</body>
</html>
`;
}

import { chrometrace } from './chrometrace/chrometrace.js';
import { firefox } from './firefox/firefox.js';
import { flamegraph } from './flamegraph/flamegraph.js';
import { html } from './html/html.js';
import type { OutputFormat } from './output-format.js';
import { pprof } from './pprof.js';
import { raw } from './raw.js';
import { routesJson } from './routes/routes-json.js';
import { routes } from './routes/routes-text.js';
import { speedscope } from './speedscope.js';
import { summaryJson } from './summary/summary-json.js';
import { summaryText } from './summary/summary-text.js';

/** Every way to show a recording, in the order the help lists them; the first is the default. */
export const formats: readonly OutputFormat[] = [
  flamegraph,
  html,
  raw,
  speedscope,
  pprof,
  chrometrace,
  firefox,
  summaryText,
  summaryJson,
  routes,
  routesJson,
];

export function formatById(id: string): OutputFormat | undefined {
  return formats.find((format) => format.id === id);
}

/** The format that a file name means: the one with the longest matching ending. */
export function formatForPath(path: string): OutputFormat | undefined {
  const name = path.toLowerCase();
  let best: { format: OutputFormat; length: number } | undefined;
  for (const format of formats) {
    for (const extension of format.extensions) {
      if (name.endsWith(extension) && extension.length > (best?.length ?? 0))
        best = { format, length: extension.length };
    }
  }
  return best?.format;
}

import type { Line, Style } from './line.js';

/** Select Graphic Rendition (ECMA-48 8.3.117): without colours, which NO_COLOR asks for, and with them. */
const codes: Readonly<Record<Style, readonly [without: string, colours: string]>> = {
  plain: ['', ''],
  bold: ['1', '1'],
  dim: ['2', '2'],
  heading: ['7', '7'],
  sorted: ['1;7', '1;7'],
  good: ['1', '36'],
  warning: ['1', '33'],
};

/** A line as a terminal takes it; every line begins and ends with nothing set. */
export function ansiLine(line: Line, colours: boolean): string {
  let text = '';
  for (const span of line) {
    const code = codes[span.style][colours ? 1 : 0];
    text += code === '' ? span.text : `\x1b[${code}m${span.text}\x1b[0m`;
  }
  return text;
}

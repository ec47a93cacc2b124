import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { visibleText } from '../formats/flamegraph/safe-text.js';

/** Messages for people go to standard error, so that standard output is free for data. A terminal that is gone is no error. */
export class Terminal {
  readonly isLive = process.stderr.isTTY === true && process.env['TERM'] !== 'dumb';
  #live = '';

  constructor() {
    process.stderr.on('error', () => {});
  }

  /** A line that stays. */
  say(line: string): void {
    this.#write(`${this.#erase()}${line}\n`);
    this.#live = '';
  }

  /** A line that the next one replaces. Only on a terminal. */
  live(line: string): void {
    if (!this.isLive) return;
    const room = (process.stderr.columns ?? 80) - 1;
    const shown = cutToWidth(line, room);
    this.#write(`${this.#erase()}${shown}`);
    this.#live = shown;
  }

  clearLive(): void {
    if (this.#live !== '') this.#write(this.#erase());
    this.#live = '';
  }

  #erase(): string {
    return this.#live === '' ? '' : '\r\x1b[K';
  }

  #write(text: string): void {
    process.stderr.write(text);
  }
}

/** Text from the target as one line that cannot steer a terminal. */
export function plainText(text: string, limit = 200): string {
  return visibleText(stripVTControlCharacters(text), limit);
}

/** At most `columns` wide on a terminal, with an ellipsis where something was cut. */
export function cutToWidth(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  let width = 1;
  let shown = '';
  for (const { segment } of graphemes.segment(text)) {
    width += stringWidth(segment);
    if (width > columns) return `${shown}…`;
    shown += segment;
  }
  return shown;
}

const graphemes = new Intl.Segmenter();

import { stripVTControlCharacters } from 'node:util';
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

/** At most `columns` wide; East Asian wide characters and emoji take two. */
function cutToWidth(text: string, columns: number): string {
  let width = 0;
  let shown = '';
  for (const char of text) {
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u.test(
        char,
      )
        ? 2
        : 1;
    if (width > columns) return `${shown.slice(0, -1)}…`;
    shown += char;
  }
  return shown;
}

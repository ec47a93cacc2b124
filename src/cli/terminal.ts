import { plainText } from '../tui/plain-text.js';

export { plainText };

/** Longer than any path, which must stay whole to be of use. */
const longestLine = 10_000;

/** Lines that cannot steer a terminal, whoever chose the names in them. */
export function plainLines(text: string): string {
  return text
    .split('\n')
    .map((line) => plainText(line, longestLine))
    .join('\n');
}

/**
 * Messages for people go to standard error, so that standard output is free for data. A terminal that is gone is no
 * error.
 */
export class Terminal {
  readonly isLive = process.stderr.isTTY === true && process.env['TERM'] !== 'dumb';
  #live = '';

  constructor() {
    process.stderr.on('error', () => {});
  }

  /** A line that stays, or several. */
  say(line: string): void {
    this.#write(`${this.#erase()}${plainLines(line)}\n`);
    this.#live = '';
  }

  /** Columns that a line of `live` may take: in the last one, some terminals begin a new line. */
  get liveWidth(): number {
    return (process.stderr.columns ?? 80) - 1;
  }

  /** A line, at most `liveWidth` wide, that the next one replaces. Only on a terminal. */
  live(line: string): void {
    if (!this.isLive) return;
    this.#write(`${this.#erase()}${line}`);
    this.#live = line;
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

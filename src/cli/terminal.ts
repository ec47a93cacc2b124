import { isatty } from 'node:tty';
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
  readonly isLive = isatty(2) && process.env['TERM'] !== 'dumb';
  #live = '';

  /** A line that stays, or several. */
  say(line: string): void {
    this.#write(`${this.#erase()}${plainLines(line)}\n`);
    this.#live = '';
  }

  /** Columns that a line of `live` may take: in the last one, some terminals begin a new line. */
  get liveWidth(): number {
    return (standardError().columns ?? 80) - 1;
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
    standardError().write(text);
  }
}

let isMade = false;

/**
 * Made when there is something to say: it takes 3 ms. Where nobody can read a message, the exit status has to do.
 */
export function standardError(): NodeJS.WriteStream {
  if (!isMade) process.stderr.on('error', () => {});
  isMade = true;
  return process.stderr;
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { main } from '../support/command.js';
import { type TerminalOptions, type TestTerminal, withTerminal } from '../support/terminal.js';

/** `pyglass top` in a terminal, started from a shell. */
export class LiveTop {
  readonly terminal: TestTerminal;

  constructor(terminal: TestTerminal, words: string) {
    this.terminal = terminal;
    // The shell says its own settings of the terminal before and after, and how it ended.
    terminal.enter('stty -a > before');
    terminal.enter(
      `sh -c 'echo $$ > pid; exec "$0" "$@"' ${process.execPath} ${main} top ${words}; status=$?; stty -a > after; echo "ended with $status"`,
    );
  }

  get pid(): number {
    return Number(readFileSync(join(this.terminal.folder, 'pid'), 'utf8'));
  }

  /** Waits for the table. */
  started(): Promise<string> {
    return this.terminal.shows(/%Self.*\d\.\d%/s);
  }

  /** Waits for its end: the exit status, and whatever is wrong with the terminal that it leaves. */
  async ended(): Promise<{ status: number; text: string; wrong: string[] }> {
    const text = await this.terminal.shows(/ended with \d+/);
    const { otherScreen, cursor, wraps } = this.terminal.state();
    // Its size may have been changed on the way.
    const settings = (name: string) =>
      readFileSync(join(this.terminal.folder, name), 'utf8').replace(/rows \d+; columns \d+/, '');
    const wrong = [
      otherScreen ? 'still on the other screen' : '',
      cursor ? '' : 'no cursor',
      wraps ? '' : 'long lines do not wrap',
      settings('after') === settings('before') ? '' : 'other settings',
    ].filter((text) => text !== '');
    return { status: Number(/ended with (\d+)/.exec(text)![1]), text, wrong };
  }
}

export function withTop(
  words: string,
  options: TerminalOptions,
  act: (top: LiveTop, terminal: TestTerminal) => Promise<void>,
): Promise<void> {
  return withTerminal(options, (terminal) => act(new LiveTop(terminal, words), terminal));
}

/** The rows below the heading, as far as they are filled. */
export function tableRows(text: string): string[] {
  const lines = text.split('\n');
  const heading = lines.findIndex((line) => line.includes('%Self'));
  return lines.slice(heading + 1, -1).filter((line) => line !== '');
}

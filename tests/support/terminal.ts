import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Longest that anything may take to appear on a busy machine. */
const patience = 30_000;

export const noTmux: string | undefined = (() => {
  try {
    execFileSync('tmux', ['-V'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'no tmux on the PATH';
  }
})();

export interface TerminalOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** A terminal as a person has one: a tmux of its own, with a shell in a folder of its own. */
export class TestTerminal {
  /** Where the shell is; removed at the end. */
  readonly folder = mkdtempSync(join(tmpdir(), 'pyglass-terminal-'));
  readonly #socket = join(this.folder, 'socket');
  #closed = false;

  constructor({ columns = 80, rows = 24, env = {} }: TerminalOptions = {}) {
    const variables = Object.entries({ PS1: '$ ', LC_ALL: 'C.UTF-8', ...env }).map(
      ([name, value]) => `${name}=${value}`,
    );
    const size = ['-x', String(columns), '-y', String(rows)];
    this.#tmux('new-session', '-d', ...size, '-c', this.folder, 'env', ...variables, 'sh');
  }

  /** Types text, then Enter. */
  enter(text: string): void {
    this.type(text);
    this.press('Enter');
  }

  type(text: string): void {
    this.#tmux('send-keys', '-l', '--', text);
  }

  /** Keys by their names in tmux: `Enter`, `C-c`, `PageDown`. */
  press(...keys: string[]): void {
    this.#tmux('send-keys', ...keys);
  }

  resize(columns: number, rows: number): void {
    this.#tmux('resize-window', '-x', String(columns), '-y', String(rows));
  }

  /** What is on the screen, a string a row. */
  lines(): string[] {
    return this.#tmux('capture-pane', '-p').replace(/\n$/, '').split('\n');
  }

  /** The same with the sequences that colour it. */
  styled(): string {
    return this.#tmux('capture-pane', '-p', '-e');
  }

  text(): string {
    return this.lines().join('\n');
  }

  /** Of the terminal itself. */
  state(): { otherScreen: boolean; cursor: boolean; wraps: boolean } {
    const format = '#{alternate_on} #{cursor_flag} #{wrap_flag}';
    const [other, cursor, wraps] = this.#tmux('display-message', '-p', format).trim().split(' ');
    return { otherScreen: other === '1', cursor: cursor === '1', wraps: wraps === '1' };
  }

  /** Waits until the screen holds this; returns the screen. */
  async shows(wanted: RegExp | ((text: string) => boolean)): Promise<string> {
    const holds = typeof wanted === 'function' ? wanted : (text: string) => wanted.test(text);
    const deadline = Date.now() + patience;
    for (;;) {
      const text = this.text();
      if (holds(text)) return text;
      if (Date.now() > deadline) throw new Error(`never on the screen: ${wanted}\n${text}`);
      await pause(20);
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    try {
      this.#tmux('kill-server');
    } finally {
      rmSync(this.folder, { recursive: true, force: true });
    }
  }

  #tmux(...words: string[]): string {
    return execFileSync('tmux', ['-S', this.#socket, '-f', '/dev/null', ...words], { encoding: 'utf8' });
  }
}

export async function withTerminal(
  options: TerminalOptions,
  act: (terminal: TestTerminal) => Promise<void>,
): Promise<void> {
  const terminal = new TestTerminal(options);
  try {
    await act(terminal);
  } finally {
    terminal.close();
  }
}

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Why there is no terminal emulator to test in. */
export const withoutTmux: string | undefined = (() => {
  try {
    execFileSync('tmux', ['-V'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'tmux is not installed';
  }
})();

/** A machine that does many things at once may take this long to show something. */
const longestWait = 30_000;

export interface Size {
  readonly columns?: number;
  readonly rows?: number;
}

/** A real terminal with one program in it, on a server of its own. */
export class Tmux {
  readonly #folder = mkdtempSync(join(tmpdir(), 'pyglass-tmux-'));

  constructor(command: readonly string[], { columns = 80, rows = 24 }: Size = {}) {
    const size = ['-x', String(columns), '-y', String(rows)];
    this.#tmux('-f', '/dev/null', 'new-session', '-d', ...size, '--', ...command);
  }

  /** Types text as it is. */
  type(text: string): void {
    this.#tmux('send-keys', '-l', '--', text);
  }

  /** Presses keys by tmux's names: `Enter`, `Down`, `C-c`. */
  press(...keys: string[]): void {
    this.#tmux('send-keys', ...keys);
  }

  /** What is on the screen now. */
  screen(): string {
    return this.#tmux('capture-pane', '-p');
  }

  /** Waits until the screen shows it. Returns the screen. */
  async shows(pattern: RegExp): Promise<string> {
    const deadline = Date.now() + longestWait;
    for (;;) {
      const screen = this.screen();
      if (pattern.test(screen)) return screen;
      if (Date.now() > deadline) throw new Error(`the terminal never showed ${pattern}:\n${screen}`);
      await pause(30);
    }
  }

  cursorIsShown(): boolean {
    return this.#tmux('display-message', '-p', '#{cursor_flag}').trim() === '1';
  }

  close(): void {
    this.#tmux('kill-server');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #tmux(...args: string[]): string {
    return execFileSync('tmux', ['-S', join(this.#folder, 'socket'), ...args], { encoding: 'utf8' });
  }
}

export async function withTmux<T>(
  command: readonly string[],
  size: Size,
  act: (terminal: Tmux) => Promise<T>,
): Promise<T> {
  const terminal = new Tmux(command, size);
  try {
    return await act(terminal);
  } finally {
    terminal.close();
  }
}

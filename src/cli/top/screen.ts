import { writeSync } from 'node:fs';
import { emitKeypressEvents } from 'node:readline';
import { ansiLine } from '../../tui/ansi.js';
import { type Line, lineWidth, type Size } from '../../tui/line.js';
import type { Pressed } from '../../tui/top/keys.js';

// Private modes of xterm (ctlseqs), which others have taken over; a terminal that does not know one passes it over.
const otherScreen = '\x1b[?1049h';
const enterCodes = `${otherScreen}\x1b[?25l\x1b[?7l\x1b[H\x1b[2J`;
/** Cleared first: where there is no other screen to go back to, the picture must not stay among what comes next. */
const leaveCodes = '\x1b[0m\x1b[H\x1b[2J\x1b[?7h\x1b[?25h\x1b[?1049l';
/** Between these two, a terminal shows nothing half done. */
const [holdCode, releaseCode] = ['\x1b[?2026h', '\x1b[?2026l'];

export interface ScreenListener {
  readonly onKey: (pressed: Pressed) => void;
  /** Everything is to be painted anew: its size has changed, or somebody else has painted over it. */
  readonly onChange: () => void;
}

/** Whether there is a terminal that can be painted on. */
export function canPaint(): boolean {
  return process.stdout.isTTY === true && (process.env['TERM'] ?? 'dumb') !== 'dumb';
}

export function wantsColours(): boolean {
  return (process.env['NO_COLOR'] ?? '') === '';
}

/**
 * The terminal as a screen of our own, apart from what was on it, and its keys. Only rows that differ from those
 * painted before are written. However we end, short of SIGKILL, the terminal is as before.
 */
export class TerminalScreen {
  readonly #listener: ScreenListener;
  readonly #colours = wantsColours();
  #painted: string[] = [];
  #entered = false;
  /** Nobody else has the terminal. */
  #ours = false;

  constructor(listener: ScreenListener) {
    this.#listener = listener;
  }

  get size(): Size {
    // A terminal may say that it has no size at all.
    return { columns: process.stdout.columns || 80, rows: process.stdout.rows || 24 };
  }

  enter(): void {
    if (this.#entered) return;
    this.#entered = true;
    process.on('exit', this.#leave);
    // Before the message of an internal error is printed, which would be lost on the other screen.
    process.on('uncaughtExceptionMonitor', this.#leave);
    process.on('SIGCONT', this.#takeOver);
    process.stdout.on('resize', this.#repaint).on('error', ignore);
    if (process.stdin.isTTY) {
      emitKeypressEvents(process.stdin);
      process.stdin.on('keypress', this.#keyPressed).on('error', ignore);
    }
    this.#takeOver();
  }

  leave(): void {
    this.#leave();
  }

  /** Until SIGCONT the shell has the terminal. */
  suspend(): void {
    this.#handBack();
    // As the terminal does it: the whole group, so that whoever started us notices.
    process.kill(0, 'SIGTSTP');
  }

  /** None of the lines may be wider than the screen. */
  paint(lines: readonly Line[]): void {
    if (!this.#ours) return;
    const { columns } = this.size;
    let out = '';
    lines.forEach((line, row) => {
      const text = ansiLine(line, this.#colours);
      if (text === this.#painted[row]) return;
      this.#painted[row] = text;
      // In the last column, erasing to the end would take the last character.
      const erase = lineWidth(line) < columns ? '\x1b[K' : '';
      out += `\x1b[${row + 1};1H${text}${erase}`;
    });
    if (out !== '') write(`${holdCode}${out}${releaseCode}`);
  }

  readonly #takeOver = (): void => {
    // Stopped without having given it back: the shell has changed the settings since, but not the screen.
    if (this.#ours) setRaw(false);
    setRaw(true);
    write(this.#ours ? enterCodes.slice(otherScreen.length) : enterCodes);
    this.#ours = true;
    this.#repaint();
  };

  readonly #handBack = (): void => {
    if (!this.#ours) return;
    this.#ours = false;
    write(leaveCodes);
    setRaw(false);
  };

  /** Writes everything anew, whatever somebody else has painted over it. */
  repaint(): void {
    write('\x1b[2J');
    this.#repaint();
  }

  readonly #repaint = (): void => {
    this.#painted = [];
    this.#listener.onChange();
  };

  readonly #keyPressed = (text: string | undefined, key: { name?: string; ctrl?: boolean } = {}): void => {
    // What is not one visible character types nothing.
    const typed = text !== undefined && /^[^\p{C}]+$/u.test(text) ? text : '';
    this.#listener.onKey({ text: typed, name: key.name ?? '', ctrl: key.ctrl ?? false });
  };

  readonly #leave = (): void => {
    if (!this.#entered) return;
    this.#entered = false;
    process.off('exit', this.#leave);
    process.off('uncaughtExceptionMonitor', this.#leave);
    process.off('SIGCONT', this.#takeOver);
    process.stdout.off('resize', this.#repaint);
    process.stdin.off('keypress', this.#keyPressed);
    this.#handBack();
    // Else it would keep us alive.
    process.stdin.pause();
  };
}

function setRaw(raw: boolean): void {
  try {
    if (process.stdin.isTTY) process.stdin.setRawMode(raw);
  } catch {
    // The terminal is gone.
  }
}

/** At once, so that it is out before whatever comes next, our end included. */
function write(text: string): void {
  const bytes = Buffer.from(text);
  try {
    for (let written = 0; written < bytes.length; ) written += writeSync(1, bytes, written);
  } catch (error) {
    // Somebody made the terminal non-blocking and it is busy: as a last resort Node waits for it.
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') process.stdout.write(text);
  }
}

function ignore(): void {}

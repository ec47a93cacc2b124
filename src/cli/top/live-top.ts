import { spawn } from 'node:child_process';
import type { LiveData } from '../../analysis/live/live-profile.js';
import { writeFileNow } from '../../disk/write-output.js';
import { flamegraph } from '../../formats/flamegraph/flamegraph.js';
import { PyglassError } from '../../model/error.js';
import { formatted } from '../../session/render.js';
import { lineText } from '../../tui/line.js';
import { type Pressed, press, type Request } from '../../tui/top/keys.js';
import { topScreen } from '../../tui/top/top-screen.js';
import { type TopState, viewOf } from '../../tui/top/top-state.js';
import { timeStamp } from '../time-stamp.js';
import { TerminalScreen } from './screen.js';
import type { Watching } from './watching.js';

/** How long a notice stays, milliseconds. */
const noticeTime = 6000;
/** Painting takes at most this part of the time, so that huge programs do not cost us a whole core. */
const paintingShare = 0.01;
const longestDelay = 5000;
/** What setTimeout takes. */
const longestTimer = 2 ** 31 - 1;

/** The screen of `top` and what its keys do. */
export class LiveTop {
  readonly #watching: Watching;
  readonly #screen: TerminalScreen;
  readonly #delay: number;
  #state: TopState;
  #page = 10;
  #frozen: LiveData | undefined;
  #notice: string | undefined;
  #noticeUntil = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #costs: number[] = [];
  #shownOnce = false;
  #errorShown = false;
  #fail = (_error: unknown) => {};
  /** Rejects with an internal error that nobody awaits. */
  readonly failed = new Promise<never>((_, reject) => {
    this.#fail = reject;
  });

  readonly #requests: Readonly<Record<Request, () => void>> = {
    quit: () => this.#watching.stop(),
    reset: () => this.#reset(),
    save: () => this.#orSay(() => this.#save()),
    flamegraph: () => this.#orSay(() => this.#openFlamegraph()),
    suspend: () => this.#screen.suspend(),
    repaint: () => this.#screen.repaint(),
  };

  /** `delay`: milliseconds between two pictures. */
  constructor(watching: Watching, state: TopState, delay: number) {
    this.#watching = watching;
    this.#state = state;
    this.#delay = delay;
    this.#screen = new TerminalScreen({
      onKey: (pressed) => this.#safely(() => this.#press(pressed)),
      onChange: () => this.#safely(() => this.#paint()),
    });
    this.failed.catch(() => {});
  }

  /** Again is no matter: there may be several processes to watch. */
  open(): void {
    this.#screen.enter();
    if (this.#timer === undefined) this.#schedule();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#screen.leave();
  }

  /** The first samples are shown as soon as they are there. */
  progress(): void {
    const { error } = this.#watching.recording;
    if (error !== undefined && !this.#errorShown) {
      this.#errorShown = true;
      this.notify(`w and o are off: ${error instanceof Error ? error.message : error}`);
    }
    if (this.#shownOnce) return;
    this.#shownOnce = true;
    this.#safely(() => this.#paint());
  }

  notify(text: string): void {
    this.#notice = text;
    this.#noticeUntil = performance.now() + noticeTime;
  }

  /** The table as it was last, for below the terminal as it was before. */
  lastTable(): string {
    const { columns, rows } = this.#screen.size;
    const state = { ...this.#state, help: false, typing: false, paused: false, scroll: 0 };
    const { lines } = topScreen(this.#watching.data(), state, { columns, rows }, this.#watching.about);
    const texts = lines.slice(0, -1).map((line) => lineText(line).trimEnd());
    return `${texts.join('\n').trimEnd()}\n`;
  }

  #schedule(): void {
    const cost = Math.min(...this.#costs, Number.POSITIVE_INFINITY);
    const rest = Number.isFinite(cost) ? Math.min(cost / paintingShare, longestDelay) : 0;
    this.#timer = setTimeout(
      () =>
        this.#safely(() => {
          this.#paint();
          this.#schedule();
        }),
      Math.min(Math.max(this.#delay, rest), longestTimer),
    );
  }

  #paint(): void {
    const began = performance.now();
    if (this.#notice !== undefined && began > this.#noticeUntil) this.#notice = undefined;
    const data = this.#frozen ?? this.#watching.data();
    const noted = this.#notice === undefined ? {} : { notice: this.#notice };
    const about = { ...this.#watching.about, ...noted };
    const screen = topScreen(data, this.#state, this.#screen.size, about);
    this.#page = screen.page;
    this.#state = { ...this.#state, scroll: screen.scroll };
    this.#screen.paint(screen.lines);
    // The cheapest of the last few: what is slow once may have waited for its turn.
    this.#costs.push(performance.now() - began);
    if (this.#costs.length > 3) this.#costs.shift();
  }

  #press(pressed: Pressed): void {
    this.#notice = undefined;
    const { state, request } = press(this.#state, pressed, this.#page);
    if (state.paused !== this.#state.paused)
      this.#frozen = state.paused ? this.#watching.data(true) : undefined;
    this.#state = state;
    if (request !== undefined) this.#requests[request]();
    this.#paint();
  }

  #reset(): void {
    this.#watching.reset();
    if (this.#frozen) this.#frozen = this.#watching.data(true);
    this.notify('Counting from now on.');
  }

  #save(): void {
    const path = `${this.#fileName()}.pyglass`;
    this.#watching.recording.save(path, this.#watching.data().profile.duration);
    this.notify(`Wrote ${path} (view it with pyglass report).`);
  }

  #openFlamegraph(): void {
    const path = `${this.#fileName()}.svg`;
    const profile = this.#watching.recording.read();
    const view = { ...viewOf(this.#state, profile.processes.length > 1), lines: 'current' as const };
    writeFileNow(path, formatted(flamegraph, profile, view));
    this.notify(`Wrote ${path}${openWithDesktop(path) ? ' and asked the desktop to open it' : ''}.`);
  }

  /** In the current folder. */
  #fileName(): string {
    return `top-${this.#watching.about.pid}-${timeStamp()}`;
  }

  #orSay(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof PyglassError)) throw error;
      this.notify(`Failed: ${error.message}`);
    }
  }

  #safely(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#fail(error);
    }
  }
}

function openWithDesktop(path: string): boolean {
  if (!process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) return false;
  const child = spawn('xdg-open', [path], { detached: true, stdio: 'ignore' });
  // There may be no such program.
  child.on('error', () => {});
  child.unref();
  return child.pid !== undefined;
}

import type { ViewOptions } from '../analysis/view-options.js';
import { answerOf } from '../formats/html/answer.js';
import { type LiveState, livePieceBytes } from '../model/live-state.js';
import { LiveRecording, type LiveWindow } from './live-recording.js';
import { inflate } from './load-payload.js';
import { Store } from './store.js';

/** Milliseconds between two pictures, and how many times longer than one takes to make: the page stays at hand. */
const shortestRest = 900;
const restPerCost = 4;
/** Pieces that are taken in before there is a picture of them: 8 MB of a recording that is old already. */
const mostPieces = 32;
/** Milliseconds after which a picture counts as painted where the browser paints nothing. */
const longestPaint = 500;

export type Connection = 'waiting' | 'open' | 'lost' | 'ended';

/**
 * What the page has from the server: it hears that there is more, and asks for it as fast as it can show it, while
 * somebody looks. Everything is asked for below the page's own address, in which the token is.
 */
export class LiveFeed {
  readonly #view: ViewOptions;
  readonly #listeners = new Set<() => void>();
  #events: EventSource | undefined;
  #connection: Connection = 'waiting';
  #state: LiveState | undefined;
  #recording: LiveRecording | undefined;
  #store: Store | undefined;
  #window: LiveWindow = 'all';
  #isPaused = false;
  #version = -1;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isBusy = false;
  #lastStart = Number.NEGATIVE_INFINITY;
  #cost = 0;
  #error: string | undefined;

  constructor(view: ViewOptions) {
    this.#view = view;
    document.addEventListener('visibilitychange', () => this.#look());
    this.#look();
  }

  get connection(): Connection {
    return this.#connection;
  }

  get state(): LiveState | undefined {
    return this.#state;
  }

  /** `undefined` before the first samples. */
  get store(): Store | undefined {
    return this.#store;
  }

  get window(): LiveWindow {
    return this.#window;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** A part of the time is chosen of a window that moves: it would be another part each second. */
  get isHeld(): boolean {
    return this.#window !== 'all' && this.#store?.state.range !== undefined;
  }

  /** Microseconds, until what is shown. */
  get shownUntil(): number {
    return this.#recording?.shown.duration ?? 0;
  }

  /** Microseconds from the beginning that the page no longer has. */
  get forgotten(): number {
    return this.#recording?.forgotten ?? 0;
  }

  get error(): string | undefined {
    return this.#error;
  }

  /** Where just what is shown is had as a file. */
  get saveAddress(): string | undefined {
    const recording = this.#recording;
    if (!recording || this.#connection !== 'open' || recording.number !== this.#state?.recording)
      return undefined;
    const { end, duration } = recording.shown;
    return end === 0 ? undefined : `save?number=${recording.number}&until=${end}&duration=${duration}`;
  }

  choose(window: LiveWindow): void {
    if (window === this.#window) return;
    this.#window = window;
    // It would be another part.
    this.#store?.set({ range: undefined });
    this.#show(false);
    this.#plan();
  }

  pause(isPaused: boolean): void {
    this.#isPaused = isPaused;
    this.#changed();
    this.#plan();
  }

  reset(): void {
    void this.#post('reset');
  }

  follow(pid: number): void {
    void this.#post(`follow?pid=${pid}`);
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #post(what: string): Promise<void> {
    // Where it fails, the next event says how things are.
    await fetch(what, { method: 'POST' }).catch(() => {});
  }

  /** A page that nobody sees asks for nothing: browsers have few connections to one place. */
  #look(): void {
    if (document.hidden) {
      this.#events?.close();
      this.#events = undefined;
    } else if (this.#events === undefined && this.#connection !== 'ended') this.#connect();
  }

  #connect(): void {
    const events = new EventSource('events');
    this.#events = events;
    events.addEventListener('message', ({ data }) => {
      this.#connection = 'open';
      this.#state = JSON.parse(data) as LiveState;
      this.#changed();
      this.#plan();
    });
    events.addEventListener('end', () => this.#disconnect('ended'));
    events.addEventListener('error', () => this.#disconnect('lost'));
  }

  #disconnect(why: 'ended' | 'lost'): void {
    this.#events?.close();
    this.#events = undefined;
    this.#connection = why;
    this.#changed();
  }

  #plan(): void {
    if (this.#timer !== undefined || this.#isBusy || !this.#wants()) return;
    const rest = Math.max(shortestRest, restPerCost * this.#cost);
    const wait = Math.max(0, this.#lastStart + rest - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#update();
    }, wait);
  }

  #wants(): boolean {
    const state = this.#state;
    if (state === undefined || this.#connection !== 'open' || document.hidden) return false;
    if (this.#isPaused || this.#error !== undefined) return false;
    if (state.recording !== this.#recording?.number) return state.recording > 0;
    return state.version !== this.#version && !this.isHeld;
  }

  async #update(): Promise<void> {
    const state = this.#state;
    if (state === undefined || !this.#wants()) return;
    this.#isBusy = true;
    this.#lastStart = performance.now();
    try {
      const isOther = state.recording !== this.#recording?.number;
      const recording = isOther ? new LiveRecording(state.recording) : this.#recording!;
      const { version } = state;
      const isAll = await takeIn(recording);
      if (isAll) this.#version = version;
      else this.#lastStart = Number.NEGATIVE_INFINITY;
      const isWanted = recording.received > 0 && !this.#isPaused && (isOther || !this.isHeld);
      if (isWanted) await this.#paint(recording, isOther);
    } catch (error) {
      if (error instanceof TypeError) {
        // The network of this machine: the server has ended.
        if (this.#events?.readyState !== EventSource.OPEN) this.#disconnect('lost');
      } else this.#error = error instanceof Error ? error.message : String(error);
      this.#changed();
    } finally {
      this.#isBusy = false;
      this.#plan();
    }
  }

  async #paint(recording: LiveRecording, isOther: boolean): Promise<void> {
    const began = performance.now();
    this.#recording = recording;
    this.#show(isOther);
    // What is much is counted in pieces: the next picture would begin that anew.
    do await painted();
    while (this.#store?.isCounting);
    this.#cost = performance.now() - began;
  }

  #show(isOther: boolean): void {
    const profile = this.#recording?.profile(this.#window);
    if (profile === undefined) return;
    if (this.#store) this.#store.show(profile, isOther);
    else if (profile.runs.stack.length > 0) {
      const store = new Store({ profile, view: this.#view, answer: answerOf(profile, this.#view) });
      this.#store = store;
      store.listen(() => {
        this.#changed();
        this.#plan();
      });
    }
    this.#changed();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** Takes what there is of a recording, some pieces at most. Returns whether that was all. */
async function takeIn(recording: LiveRecording): Promise<boolean> {
  for (let pieces = 0; pieces < mostPieces; pieces++) {
    const answer = await fetch(`recording?number=${recording.number}&from=${recording.received}`);
    // There is another one by now: an event says so.
    if (answer.status === 410) return true;
    if (!answer.ok) throw new Error((await answer.text()).trim());
    const bytes = new Uint8Array(await answer.arrayBuffer());
    await recording.add(bytes, (packed) => inflate(packed as Uint8Array<ArrayBuffer>));
    if (bytes.length < livePieceBytes) return true;
  }
  return false;
}

function painted(): Promise<void> {
  return new Promise((resolve) => {
    const limit = setTimeout(resolve, longestPaint);
    requestAnimationFrame(() =>
      setTimeout(() => {
        clearTimeout(limit);
        resolve();
      }),
    );
  });
}

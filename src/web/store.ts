import type { ViewOptions } from '../analysis/view-options.js';
import type { Payload } from '../formats/html/payload-reader.js';
import type { Profile } from '../model/profile.js';
import { Counted } from './counted.js';
import { hashOf, initialState, type PageState, stateOf } from './page-state.js';

/** Results of other choices that are kept, for those who go to and fro. */
const mostKept = 6;

/**
 * What the page shows: a recording, what the reader chose, and what was counted of it. A recording that grows comes by
 * `show` again and again.
 */
export class Store {
  readonly initial: PageState;
  #profile: Profile;
  readonly #view: ViewOptions;
  #state: PageState;
  readonly #counted = new Map<string, Counted>();
  readonly #listeners = new Set<() => void>();

  constructor({ profile, view, answer }: Payload) {
    this.#profile = profile;
    this.#view = view;
    this.initial = initialState(view);
    this.whole.know(answer);
    this.#state = this.#possible(stateOf(location.hash, this.initial));
    addEventListener('hashchange', () => this.#readAddress());
    addEventListener('popstate', () => this.#readAddress());
  }

  get profile(): Profile {
    return this.#profile;
  }

  get state(): PageState {
    return this.#state;
  }

  /** Of the whole recording, whatever is filtered. */
  get whole(): Counted {
    return this.#countedOf(this.initial);
  }

  /** What the filters leave. */
  get counted(): Counted {
    return this.#countedOf(this.#state);
  }

  /** The same of all of the time and of all threads: what a time line is of. */
  get overTime(): Counted {
    return this.#countedOf({ ...this.#state, thread: -1, route: undefined, range: undefined });
  }

  /** `isOther`: of another recording, so that indices of the one before mean nothing. */
  show(profile: Profile, isOther = false): void {
    this.#profile = profile;
    if (isOther) this.#state = { ...this.#state, process: -1, thread: -1, fn: -1, range: undefined };
    this.#counted.clear();
    this.#changed();
  }

  /** `step`: the reader may go back to what was before. */
  set(change: Partial<PageState>, step = false): void {
    this.#state = { ...this.#state, ...change };
    const hash = hashOf(this.#state, this.initial);
    if (hash !== location.hash.slice(1)) {
      const address = hash === '' ? location.pathname + location.search : `#${hash}`;
      if (step) history.pushState(null, '', address);
      else history.replaceState(null, '', address);
    }
    this.#changed();
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #readAddress(): void {
    if (location.hash.slice(1) === hashOf(this.#state, this.initial)) return;
    this.#state = this.#possible(stateOf(location.hash, this.initial));
    this.#changed();
  }

  /** An address may be of another recording. */
  #possible(state: PageState): PageState {
    const { processes, threads, functions } = this.#profile;
    return {
      ...state,
      process: state.process < processes.length ? state.process : -1,
      thread: state.thread < threads.length ? state.thread : -1,
      fn: state.fn < functions.length ? state.fn : -1,
    };
  }

  #countedOf(state: PageState): Counted {
    const { process, thread, route, range, mode, idle, lines, applicationOnly } = state;
    const key = JSON.stringify([process, thread, route, range, mode, idle, lines, applicationOnly]);
    let counted = this.#counted.get(key);
    if (counted === undefined) {
      counted = new Counted(this.#profile, this.#view, state);
      const [oldest] = this.#counted.keys();
      if (oldest !== undefined && this.#counted.size >= mostKept) this.#counted.delete(oldest);
    } else this.#counted.delete(key);
    // The one used last is the last to go.
    this.#counted.set(key, counted);
    return counted;
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

import type { DiffPage } from '../formats/diff/diff-page.js';
import { onAddress, writeAddress } from './address.js';
import { type DiffState, diffHashOf, diffStateOf, initialDiffState } from './diff-state.js';
import { DiffTree } from './diff-tree.js';

/** What the page of a comparison shows, and what its reader chose. */
export class DiffStore {
  readonly page: DiffPage;
  readonly initial: DiffState;
  readonly trees: { readonly before: DiffTree; readonly after: DiffTree };
  #state: DiffState;
  readonly #listeners = new Set<() => void>();

  constructor(page: DiffPage) {
    this.page = page;
    this.initial = initialDiffState(page);
    const { basis, trees } = page;
    this.trees = { before: new DiffTree(trees.before, basis), after: new DiffTree(trees.after, basis) };
    this.#state = this.#ofAddress();
    onAddress(() => {
      if (location.hash.slice(1) === diffHashOf(this.#state, this.initial)) return;
      this.#state = this.#ofAddress();
      this.#changed();
    });
  }

  get state(): DiffState {
    return this.#state;
  }

  get tree(): DiffTree {
    return this.trees[this.#state.base];
  }

  /** `step`: the reader may go back to what was before. */
  set(change: Partial<DiffState>, step = false): void {
    this.#state = { ...this.#state, ...change };
    writeAddress(diffHashOf(this.#state, this.initial), step);
    this.#changed();
  }

  /** Marks a function in the picture, which is of a recording that has it. -1: none. */
  mark(fn: number): void {
    const only = this.page.functions[fn]?.only;
    const { base } = this.#state;
    const isElsewhere = only !== undefined && only !== base;
    this.set({ fn, search: '', ...(isElsewhere ? { base: only, zoom: [] } : {}) }, true);
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #ofAddress(): DiffState {
    return diffStateOf(location.hash, this.initial, this.page.functions.length);
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

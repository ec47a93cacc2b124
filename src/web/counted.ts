import { buildCallTree } from '../analysis/call-tree.js';
import { type FunctionTable, functionTable, lineTable } from '../analysis/function-table.js';
import { partOfProfile } from '../analysis/part-of-profile.js';
import { type Route, routesOf } from '../analysis/routes.js';
import { sameFunctions } from '../analysis/same-functions.js';
import type { ViewOptions } from '../analysis/view-options.js';
import { type Answer, answerOf } from '../formats/html/answer.js';
import type { Profile } from '../model/profile.js';
import { FrameTree } from './frame-tree.js';
import { MergedTree } from './merged-tree.js';
import type { PageState } from './page-state.js';

/**
 * What the filters leave of a recording, counted by the code that every format is counted by. Each result is made when
 * it is asked for first.
 */
export class Counted {
  /** The recording as if nothing else had been sampled. */
  readonly profile: Profile;
  readonly view: ViewOptions;
  readonly #made = new Map<string, unknown>();

  constructor(whole: Profile, view: ViewOptions, state: PageState) {
    const { process, thread, range, route, mode, idle, lines, applicationOnly } = state;
    this.profile = partOfProfile(whole, {
      process: process < 0 ? undefined : process,
      thread: thread < 0 ? undefined : thread,
      range,
    });
    const request = route === undefined ? view.request : { ...view.request, route };
    this.view = { ...view, request, mode, idle, lines, applicationOnly };
  }

  /** What was found out before. */
  know(answer: Answer): void {
    this.#made.set('answer', answer);
  }

  get answer(): Answer {
    return this.#once('answer', () => answerOf(this.profile, this.view));
  }

  /** All functions that are shown. */
  get functions(): FunctionTable {
    return this.#once('functions', () => functionTable(this.profile, this.view, Number.POSITIVE_INFINITY));
  }

  get lines(): FunctionTable {
    return this.#once('lines', () => lineTable(this.profile, this.view, Number.POSITIVE_INFINITY));
  }

  get routes(): readonly Route[] {
    return this.#once('routes', () => routesOf(this.profile, this.view));
  }

  /** For each function the first one that is the same. */
  get same(): Int32Array {
    return this.#once('same', () => sameFunctions(this.profile));
  }

  get tree(): FrameTree {
    return this.#once(
      'tree',
      () => new FrameTree(buildCallTree(this.profile, this.view), this.profile, this.same),
    );
  }

  get inverted(): MergedTree {
    return this.#once('inverted', () => MergedTree.inverted(this.tree));
  }

  callersOf(fn: number): MergedTree {
    return this.#once(`callers ${fn}`, () =>
      MergedTree.ofFunction(this.tree, this.same[fn] ?? fn, 'callers'),
    );
  }

  calleesOf(fn: number): MergedTree {
    return this.#once(`callees ${fn}`, () =>
      MergedTree.ofFunction(this.tree, this.same[fn] ?? fn, 'callees'),
    );
  }

  #once<T>(key: string, make: () => T): T {
    if (!this.#made.has(key)) this.#made.set(key, make());
    return this.#made.get(key) as T;
  }
}

import { categoryOf } from '../../analysis/category.js';
import { hiddenFrames } from '../../analysis/hidden-frames.js';
import { fileName, functionName, shownLine } from '../../analysis/labels.js';
import { lineJson } from '../../analysis/plain-json.js';
import { type LeafState, leafStates } from '../../analysis/run-states.js';
import { sameFunctions } from '../../analysis/same-functions.js';
import { walkStack } from '../../analysis/stack-walk.js';
import type { ViewOptions } from '../../analysis/view-options.js';
import { PairTable } from '../../model/pair-table.js';
import type { FunctionInfo, Profile } from '../../model/profile.js';
import { categories, categoryNumber, functionCategory } from './categories.js';
import type { FirefoxShared } from './firefox-profile.js';
import { tableJson } from './json-table.js';

/** No stack, no caller. */
export const noStack = -1;

/** Of `leafStates`. */
const stateCategories = (['gc', 'gil', 'waiting'] as const).map(categoryNumber);
const waiting = 2;

/** Stacks of the profile, and what they are here. */
interface KnownStacks {
  get(stack: number): number | undefined;
  set(stack: number, here: number): unknown;
}

/** A column for as many stacks as there are: a map of millions would be slow. */
class AllStacks implements KnownStacks {
  /** Two more than the stack here, which may be -1; 0: not known yet. */
  readonly #here: Int32Array;

  constructor(count: number) {
    this.#here = new Int32Array(count);
  }

  get(stack: number): number | undefined {
    const here = this.#here[stack]!;
    return here === 0 ? undefined : here - 2;
  }

  set(stack: number, here: number): void {
    this.#here[stack] = here + 2;
  }
}

interface FirefoxFunction {
  readonly name: number;
  readonly resource: number;
  readonly source: number;
  readonly line: number;
}

/** What threads share: stacks, frames, functions and texts, in order of first use. */
export class SharedTables {
  readonly #profile: Profile;
  readonly #view: ViewOptions;
  readonly #isHidden: (stack: number) => boolean;
  readonly #same: Int32Array;
  readonly #texts = new Map<string, number>();
  /** By name. */
  readonly #resources = new Map<string, number>();
  readonly #sources = new Map<string, number>();
  readonly #functions: FirefoxFunction[] = [];
  /** By function of the profile, and by name of those that are not of it. */
  readonly #ofFunction: number[] = [];
  readonly #named = new Map<string, number>();
  /** A function and its category, a line. */
  readonly #frames = new PairTable();
  readonly #ofFrame: number[] = [];
  /** The caller's stack, a frame. */
  readonly #stacks = new PairTable();
  /** By root: for each stack of the profile what it is here. */
  readonly #known = new Map<number, KnownStacks>();

  constructor(profile: Profile, view: ViewOptions) {
    this.#profile = profile;
    this.#view = view;
    this.#isHidden = hiddenFrames(profile, view);
    this.#same = sameFunctions(profile);
  }

  text(text: string): number {
    const number = this.#texts.get(text) ?? this.#texts.size;
    this.#texts.set(text, number);
    return number;
  }

  /** A stack of one frame that is no function of the program. */
  rootStack(name: string): number {
    return this.#stacks.intern(noStack, this.#syntheticFrame(name, categoryNumber('synthetic')));
  }

  /**
   * A stack of the profile below `root`, and the state below it. A frame that waits is the same function in another
   * category: the viewer shows when and how much of it waited, without a frame more.
   */
  stack(root: number, innermost: number, state: LeafState): number {
    const stack = this.#plainStack(root, innermost);
    if (state < 0) return stack;
    const category = stateCategories[state]!;
    if (state !== waiting)
      return this.#stacks.intern(stack, this.#syntheticFrame(leafStates[state]!, category));
    if (stack === noStack) return stack;
    const frame = this.#stacks.secondOf(stack);
    const fn = Math.floor(this.#frames.firstOf(frame) / categories.length);
    return this.#stacks.intern(
      this.#stacks.firstOf(stack),
      this.#frame(fn, category, this.#frames.secondOf(frame)),
    );
  }

  #plainStack(root: number, innermost: number): number {
    let known = this.#known.get(root);
    if (known === undefined) {
      known = root === noStack ? new AllStacks(this.#profile.stacks.frame.length) : new Map();
      this.#known.set(root, known);
    }
    const path: number[] = [];
    let reached = root;
    walkStack(this.#profile, innermost, (at) => {
      const found = known.get(at);
      if (found === undefined) path.push(at);
      else reached = found;
      return found === undefined;
    });
    for (const at of path.reverse()) {
      if (!this.#isHidden(at))
        reached = this.#stacks.intern(reached, this.#frameOf(this.#profile.stacks.frame.at(at)));
      known.set(at, reached);
    }
    return reached;
  }

  #frameOf(frame: number): number {
    this.#ofFrame[frame] ??= this.#makeFrame(frame);
    return this.#ofFrame[frame];
  }

  #makeFrame(frame: number): number {
    const { frames, functions } = this.#profile;
    const index = frames.function.at(frame);
    const fn = functions[index];
    if (fn === undefined) return this.#syntheticFrame('<unknown function>', 0);
    const same = this.#same[index]!;
    this.#ofFunction[same] ??= this.#addFunction(fn);
    const line = shownLine(fn, frames.line.at(frame), this.#view);
    return this.#frame(this.#ofFunction[same], functionCategory(fn), line);
  }

  #frame(fn: number, category: number, line: number): number {
    return this.#frames.intern(fn * categories.length + category, line);
  }

  #syntheticFrame(name: string, category: number): number {
    let fn = this.#named.get(name);
    if (fn === undefined) {
      fn = this.#functions.push({ name: this.text(name), resource: -1, source: -1, line: 0 }) - 1;
      this.#named.set(name, fn);
    }
    return this.#frame(fn, category, 0);
  }

  #addFunction(fn: FunctionInfo): number {
    const file = fileName(fn, this.#view);
    const resource = resourceName(fn);
    return (
      this.#functions.push({
        name: this.text(functionName(fn)),
        resource: resource === '' ? -1 : numberOf(this.#resources, resource),
        source: file === '' ? -1 : numberOf(this.#sources, file),
        line: this.#view.lines === 'none' ? 0 : fn.firstLine,
      }) - 1
    );
  }

  *json(): Iterable<string> {
    const functions = this.#functions;
    const names = {
      resources: [...this.#resources.keys()].map((name) => this.text(name)),
      sources: [...this.#sources.keys()].map((name) => this.text(name)),
    };
    yield '{"stackTable":';
    yield* tableJson<FirefoxShared['stackTable']>(this.#stacks.size, {
      frame: (row) => this.#stacks.secondOf(row),
      prefixOffset: (row) => {
        const caller = this.#stacks.firstOf(row);
        return caller === noStack ? 0 : row - caller;
      },
    });
    yield ',"frameTable":';
    yield* tableJson<FirefoxShared['frameTable']>(this.#frames.size, {
      address: '-1',
      lib: '-1',
      inlineDepth: '0',
      category: (row) => this.#frames.firstOf(row) % categories.length,
      subcategory: '0',
      func: (row) => Math.floor(this.#frames.firstOf(row) / categories.length),
      nativeSymbol: 'null',
      innerWindowID: 'null',
      line: (row) => this.#frames.secondOf(row) || 'null',
      column: 'null',
      originalLocation: 'null',
    });
    yield ',"funcTable":';
    yield* tableJson<FirefoxShared['funcTable']>(functions.length, {
      name: (row) => functions[row]!.name,
      isJS: 'false',
      relevantForJS: 'false',
      resource: (row) => functions[row]!.resource,
      source: (row) => (functions[row]!.source < 0 ? 'null' : functions[row]!.source),
      lineNumber: (row) => functions[row]!.line || 'null',
      columnNumber: 'null',
      originalLocation: 'null',
    });
    yield ',"resourceTable":';
    yield* tableJson<FirefoxShared['resourceTable']>(names.resources.length, {
      name: (row) => names.resources[row]!,
      host: 'null',
      type: '1',
    });
    yield ',"nativeSymbols":';
    yield* tableJson<FirefoxShared['nativeSymbols']>(0, {
      ...{ libIndex: '', address: '', name: '', functionSize: '' },
    });
    yield ',"sources":';
    yield* tableJson<FirefoxShared['sources']>(names.sources.length, {
      id: 'null',
      filename: (row) => names.sources[row]!,
      startLine: '1',
      startColumn: '1',
      sourceMapURL: 'null',
      content: 'null',
    });
    yield ',"sourceLocationTable":';
    yield* tableJson<FirefoxShared['sourceLocationTable']>(0, { source: '', line: '', column: '' });
    yield ',"stringArray":[';
    let separator = '';
    for (const text of this.#texts.keys()) {
      yield separator + lineJson(text);
      separator = ',';
    }
    yield ']}';
  }
}

function numberOf(numbers: Map<string, number>, name: string): number {
  const number = numbers.get(name) ?? numbers.size;
  numbers.set(name, number);
  return number;
}

/** What the viewer writes before names, and can collapse as one: the package of a library. */
function resourceName(fn: FunctionInfo): string {
  const category = categoryOf(fn);
  if (category !== 'library') return category === 'stdlib' ? category : '';
  const [name = ''] = /^[^/]+?(?=\/|\.py$|$)/.exec(fn.shortFile) ?? [];
  return name.slice(0, 100);
}

import type { Layout } from '../../cpython/layout.js';
import { typeName } from '../../cpython/objects/instances.js';
import { type FoundStrings, readString } from '../../cpython/objects/strings.js';
import { followSteps } from '../../cpython/variable-path.js';
import { environRoutes, scopeRoutes } from '../../frameworks/request-anchors.js';
import { isMethod, noRoute, type PathNames, routeName } from '../../frameworks/route-names.js';
import type { KnownBytes } from '../../memory/known-bytes.js';
import { MomentMemory } from '../../memory/moment-memory.js';
import { isPointer, readPointer } from '../../memory/pointers.js';
import { RecordedMemory } from '../../memory/recorded-memory.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { VariablePath } from '../../model/variable-path.js';
import type { AnchoredFrames, FoundAnchor } from './anchors-of-stacks.js';

/** UTF-16 units of what is read of a request. */
const longestText = 500;
/** The lowest bits of a reference are marks (from 3.14). */
const markBits = 4;

/** What was read of a request. */
export interface RequestName {
  /** `GET /item/<int:id>`, or a job's name; `undefined`: it is not known, or not yet. */
  readonly route: string | undefined;
  /** It will not be another one later. */
  readonly isFinal: boolean;
}

const mountMark = [{ key: 'app_root_path' }];

const unknown: RequestName = { route: undefined, isFinal: false };

/** Reads of frames that have a request in hand what it is. */
export class RequestReader {
  /** What one look reads lies on few pages. */
  readonly pages: MomentMemory;
  #memory: TargetMemory;
  readonly #layout: Layout;
  readonly #pathNames: PathNames;
  /** Of attributes and keys. */
  readonly #names: FoundStrings = new Map();

  constructor(memory: TargetMemory, layout: Layout, pathNames: PathNames) {
    this.#memory = this.pages = new MomentMemory(memory, { now: 0 });
    this.#layout = layout;
    this.#pathNames = pathNames;
  }

  /** What was read before is of another moment than what is read next. */
  beginMoment(): void {
    this.pages.forget();
  }

  /** `addresses`: of the frames, as in `frames`. */
  read(frames: AnchoredFrames, addresses: Float64Array): RequestName {
    let method: string | undefined;
    let path: string | undefined;
    let template: string | undefined;
    let beginning: string | undefined;
    let isMounted = false;
    let hasTemplates = false;
    let hasNone = false;
    for (const [at, found] of frames.entries()) {
      const frame = addresses[at]!;
      const job = this.#text(found, frame, found.anchor.job);
      if (job !== undefined) return { route: job, isFinal: true };
      method ??= this.#method(found, frame);
      path ??= this.#path(found, frame);
      if (this.#isBeginning(found, frame)) beginning = this.#ownTemplate(found, frame) + (beginning ?? '');
      else {
        template ??= this.#ownTemplate(found, frame) || this.#template(found, frame);
        isMounted ||= this.#isMounted(found, frame);
      }
      hasNone ||= this.#isSet(found, frame);
      hasTemplates ||= found.anchor.route.length > 0;
    }
    const verb = isMethod(method) ? method : undefined;
    // Its beginning is only on the stack.
    if (isMounted && beginning === undefined) return unknown;
    if (template !== undefined)
      return { route: routeName(verb, (beginning ?? '') + template), isFinal: verb !== undefined };
    // What is mounted may have no routes, or has not chosen yet.
    if (beginning) return { route: routeName(verb, beginning), isFinal: false };
    if (hasNone && verb !== undefined) return { route: `${verb} ${noRoute}`, isFinal: false };
    // A framework that has routes did not choose yet.
    if (hasTemplates) return unknown;
    if (path === undefined) return unknown;
    return { route: routeName(verb, this.#pathNames.nameOf(path)), isFinal: false };
  }

  /** What the route was read of, and the method, where they are not in an environ. */
  bytesOfRoute(frames: AnchoredFrames, addresses: Float64Array): KnownBytes {
    const memory = new RecordedMemory(this.pages);
    this.#memory = memory;
    for (const [at, found] of frames.entries()) {
      const frame = addresses[at]!;
      this.#ownTemplate(found, frame);
      this.#text(found, frame, found.anchor.method);
    }
    this.#memory = this.pages;
    return memory.known();
  }

  #method(found: FoundAnchor, frame: number): string | undefined {
    const { method, environ, scope } = found.anchor;
    const own = this.#text(found, frame, method);
    if (own !== undefined) return own;
    return this.#text(found, frame, environ, 'REQUEST_METHOD') ?? this.#text(found, frame, scope, 'method');
  }

  #path(found: FoundAnchor, frame: number): string | undefined {
    const { environ, scope } = found.anchor;
    return this.#text(found, frame, environ, 'PATH_INFO') ?? this.#text(found, frame, scope, 'path');
  }

  /** Whether the frame is of an application that hands on to one within it. */
  #isBeginning(found: FoundAnchor, frame: number): boolean {
    const { leaf } = found.anchor;
    return leaf !== undefined && this.objectAt(found, frame, leaf) === 0;
  }

  /** Whether an application within another one has the request, by what Starlette leaves in the scope. */
  #isMounted(found: FoundAnchor, frame: number): boolean {
    const scope = this.objectAt(found, frame, found.anchor.scope);
    return scope !== 0 && this.#follow(scope, mountMark) !== 0;
  }

  /** Whether it is known that no route fits. */
  #isSet(found: FoundAnchor, frame: number): boolean {
    const object = this.objectAt(found, frame, found.anchor.noRoute);
    return object !== 0 && typeName(this.#memory, this.#layout, object) !== 'NoneType';
  }

  #ownTemplate(found: FoundAnchor, frame: number): string {
    for (const path of found.anchor.route) {
      const own = this.#text(found, frame, path);
      if (own !== undefined) return own;
    }
    return '';
  }

  /** That which a framework left in the environ or in the scope. */
  #template(found: FoundAnchor, frame: number): string | undefined {
    const environ = this.objectAt(found, frame, found.anchor.environ);
    const scope = this.objectAt(found, frame, found.anchor.scope);
    for (const route of environ === 0 ? [] : environRoutes) {
      const text = this.#readText(this.#follow(environ, route));
      if (text) return text;
    }
    for (const { route, leaf } of scope === 0 ? [] : scopeRoutes) {
      const text = this.#follow(scope, leaf) === 0 ? '' : this.#readText(this.#follow(scope, route));
      if (text) return text;
    }
    return undefined;
  }

  #follow(object: number, steps: VariablePath['steps']): number {
    return followSteps(this.#memory, this.#layout, object, steps, this.#names);
  }

  /** The text at the end of a path, or under a key of the dict that is there. */
  #text(found: FoundAnchor, frame: number, path: VariablePath | undefined, key?: string): string | undefined {
    const object = this.objectAt(found, frame, path);
    if (object === 0) return undefined;
    return this.#readText(key === undefined ? object : this.#follow(object, [{ key }]));
  }

  #readText(object: number): string | undefined {
    return readString(this.#memory, this.#layout, object, longestText);
  }

  /**
   * The object to which a path leads from a frame's variables; 0: none, or it cannot be read. `copied`: what a copy has
   * in the variable.
   */
  objectAt({ slots }: FoundAnchor, frame: number, path: VariablePath | undefined, copied?: number): number {
    const slot = path && slots.get(path.variable);
    if (!path || !slot) return 0;
    const memory = this.#memory;
    const reference = copied ?? readPointer(memory, frame + this.#layout.frame.localsPlus + slot.index * 8);
    let object = reference - (reference % markBits);
    if (slot.mayBeCell && isPointer(object) && typeName(memory, this.#layout, object) === 'cell')
      object = readPointer(memory, object + this.#layout.cell.value);
    return isPointer(object) ? this.#follow(object, path.steps) : 0;
  }
}

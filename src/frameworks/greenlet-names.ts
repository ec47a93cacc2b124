import type { Layout } from '../cpython/layout.js';
import { readCString } from '../cpython/objects/c-strings.js';
import { dictEntries, dictValue } from '../cpython/objects/dicts.js';
import { readInt } from '../cpython/objects/integers.js';
import { readString } from '../cpython/objects/strings.js';
import { isPointer, readPointer } from '../memory/pointers.js';
import type { TargetMemory } from '../memory/target-memory.js';

/** Where these are imported, there are greenlets. */
export const greenletLibraries: readonly string[] = ['gevent', 'eventlet'];

const longestName = 200;
const mostAttributes = 1000;
/** PyGreenlet from 2.0 on: bytes between header and dict. What a PyWeakReference refers to follows its header. */
const beforeDict = 8;
/** Classes of gevent that have the number of a greenlet, which a weak reference to it carries. */
const numbered: readonly string[] = ['gevent._gevent_c_ident.ValuedWeakRef', 'gevent._ident.ValuedWeakRef'];

/**
 * Names of greenlets: of gevent's `Greenlet` the name that it was given, or `Greenlet-3` with its number where somebody
 * asked for that; of others there are none.
 */
export class GreenletNames {
  readonly #memory: TargetMemory;
  readonly #layout: Layout;
  readonly #classNames: (type: number) => readonly string[];
  readonly #isNumbered = new Map<number, boolean>();
  readonly #isNamed = new Map<number, boolean>();
  /** By the address of the greenlet. */
  readonly #references = new Map<number, number>();

  constructor(memory: TargetMemory, layout: Layout, classNames: (type: number) => readonly string[]) {
    this.#memory = memory;
    this.#layout = layout;
    this.#classNames = classNames;
  }

  /** An object of the process, which may have the number of a greenlet. */
  consider(object: number, type: number): void {
    let isNumbered = this.#isNumbered.get(type);
    if (isNumbered === undefined) {
      const name = readCString(this.#memory, readPointer(this.#memory, type + this.#layout.type.name));
      isNumbered = name !== undefined && numbered.includes(name);
      this.#isNumbered.set(type, isNumbered);
    }
    if (!isNumbered) return;
    const greenlet = readPointer(this.#memory, object + this.#layout.object.size);
    if (isPointer(greenlet)) this.#references.set(greenlet, object);
  }

  /** Empty when it has none. */
  of(greenlet: number, type: number, memory: TargetMemory): string {
    let isNamed = this.#isNamed.get(type);
    if (isNamed === undefined) {
      isNamed = this.#classNames(type).some((name) =>
        /^gevent\.(?:_gevent_cgreenlet|_greenlet|greenlet)\.Greenlet$/.test(name),
      );
      this.#isNamed.set(type, isNamed);
    }
    if (!isNamed) return '';
    const dict = readPointer(memory, greenlet + this.#layout.object.size + beforeDict);
    const entries = isPointer(dict) ? dictEntries(memory, this.#layout, dict, mostAttributes) : [];
    const given = dictValue(memory, this.#layout, entries, 'name');
    const name = given === 0 ? undefined : readString(memory, this.#layout, given, longestName);
    return name ?? this.#number(greenlet, memory);
  }

  #number(greenlet: number, memory: TargetMemory): string {
    const reference = this.#references.get(greenlet) ?? 0;
    if (reference === 0 || readPointer(memory, reference + this.#layout.object.size) !== greenlet) return '';
    const type = readPointer(memory, reference + this.#layout.object.type);
    if (this.#isNumbered.get(type) !== true) return '';
    // Its own field follows those of a weak reference.
    const base = readPointer(memory, type + this.#layout.type.base);
    const value = readPointer(memory, reference + readPointer(memory, base + this.#layout.type.basicSize));
    const number = readInt(memory, this.#layout, value);
    return number === undefined ? '' : `Greenlet-${number}`;
  }
}

import { isPointer, readPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { Value } from '../../model/value.js';
import type { Layout } from '../layout.js';
import { dictValue } from '../objects/dicts.js';
import { slotsOf } from '../objects/slots.js';
import { isEnumClass, readEnumMember } from './enums.js';
import { readObject } from './objects.js';
import { plain, unreadable } from './plain.js';
import { readType, type TypeInfo } from './types.js';
import { recursive, valueReadersOf } from './value-readers.js';
import type { ValueLimits, ValueReader, ValueSource } from './value-source.js';

/** Classes between an object's and the built-in one that says how it is read. */
const mostBases = 64;

/** Stands for what was not read because enough was. */
const notRead: Value = plain('', '…');

interface Known {
  readonly type: TypeInfo;
  /** The nearest type for which there is a reader, and that reader. */
  readonly builtIn: TypeInfo;
  readonly read: ValueReader;
  readonly isEnum: boolean;
}

/** What is found out about types, by their addresses. */
interface Learned {
  readonly types: Map<number, TypeInfo>;
  readonly known: Map<number, Known>;
  readonly slots: Map<number, { name: string; offset: number }[]>;
  /** By the address and the attribute's name. */
  readonly classAttributes: Map<string, number>;
}

/**
 * Reads values of one target; what it learns of types it keeps. Reads that fail or are refused give an unreadable
 * value.
 */
export class ValueRead implements ValueSource {
  readonly memory: TargetMemory;
  readonly layout: Layout;
  readonly limits: ValueLimits;
  readonly #learned: Learned;
  /** Objects within which the one being read lies. */
  readonly #open: number[] = [];
  #charactersLeft = 0;

  /** `like`: another of the same target, whose knowledge of types is shared. */
  constructor(memory: TargetMemory, layout: Layout, limits: ValueLimits, like?: ValueRead) {
    this.memory = memory;
    this.layout = layout;
    this.limits = limits;
    this.#learned = like
      ? like.#learned
      : { types: new Map(), known: new Map(), slots: new Map(), classAttributes: new Map() };
  }

  get room(): number {
    return this.#open.length > this.limits.depth || this.#charactersLeft <= 0 ? 0 : this.limits.items;
  }

  value(address: number): Value {
    if (this.#open.length === 0) this.#charactersLeft = this.limits.characters;
    if (this.#charactersLeft <= 0) return notRead;
    const known = isPointer(address)
      ? this.#knownFor(readPointer(this.memory, address + this.layout.object.type))
      : undefined;
    if (!known) return unreadable;
    if (this.#open.includes(address)) return recursive(known.type, known.builtIn);
    this.#open.push(address);
    try {
      const value = this.#read(address, known) ?? unreadable;
      this.#charactersLeft -= 2 + ('text' in value ? value.text.length : 0);
      return value;
    } finally {
      this.#open.pop();
    }
  }

  spend(characters: number): void {
    this.#charactersLeft -= characters;
  }

  #read(address: number, { type, builtIn, read, isEnum }: Known): Value | undefined {
    if (isEnum) {
      const member = readEnumMember(this, address, type);
      if (member) return member;
    }
    const value = read(this, address, type);
    // A class with its own `__repr__` is shown by name, since that cannot be run.
    if (!value || type === builtIn || type.repr === builtIn.repr || read === readObject) return value;
    if (value.type !== builtIn.name) return value;
    return { kind: 'items', type: type.name, open: `${type.name}(`, close: ')', items: [value], more: 0 };
  }

  typeOf(object: number): TypeInfo | undefined {
    return this.type(readPointer(this.memory, object + this.layout.object.type));
  }

  type(address: number): TypeInfo | undefined {
    const learned = this.#learned.types.get(address);
    if (learned) return learned;
    const type = readType(this.memory, this.layout, address);
    // What could not be read may be readable with another budget, in another copy.
    if (type) this.#learned.types.set(address, type);
    return type;
  }

  slots(type: TypeInfo): readonly { readonly name: string; readonly offset: number }[] {
    const slots = this.#learned.slots.get(type.address) ?? slotsOf(this.memory, this.layout, type.address);
    this.#learned.slots.set(type.address, slots);
    return slots;
  }

  classAttribute(type: TypeInfo, name: string): number {
    const key = `${type.address} ${name}`;
    const known = this.#learned.classAttributes.get(key);
    if (known !== undefined) return known;
    let found = 0;
    let current: TypeInfo | undefined = type;
    for (let bases = 0; current && found === 0 && bases < mostBases; bases++) {
      found = dictValue(this.memory, this.layout, current.entries, name);
      current = this.type(current.base);
    }
    this.#learned.classAttributes.set(key, found);
    return found;
  }

  #knownFor(address: number): Known | undefined {
    const learned = this.#learned.known.get(address);
    if (learned) return learned;
    const type = this.type(address);
    const known = type && this.#find(type);
    if (known) this.#learned.known.set(address, known);
    return known;
  }

  #find(type: TypeInfo): Known {
    const isEnum = isEnumClass(this, type);
    let current: TypeInfo | undefined = type;
    for (let bases = 0; current && bases < mostBases; bases++) {
      const read = valueReadersOf(this.layout).get(current.fullName);
      if (read) return { type, builtIn: current, read, isEnum };
      current = this.type(current.base);
    }
    return { type, builtIn: type, read: readObject, isEnum };
  }
}

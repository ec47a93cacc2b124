import { isPointer, readPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { Value } from '../../model/value.js';
import type { Layout } from '../layout.js';
import { dictValue } from '../objects/dicts.js';
import { isEnumClass, readEnumMember } from './enums.js';
import { readObject } from './objects.js';
import { plain, unreadable } from './plain.js';
import { readType, type TypeInfo } from './types.js';
import { recursive, valueReaders } from './value-readers.js';
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
}

/** Reads values of one target; what it learns of types it keeps. Reads that fail or are refused give an unreadable value. */
export class ValueRead implements ValueSource {
  readonly memory: TargetMemory;
  readonly layout: Layout;
  readonly limits: ValueLimits;
  readonly #types: Map<number, TypeInfo | undefined>;
  readonly #known: Map<number, Known | undefined>;
  readonly #classAttributes: Map<string, number>;
  /** Objects within which the one being read lies. */
  readonly #open: number[] = [];
  #charactersLeft = 0;

  /** `like`: another of the same target, whose knowledge of types is shared. */
  constructor(memory: TargetMemory, layout: Layout, limits: ValueLimits, like?: ValueRead) {
    this.memory = memory;
    this.layout = layout;
    this.limits = limits;
    this.#types = like ? like.#types : new Map();
    this.#known = like ? like.#known : new Map();
    this.#classAttributes = like ? like.#classAttributes : new Map();
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

  #read(address: number, { type, builtIn, read }: Known): Value | undefined {
    if (isEnumClass(this, type)) {
      const member = readEnumMember(this, address, type);
      if (member) return member;
    }
    const value = read(this, address, type);
    // A class with a way of its own to show itself is told by name, since that way cannot be asked.
    if (!value || type === builtIn || type.repr === builtIn.repr || read === readObject) return value;
    if (value.type !== builtIn.name) return value;
    return { kind: 'items', type: type.name, open: `${type.name}(`, close: ')', items: [value], more: 0 };
  }

  typeOf(object: number): TypeInfo | undefined {
    return this.type(readPointer(this.memory, object + this.layout.object.type));
  }

  type(address: number): TypeInfo | undefined {
    if (this.#types.has(address)) return this.#types.get(address);
    const type = readType(this.memory, this.layout, address);
    this.#types.set(address, type);
    return type;
  }

  classAttribute(type: TypeInfo, name: string): number {
    const key = `${type.address} ${name}`;
    const known = this.#classAttributes.get(key);
    if (known !== undefined) return known;
    let found = 0;
    let current: TypeInfo | undefined = type;
    for (let bases = 0; current && found === 0 && bases < mostBases; bases++) {
      found = dictValue(this.memory, this.layout, current.entries, name);
      current = this.type(current.base);
    }
    this.#classAttributes.set(key, found);
    return found;
  }

  #knownFor(address: number): Known | undefined {
    if (this.#known.has(address)) return this.#known.get(address);
    const type = this.type(address);
    const known = type && this.#find(type);
    this.#known.set(address, known);
    return known;
  }

  #find(type: TypeInfo): Known {
    let current: TypeInfo | undefined = type;
    for (let bases = 0; current && bases < mostBases; bases++) {
      const read = valueReaders.get(current.fullName);
      if (read) return { type, builtIn: current, read };
      current = this.type(current.base);
    }
    return { type, builtIn: type, read: readObject };
  }
}

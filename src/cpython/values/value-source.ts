import type { TargetMemory } from '../../memory/target-memory.js';
import type { Value } from '../../model/value.js';
import type { Layout } from '../layout.js';
import type { TypeInfo } from './types.js';

/** How much of a value is read. */
export interface ValueLimits {
  /** Containers within containers; deeper ones are shown by their brackets alone. */
  readonly depth: number;
  /** Items of a container, and attributes of an object. */
  readonly items: number;
  /** Characters of a string. */
  readonly text: number;
  /** Characters of a whole value, about: when they are used up the rest is not read. */
  readonly characters: number;
}

/** What the reader of one kind of object works with. */
export interface ValueSource {
  readonly memory: TargetMemory;
  readonly layout: Layout;
  readonly limits: ValueLimits;
  /** Items that may be read at this depth: 0 below the deepest. */
  readonly room: number;
  /** The object at an address, a level deeper. */
  value(address: number): Value;
  /** Counts characters of what a reader makes by itself, not by asking for a value. */
  spend(characters: number): void;
  typeOf(object: number): TypeInfo | undefined;
  /** The type object at this address. */
  type(address: number): TypeInfo | undefined;
  /** Names of the slots of its objects, and where in an object they are. */
  slots(type: TypeInfo): readonly { readonly name: string; readonly offset: number }[];
  /** Where an attribute of the class, or of one it is derived from, lies; 0 when it has none of that name. */
  classAttribute(type: TypeInfo, name: string): number;
}

/** Reads the object at an address, whose type is `type`; `undefined` when it is not what it claims to be. */
export type ValueReader = (source: ValueSource, object: number, type: TypeInfo) => Value | undefined;

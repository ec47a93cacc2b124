import { cachedMemory } from '../../memory/cached-memory.js';
import { isPointer, readPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import { readInterpreters } from '../interpreters.js';
import type { Layout } from '../layout.js';
import { readCString } from '../objects/c-strings.js';
import { dictEntries, dictValue } from '../objects/dicts.js';
import { type FoundFrame, FrameBudget, readChain } from '../read-frames.js';
import { FrameFormat } from '../stack/frame-format.js';
import { isTrackedAt, walkTracked } from '../tracked-objects.js';
import { readType } from '../values/types.js';
import {
  endless,
  findGreenletFields,
  type GreenletFields,
  type GreenletStruct,
  wordsOf,
} from './greenlet-fields.js';

/**
 * `suspended` in its frames; `active`: it began, is not done and has no frames, so it runs, or waits in C code that no
 * Python called; `new`: it has not begun.
 */
export type GreenletState = 'suspended' | 'active' | 'new';

/** A greenlet that is not done. */
export interface ReadGreenlet {
  readonly address: number;
  /** Address of its class. */
  readonly type: number;
  readonly state: GreenletState;
  /** It is the one that a thread began with. */
  readonly isMain: boolean;
  /** Addresses of the greenlet that goes on when it is done, and of the main one of its thread; 0: not known. */
  readonly parent: number;
  readonly main: number;
  /** An address of the C stack of its thread; 0: not known. */
  readonly stack: number;
  /** Part of its C stack was moved to the heap, so it does not run. */
  readonly isMoved: boolean;
  /** Innermost first. */
  readonly frames: readonly FoundFrame[];
  readonly truncated: boolean;
}

/** Bytes in which something is said of a greenlet. */
export interface GreenletPart {
  readonly address: number;
  readonly length: number;
}

export interface GreenletLimits {
  /** Objects looked at. */
  readonly mostObjects: number;
  /** Whether that took long enough, when so many were found. */
  readonly isLate: (found: number) => boolean;
}

export interface GreenletReading {
  readonly greenlets: readonly ReadGreenlet[];
  /** Greenlets that began, are not done, and could not be read. */
  readonly unread: ReadonlySet<number>;
  /** The copy in which they were found, for reading on in it. */
  readonly memory: TargetMemory;
}

export interface GreenletSource {
  readonly memory: TargetMemory;
  readonly layout: Layout;
  /** Address of the runtime. */
  readonly runtime: number;
  /** Modules that make greenlets wherever they are imported. */
  readonly users: readonly string[];
}

/** Before, the lists of objects look different. */
const firstRead = 8;
const mostModules = 50_000;
const mostGlobals = 2000;
const mostBases = 32;
/** Bytes of the struct behind `pimpl` that are looked at; all versions have what is wanted in the first 300. */
const structSizes: readonly number[] = [400, 256];
/** PyGreenlet from 2.0 on, Include of greenlet: after the header weak references, dict, `pimpl`. */
const pimplAfter = 16;
const outerAfter = 24;
/** More than any program has; each takes some kilobytes while it is read. */
const mostGreenlets = 100_000;
/** Frames of all greenlets at one reading. */
const mostFrames = 2_000_000;

/** The greenlets of a process, wherever they are. */
export class GreenletReader {
  readonly #source: GreenletSource;
  /** Address of the class `greenlet`; 0: it is not imported. */
  readonly #base: number;
  /** Something that makes greenlets is imported. Others import `greenlet` in case that it will be needed. */
  readonly isUsed: boolean;
  /** The struct is the object itself: greenlet 1.x. */
  readonly #isWhole: boolean;
  readonly #baseSize: number;
  readonly #pimpl: number;
  readonly #outerSize: number;
  readonly #frameBytes: number;
  readonly #isGreenlet = new Map<number, boolean>();
  readonly #isFrame = new Map<number, boolean>();
  #fields: GreenletFields | undefined;

  constructor(source: GreenletSource) {
    this.#source = source;
    this.#frameBytes = new FrameFormat(source.layout).bytes;
    const { base, isUsed } = findClass(source);
    this.#base = base;
    this.isUsed = isUsed;
    this.#baseSize =
      this.#base === 0 ? 0 : readPointer(source.memory, this.#base + source.layout.type.basicSize);
    this.#pimpl = source.layout.object.size + pimplAfter;
    this.#outerSize = source.layout.object.size + outerAfter;
    this.#isWhole = this.#baseSize > this.#outerSize;
  }

  /** It is known where their fields lie. */
  get isReady(): boolean {
    return this.#fields !== undefined && this.#fields.frame >= 0;
  }

  get isThere(): boolean {
    return this.#base !== 0;
  }

  /** Addresses of all greenlets, done ones among them; `others` is called with all other objects and their types. */
  find(
    { mostObjects, isLate }: GreenletLimits,
    others: (object: number, type: number) => void,
  ): { readonly addresses: readonly number[]; readonly isComplete: boolean } {
    const found = new Set<number>();
    const limits = { mostObjects, isLate: () => isLate(found.size) };
    const isComplete = walkTracked(this.#source, limits, (object, type) => {
      if (!this.isGreenletType(type)) others(object, type);
      else if (found.size < mostGreenlets) found.add(object);
    });
    return { addresses: [...found], isComplete: isComplete && found.size < mostGreenlets };
  }

  /** What those at these addresses are now. Two readings that are alike are of something that was there. */
  read(addresses: readonly number[]): GreenletReading {
    const memory = cachedMemory(this.#source.memory);
    const structs: GreenletStruct[] = [];
    const unread = new Set<number>();
    for (const address of addresses) {
      const words = this.#isGreenletAt(memory, address) ? this.#words(memory, address) : undefined;
      if (words) structs.push({ address, words });
    }
    // As long as none has a frame, it is not known where that would be.
    if (!this.#fields || this.#fields.frame < 0)
      this.#fields =
        findGreenletFields(structs, {
          isFrame: (address) => this.#isFrameAt(memory, address),
          isGreenlet: (address) => this.#isGreenletAt(memory, address),
        }) ?? this.#fields;
    // None of them began, or it is a version of greenlet that is not like those that are known.
    if (!this.#fields)
      return { greenlets: [], unread: new Set(structs.map(({ address }) => address)), memory };
    const budget = new FrameBudget(mostFrames);
    const greenlets: ReadGreenlet[] = [];
    for (const struct of structs) {
      const read = this.#greenlet(memory, struct, this.#fields, budget);
      if (read === 'unread') unread.add(struct.address);
      else if (read) greenlets.push(read);
    }
    return { greenlets, unread, memory };
  }

  /**
   * Where it says what it is, of one that is suspended: as long as these parts have the same bytes, it is what it was.
   */
  partsOf({ address, frames }: ReadGreenlet, memory: TargetMemory): readonly GreenletPart[] {
    const { object, minor } = this.#source.layout;
    const { stop, frame } = this.#fields!;
    const struct = this.#isWhole ? address : readPointer(memory, address + this.#pimpl);
    const frameObject = readPointer(memory, struct + 8 * frame);
    // The number of references changes while it is suspended.
    const from = object.type;
    const parts: GreenletPart[] = [
      { address: address + from, length: this.#isWhole ? 8 : this.#outerSize - from },
      { address: struct + 8 * (stop - 1), length: 16 },
      { address: struct + 8 * frame, length: 8 },
      { address: frameObject + from, length: object.size + 16 - from },
    ];
    const skipped = minor >= 11 ? 0 : from;
    const length = this.#frameBytes - skipped;
    return parts.concat(frames.map((one) => ({ address: one.address + skipped, length })));
  }

  /** Whether one that began is not done. */
  isBegun(address: number): boolean {
    const { memory } = this.#source;
    if (!this.#fields || !this.#isGreenletAt(memory, address)) return false;
    const struct = this.#isWhole ? address : readPointer(memory, address + this.#pimpl);
    return isPointer(struct) && isPointer(readPointer(memory, struct + 8 * (this.#fields.stop - 1)));
  }

  #greenlet(
    memory: TargetMemory,
    { address, words }: GreenletStruct,
    { stop, frame, main, parent }: GreenletFields,
    budget: FrameBudget,
  ): ReadGreenlet | 'unread' | undefined {
    const start = words[stop - 1]!;
    const end = words[stop]!;
    const isMain = end === endless;
    if (start === 0 && end !== 0) return undefined;
    const greenletAt = (at: number) =>
      at >= 0 && this.#isGreenletAt(memory, words[at] ?? 0) ? words[at]! : 0;
    const object = frame < 0 ? 0 : words[frame]!;
    const state = start === 0 ? 'new' : object === 0 ? 'active' : 'suspended';
    const isTracked = isTrackedAt(this.#source.memory, this.#source.layout, address);
    if (isTracked !== true) return isTracked === false ? undefined : 'unread';
    const found = state === 'suspended' ? this.#frames(memory, object, budget) : none;
    // A frame on the C stack is not where it was any more, unless nothing else was there since.
    if (!found || found.frames.some((one) => one.address >= start && one.address < end && !isMain))
      return 'unread';
    return {
      ...{ address, state, isMain, parent: greenletAt(parent), main: isMain ? address : greenletAt(main) },
      type: readPointer(memory, address + this.#source.layout.object.type),
      stack: isMain ? (isPointer(start) ? start : 0) : end,
      isMoved: words[stop + 2]! > 0,
      ...found,
    };
  }

  #frames(memory: TargetMemory, object: number, budget: FrameBudget): Frames | undefined {
    const { layout } = this.#source;
    if (!this.#isFrameAt(memory, object)) return undefined;
    let first = object;
    if (layout.minor >= 11) {
      // PyFrameObject: f_back, f_frame; the frame has the address of its object in turn.
      first = readPointer(memory, object + layout.object.size + 8);
      const bytes = isPointer(first) ? memory.read(first, layout.frame.size & ~7) : undefined;
      if (!bytes || !wordsOf(bytes).includes(object)) return undefined;
    }
    const { frames, truncated, stable } = readChain(memory, layout, first, budget);
    return stable && frames.length > 0 ? { frames, truncated } : undefined;
  }

  #words(memory: TargetMemory, address: number): readonly number[] | undefined {
    if (this.#isWhole) {
      const bytes = memory.read(address, this.#baseSize);
      return bytes && wordsOf(bytes);
    }
    const struct = readPointer(memory, address + this.#pimpl);
    for (const size of structSizes) {
      const bytes = isPointer(struct) ? memory.read(struct, size) : undefined;
      const words = bytes && wordsOf(bytes);
      // One of them is the object to which it belongs.
      if (words) return words.includes(address) ? words : undefined;
    }
    return undefined;
  }

  #isGreenletAt(memory: TargetMemory, address: number): boolean {
    if (!isPointer(address)) return false;
    return this.isGreenletType(readPointer(memory, address + this.#source.layout.object.type));
  }

  isGreenletType(type: number): boolean {
    let known = this.#isGreenlet.get(type);
    if (known === undefined) {
      known = this.#hasBase(type);
      this.#isGreenlet.set(type, known);
    }
    return known;
  }

  #hasBase(type: number): boolean {
    const { memory, layout } = this.#source;
    let current = type;
    for (let bases = 0; isPointer(current) && bases < mostBases; bases++) {
      if (current === this.#base) return true;
      current = readPointer(memory, current + layout.type.base);
    }
    return false;
  }

  #isFrameAt(memory: TargetMemory, address: number): boolean {
    const { layout } = this.#source;
    const type = isPointer(address) ? readPointer(memory, address + layout.object.type) : 0;
    if (!isPointer(type)) return false;
    let known = this.#isFrame.get(type);
    if (known === undefined) {
      known = readCString(memory, readPointer(memory, type + layout.type.name)) === 'frame';
      this.#isFrame.set(type, known);
    }
    return known;
  }

  /** Full name of a class, and of those that it is derived from, as far as `greenlet`. */
  classNames(type: number): readonly string[] {
    const { memory, layout } = this.#source;
    const names: string[] = [];
    let current = type;
    while (isPointer(current) && current !== this.#base && names.length < mostBases) {
      const info = readType(memory, layout, current);
      if (!info) break;
      names.push(info.fullName);
      current = info.base;
    }
    return current === this.#base ? [...names, 'greenlet.greenlet'] : names;
  }
}

type Frames = Pick<ReadGreenlet, 'frames' | 'truncated'>;
const none: Frames = { frames: [], truncated: false };

function findClass({ memory, layout, runtime, users }: GreenletSource): { base: number; isUsed: boolean } {
  if (layout.minor < firstRead) return { base: 0, isUsed: false };
  for (const { address } of readInterpreters(memory, layout, runtime).reverse()) {
    const modules = dictEntries(
      memory,
      layout,
      readPointer(memory, address + layout.interpreter.modules),
      mostModules,
    );
    const module = dictValue(memory, layout, modules, 'greenlet');
    if (module === 0) continue;
    // PyModuleObject: md_dict follows the object header.
    const globals = readPointer(memory, module + layout.object.size);
    const base = dictValue(memory, layout, dictEntries(memory, layout, globals, mostGlobals), 'greenlet');
    if (base !== 0)
      return { base, isUsed: users.some((name) => dictValue(memory, layout, modules, name) !== 0) };
  }
  return { base: 0, isUsed: false };
}

/** Whether two readings show the same. */
export function isSameGreenlet(a: ReadGreenlet, b: ReadGreenlet): boolean {
  return (
    a.type === b.type &&
    a.state === b.state &&
    a.parent === b.parent &&
    a.main === b.main &&
    a.stack === b.stack &&
    a.isMoved === b.isMoved &&
    a.truncated === b.truncated &&
    a.frames.length === b.frames.length &&
    a.frames.every((frame, at) => {
      const other = b.frames[at]!;
      return (
        frame.address === other.address &&
        frame.code === other.code &&
        frame.instruction === other.instruction
      );
    })
  );
}

import { KeptParts } from '../../memory/kept-parts.js';
import { KeptWords } from '../../memory/kept-words.js';
import { PageCopies } from '../../memory/page-copies.js';
import { isPointer, readPointer } from '../../memory/pointers.js';
import { againByFewer, eachInSteps, type Steps } from '../../memory/steps.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import { HeapObjects } from '../collector-heaps.js';
import { NewestObjects } from '../collector-newest.js';
import { readInterpreters } from '../interpreters.js';
import { isTrackedIn, trackedPart } from '../tracked-objects.js';
import {
  type GreenletPart,
  GreenletReader,
  type GreenletSource,
  type ReadGreenlet,
} from './greenlet-reader.js';

/** Objects of each ring that are passed at a look, when what is new is looked for, and when all are. */
const [mostNew, mostObjects] = [10_000, 10_000_000];
/** The same at the first look, for which the first sample waits: a tenth of a second. */
const mostAtFirst = 100_000;
/**
 * All objects are passed again after so many microseconds at least, and so many times as long as it took, 2 % of a
 * processor: what came while the collector was at work is not found otherwise.
 */
const [allEvery, restPerWalk] = [5_000_000, 50];
/** The same when what is new could not be told from the rest. */
const allAgainEvery = 500_000;
/** Greenlets that are read together: all of them, and those that changed meanwhile. */
const readTogether = [32, 4, 1];
const comparedTogether = 64;
/** Looks after which pages on which nothing lies any more are forgotten. */
const arrangeEvery = 32;
/** Looks after which it is looked whether there are other interpreters. */
const interpretersEvery = 16;
/** Words that are not worth to be let go: 256 KiB. */
const fewWords = 1 << 16;

interface Known {
  readonly greenlet: ReadGreenlet;
  readonly parts: KeptParts;
}

/** What else must stay as it is, for a greenlet to be called so. */
export type NamedBy = readonly [greenlet: ReadGreenlet, part: GreenletPart];

/** Greenlets that are named: what is read of memory in between counts only for those that stay as they are. */
export type NameGreenlets = (
  greenlets: readonly ReadGreenlet[],
  memory: TargetMemory,
  reader: GreenletReader,
) => readonly NamedBy[];

export interface GreenletLook {
  /** Those that are suspended, and were the same before and after they were named. One is the same object as long. */
  readonly suspended: readonly ReadGreenlet[];
  readonly unread: number;
  /** Any were found that are not done. */
  readonly areThere: boolean;
}

export interface GreenletLookOptions {
  readonly name: NameGreenlets;
  /** Called when those that are known were copied. */
  readonly onCopied: () => void;
  /** Microseconds. */
  readonly clock: () => number;
  /** Microseconds of CPU time that this thread has used. */
  readonly cpu: () => number;
}

/**
 * The suspended greenlets of a process, at one look after the other. What was read is kept with its bytes: one scatter
 * read tells which are as they were, and only the others are followed. None without a library that makes them.
 */
export class KnownGreenlets {
  readonly #source: GreenletSource;
  readonly #newest: Pick<NewestObjects, 'walk'>;
  #reader: GreenletReader | undefined;
  /** How many modules were imported when it was looked for the class last. */
  #modules = -1;
  /** Of each interpreter the dict of its modules. */
  #modulesAt: readonly number[] = [];
  #looks = 0;
  readonly #addresses = new Set<number>();
  readonly #known = new Map<number, Known>();
  /** Those that seemed to be no more at the last look: while the collector works, it has no links of them either. */
  readonly #missing = new Set<number>();
  readonly #copies = new PageCopies();
  readonly #again = new PageCopies();
  #kept = new KeptWords();
  #mostWords = fewWords;
  #arrangedFor = 0;
  #allAt = 0;

  constructor(source: GreenletSource) {
    this.#source = source;
    this.#newest = source.layout.freeThreading ? new HeapObjects(source) : new NewestObjects(source);
  }

  /** `undefined`: nothing is imported that makes greenlets. */
  *look(options: GreenletLookOptions): Steps<GreenletLook | undefined> {
    const reader = this.#readerNow();
    if (!reader) return undefined;
    yield* this.#find(reader, options);
    // Where their fields lie follows from all of them.
    if (!reader.isReady) reader.read([...this.#addresses]);
    yield* this.#arrange();
    yield* this.#copies.readingAll(this.#source.memory);
    options.onCopied();
    const changed: number[] = [];
    yield* eachInSteps(this.#addresses, comparedTogether, (address) => {
      if (!this.#isAsBefore(address)) changed.push(address);
    });
    const read = (some: readonly number[]) => this.#read(reader, some, options.name);
    const left = yield* againByFewer(changed, readTogether, read);
    const suspended = [...this.#known.values()].map(({ greenlet }) => greenlet);
    return { suspended, unread: left.length, areThere: this.#addresses.size > 0 };
  }

  /** Whether one that was found at some look is there still, as far as the last one showed. */
  has(address: number): boolean {
    return this.#addresses.has(address) && !this.#missing.has(address);
  }

  /** Whether it is there now, has begun, and is not done. */
  isBegun(address: number): boolean {
    return this.has(address) && (this.#reader?.isBegun(address) ?? false);
  }

  #readerNow(): GreenletReader | undefined {
    if (this.#reader) return this.#reader;
    const modules = this.#countModules();
    if (modules === this.#modules) return undefined;
    this.#modules = modules;
    const reader = new GreenletReader(this.#source);
    if (reader.isThere && reader.isUsed) this.#reader = reader;
    return this.#reader;
  }

  #countModules(): number {
    const { memory, layout, runtime } = this.#source;
    if (this.#looks++ % interpretersEvery === 0)
      this.#modulesAt = readInterpreters(memory, layout, runtime)
        .map(({ address }) => readPointer(memory, address + layout.interpreter.modules))
        .filter(isPointer);
    return this.#modulesAt.reduce((sum, modules) => sum + readPointer(memory, modules + layout.dict.used), 0);
  }

  *#find(reader: GreenletReader, { clock, cpu }: GreenletLookOptions): Steps<void> {
    const isDue = clock() >= this.#allAt;
    const visit = (object: number, type: number) => {
      if (reader.isGreenletType(type)) this.#addresses.add(object);
    };
    let used = 0;
    const most = !isDue ? mostNew : this.#allAt === 0 ? mostAtFirst : mostObjects;
    const isFirst = most === mostAtFirst;
    const walk = this.#newest.walk(isDue ? 'all' : 'last', most, visit);
    for (;;) {
      const began = cpu();
      const { done, value } = walk.next();
      used += cpu() - began;
      if (done) {
        const pause = value.isComplete ? allEvery : allAgainEvery;
        if (isFirst && !value.isComplete) this.#allAt = clock();
        else if (isDue) this.#allAt = clock() + Math.max(pause, used * restPerWalk);
        else if (!value.isComplete) this.#allAt = Math.min(this.#allAt, clock() + pause);
        return;
      }
      yield;
    }
  }

  #isAsBefore(address: number): boolean {
    const known = this.#known.get(address);
    if (!known) return false;
    const { layout } = this.#source;
    const part = trackedPart(layout, address);
    const at = this.#copies.at(part.address, part.length) >> 2;
    // What the collector has no more is gone, though its bytes may be there.
    return at >= 0 && isTrackedIn(layout, this.#copies.words, at) && known.parts.isIn(this.#copies);
  }

  /** Returns those that changed meanwhile. */
  #read(reader: GreenletReader, addresses: readonly number[], name: NameGreenlets): number[] {
    const reading = reader.read(addresses);
    const found = new Set<number>(reading.unread);
    const suspended: Known[] = [];
    for (const greenlet of reading.greenlets) {
      found.add(greenlet.address);
      if (greenlet.state === 'suspended') suspended.push(this.#keep(reader, greenlet, reading.memory));
    }
    for (const address of addresses) {
      this.#known.delete(address);
      if (found.has(address)) this.#missing.delete(address);
      else if (!this.#missing.delete(address)) this.#missing.add(address);
      else this.#addresses.delete(address);
    }
    const more = name(
      suspended.map(({ greenlet }) => greenlet),
      reading.memory,
      reader,
    );
    const partsOf = new Map(suspended.map(({ greenlet, parts }) => [greenlet, parts]));
    for (const [greenlet, part] of more) keepPart(partsOf.get(greenlet)!, part, reading.memory);
    const again = this.#again;
    again.clear();
    for (const { parts } of suspended) parts.wantIn(again);
    again.readAll(this.#source.memory);
    const failed = [...reading.unread];
    for (const one of suspended) {
      if (!one.parts.isIn(again)) failed.push(one.greenlet.address);
      else {
        this.#known.set(one.greenlet.address, one);
        this.#want(one);
      }
    }
    return failed;
  }

  #keep(reader: GreenletReader, greenlet: ReadGreenlet, memory: TargetMemory): Known {
    const parts = new KeptParts(this.#kept);
    for (const part of reader.partsOf(greenlet, memory)) keepPart(parts, part, memory);
    return { greenlet, parts };
  }

  #want({ greenlet, parts }: Known): void {
    const { address, length } = trackedPart(this.#source.layout, greenlet.address);
    this.#copies.want(address, length);
    parts.wantIn(this.#copies);
  }

  *#arrange(): Steps<void> {
    if (--this.#arrangedFor > 0) return;
    this.#arrangedFor = arrangeEvery;
    this.#copies.clear();
    for (const [address] of this.#known) if (!this.#addresses.has(address)) this.#known.delete(address);
    yield* eachInSteps(this.#known.values(), comparedTogether, (one) => this.#want(one));
    if (this.#kept.used <= this.#mostWords) return;
    this.#kept = new KeptWords();
    yield* eachInSteps(this.#known.values(), comparedTogether, ({ parts }) => parts.moveTo(this.#kept));
    this.#mostWords = 2 * this.#kept.used + fewWords;
  }
}

function keepPart(parts: KeptParts, { address, length }: GreenletPart, memory: TargetMemory): void {
  const words = new Uint32Array(length >> 2);
  const bytes = memory.read(address, length);
  if (bytes) new Uint8Array(words.buffer).set(bytes);
  // Of what cannot be read nothing is in a copy.
  const from = bytes ? address : 0;
  parts.keep(from, from + length, words, 0);
}

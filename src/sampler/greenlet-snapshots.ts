import { callInProgress } from '../cpython/calls/call-in-progress.js';
import { type CodeCalls, readCodeCalls } from '../cpython/calls/code-calls.js';
import {
  GreenletReader,
  type GreenletReading,
  isSameGreenlet,
  type ReadGreenlet,
} from '../cpython/greenlets/greenlet-reader.js';
import type { RuntimeLocation } from '../cpython/locate/locate.js';
import { FrameBudget, readFrames } from '../cpython/read-frames.js';
import { GreenletNames, greenletLibraries } from '../frameworks/greenlet-names.js';
import { type CalledFrame, GreenletWaits, isGreenletHub } from '../frameworks/greenlet-waits.js';
import { cachedMemory } from '../memory/cached-memory.js';
import { ReadBudget, withReadBudget } from '../memory/read-budget.js';
import type { TargetMemory } from '../memory/target-memory.js';
import type { FrameSnapshot, GreenletSnapshot, GreenletsSnapshot } from '../model/snapshot.js';
import type { Target } from '../platform/target.js';
import type { ShownFrames } from './shown-frames.js';
import type { ThreadFrames } from './task-snapshots.js';

/** Looks at a greenlet that was not the same before and after its frames were named. */
const mostLooks = 4;
/** Objects looked at to find them: a million takes a second. */
const mostObjects = 10_000_000;
/** Microseconds of a processor for that: how busy the machine is makes no difference. */
const mostTime = 5_000_000;
/**
 * The same until the first one is found, where nothing is imported that is known to make them: `greenlet` comes along
 * with SQLAlchemy, for those few of its users who need it.
 */
const mostTimeInVain = 300_000;
/** Regions read for the names and waits of all of them. */
const mostReads = 4_000_000;

/** The greenlets of a process, for a dump. */
export class GreenletSnapshots {
  readonly #target: Target;
  readonly #location: RuntimeLocation;
  readonly #shown: ShownFrames;
  readonly #calls = new Map<number, CodeCalls | undefined>();
  readonly #budget = new ReadBudget(mostReads);
  /** By the main greenlet. */
  readonly #threads = new Map<number, ThreadFrames>();
  readonly #mains = new Map<number, number>();

  constructor(target: Target, location: RuntimeLocation, shown: ShownFrames) {
    this.#target = target;
    this.#location = location;
    this.#shown = shown;
  }

  /** `undefined` without greenlets, or where there are none but those in which threads began. */
  read(threads: readonly ThreadFrames[]): GreenletsSnapshot | undefined {
    const { memory } = this.#target;
    const { layout, runtime } = this.#location;
    const reader = new GreenletReader({ memory, layout, runtime, users: greenletLibraries });
    if (!reader.isThere) return undefined;
    const names = new GreenletNames(memory, layout, (type) => reader.classNames(type));
    const began = processorTime();
    const isLate = (found: number) =>
      processorTime() - began > (found > 0 || reader.isUsed ? mostTime : mostTimeInVain);
    const { addresses, isComplete } = reader.find({ mostObjects, isLate }, (object, type) =>
      names.consider(object, type),
    );
    if (addresses.length === 0 && !reader.isUsed) return undefined;
    const done = new Map<number, GreenletSnapshot | undefined>();
    const changed = this.#all(addresses, done, { reader, names, threads });
    const unread = changed.filter((address) => !this.#single(address, done, { reader, names })).length;
    const greenlets = [...done.values()].filter((one) => one !== undefined);
    if (greenlets.every(({ kind }) => kind === 'main') && unread === 0 && isComplete) return undefined;
    return { greenlets: greenlets.sort(byName), unread, isComplete };
  }

  /** All at once, which is enough for those that wait for long. Addresses of the others. */
  #all(addresses: readonly number[], done: Done, { reader, names, threads }: MadeOf & Threads): number[] {
    const before = reader.read(addresses);
    const mains = mainsOf(before.greenlets);
    const running = this.#running(before.greenlets, mains, threads);
    for (const [main, thread] of running.threads) this.#threads.set(main, thread);
    for (const [address, main] of mains) this.#mains.set(address, main);
    const made = this.#make(before, { reader, names }, running.greenlets);
    const after = reader.read(addresses);
    return this.#keep(before, made, after, done);
  }

  /** One that changed, read by itself until it does not. False when it changed each time. */
  #single(address: number, done: Done, { reader, names }: MadeOf): boolean {
    for (let look = 0; look < mostLooks; look++) {
      const before = reader.read([address]);
      const made = this.#make(before, { reader, names }, new Map());
      if (this.#keep(before, made, reader.read([address]), done).length === 0) return true;
    }
    return false;
  }

  /** What was the same before and after had the same code and variables in between. Addresses of the others. */
  #keep(before: GreenletReading, made: Done, after: GreenletReading, done: Done): number[] {
    const held = new Map(after.greenlets.map((greenlet) => [greenlet.address, greenlet]));
    for (const greenlet of before.greenlets) {
      const still = held.get(greenlet.address);
      if (still && isSameGreenlet(greenlet, still) && made.has(greenlet.address))
        done.set(greenlet.address, made.get(greenlet.address));
    }
    return [...held.keys(), ...after.unread].filter((address) => !done.has(address));
  }

  /**
   * By address; `undefined` for a main greenlet that runs, which is the thread itself. Without those that cannot be
   * shown.
   */
  #make(
    { greenlets, memory: copy }: GreenletReading,
    { reader, names }: MadeOf,
    running: ReadonlyMap<number, readonly FrameSnapshot[]>,
  ): Done {
    const { codes } = this.#shown;
    // Code that was known from before may be gone, and another there.
    const sites = greenlets.flatMap(({ frames }) => frames);
    if (!codes.lastedSince(Number.POSITIVE_INFINITY, sites)) {
      this.#shown.forgetVariables();
      this.#calls.clear();
    }
    const memory = withReadBudget(copy, this.#budget);
    const waits = new GreenletWaits(memory, this.#location.layout);
    const made: Done = new Map();
    for (const greenlet of greenlets) {
      const { address, isMain, state } = greenlet;
      const ofThread = running.get(address);
      if (isMain && state !== 'suspended') {
        made.set(address, undefined);
        continue;
      }
      // One of several that may run.
      if (state === 'active' && !ofThread && !greenlet.isMoved) continue;
      const stack = ofThread ? { frames: ofThread, called: [] } : this.#stack(greenlet, memory);
      if (!stack) continue;
      const classes = reader.classNames(greenlet.type);
      const name = names.of(address, greenlet.type, memory);
      const wait = state === 'suspended' ? waits.of(stack.called) : undefined;
      made.set(address, {
        ...this.#facts(greenlet, classes, ofThread !== undefined, stack.called.at(-1)?.place ?? ''),
        ...{ name, waitKind: wait?.kind ?? '', waitingFor: wait?.text ?? '', frames: stack.frames },
      });
    }
    return made;
  }

  #facts(
    { address, isMain, state, parent, main, truncated }: ReadGreenlet,
    classes: readonly string[],
    runs: boolean,
    outermost: string,
  ) {
    const isHub = isGreenletHub(classes, outermost);
    const thread = this.#threads.get(main || (this.#mains.get(address) ?? this.#mains.get(parent) ?? 0));
    return {
      id: address,
      type: classes[0] ?? '',
      kind: isMain ? ('main' as const) : isHub ? ('hub' as const) : ('greenlet' as const),
      state: runs ? ('running' as const) : state === 'new' ? ('new' as const) : ('waiting' as const),
      ...{ parent, truncated, threadId: thread?.threadId ?? 0 },
    };
  }

  /** `undefined` when a frame is no frame after all. */
  #stack(
    { frames: found }: ReadGreenlet,
    memory: TargetMemory,
  ): { readonly frames: FrameSnapshot[]; readonly called: CalledFrame[] } | undefined {
    this.#shown.readValuesIn(memory);
    const frames: FrameSnapshot[] = [];
    const called: CalledFrame[] = [];
    for (const frame of found) {
      const code = this.#shown.codes.at(frame.code);
      if (!code) return undefined;
      const name = this.#called(frame, memory);
      if (name !== undefined) frames.push(cFrame(name));
      const shown = this.#shown.of(frame);
      if (shown) {
        frames.push(this.#shown.withVariables(shown, frame, frames.length));
        called.push({
          ...{ frame, place: `${shown.shortFile}:${shown.name}`, called: name ?? '' },
          callableAt: this.#calls.get(frame.code)?.at(frame.instruction >>> 0)?.offset ?? 0,
        });
      }
    }
    return { frames, called };
  }

  #called(
    { address, code, instruction }: ReadGreenlet['frames'][number],
    memory: TargetMemory,
  ): string | undefined {
    const { layout } = this.#location;
    if (!this.#calls.has(code)) this.#calls.set(code, readCodeCalls(this.#target.memory, layout, code));
    const calls = this.#calls.get(code);
    // It stands in the call in which it was left.
    const name =
      calls && callInProgress(memory, layout, calls, { frame: address, instruction, blocked: true });
    // Of a bound method that may be one of Python.
    return name?.startsWith('builtins.method.') ? undefined : name;
  }

  /**
   * Of each thread the greenlet that runs in it, with the frames of the thread as far as these are of that greenlet
   * still. By the main greenlets, the threads.
   */
  #running(
    greenlets: readonly ReadGreenlet[],
    mains: ReadonlyMap<number, number>,
    threads: readonly ThreadFrames[],
  ): {
    readonly threads: ReadonlyMap<number, ThreadFrames>;
    readonly greenlets: ReadonlyMap<number, readonly FrameSnapshot[]>;
  } {
    const byMain = new Map<number, ThreadFrames>();
    const active = new Map<number, ReadGreenlet[]>();
    for (const greenlet of greenlets) {
      const main = mains.get(greenlet.address) ?? 0;
      const thread =
        main !== 0 && !byMain.has(main)
          ? threadOf(greenlet.stack, threads, this.#target.facts.pid)
          : undefined;
      if (thread) byMain.set(main, thread);
      if (greenlet.state !== 'active' || greenlet.isMoved || main === 0) continue;
      const others = active.get(main);
      if (others) others.push(greenlet);
      else active.set(main, [greenlet]);
    }
    const running = new Map<number, readonly FrameSnapshot[]>();
    for (const [main, [only, ...others]] of active) {
      const thread = byMain.get(main);
      if (others.length > 0 || !only || !thread) continue;
      running.set(only.address, this.#isStill(thread) ? thread.frames : []);
    }
    return { threads: byMain, greenlets: running };
  }

  /** Whether the outermost frame of a thread is what it was: each greenlet has one of its own. */
  #isStill({ address, found }: ThreadFrames): boolean {
    const memory = cachedMemory(this.#target.memory);
    const now = readFrames(memory, this.#location.layout, address, new FrameBudget(framesToCheck));
    const outermost = now.frames.at(-1);
    const before = found.at(-1);
    return outermost?.address === before?.address && outermost?.code === before?.code;
  }
}

/** Microseconds. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

interface MadeOf {
  readonly reader: GreenletReader;
  readonly names: GreenletNames;
}

interface Threads {
  readonly threads: readonly ThreadFrames[];
}

type Done = Map<number, GreenletSnapshot | undefined>;

const framesToCheck = 200_000;
const mostParents = 1000;

/** The main greenlet of each: its own field has it once it began; before, and in greenlet 1.x, its parents do. */
function mainsOf(greenlets: readonly ReadGreenlet[]): Map<number, number> {
  const byAddress = new Map(greenlets.map((greenlet) => [greenlet.address, greenlet]));
  const mains = new Map<number, number>();
  for (const greenlet of greenlets) {
    let current: ReadGreenlet | undefined = greenlet;
    for (let parents = 0; current && current.main === 0 && parents < mostParents; parents++)
      current = byAddress.get(current.parent);
    if (current && current.main !== 0) mains.set(greenlet.address, current.main);
  }
  return mains;
}

/**
 * The thread on whose C stack an address lies. What `pthread_self()` returns lies at the end of a thread's stack,
 * except for the main thread, whose stack lies above all others.
 */
function threadOf(stack: number, threads: readonly ThreadFrames[], pid: number): ThreadFrames | undefined {
  if (stack === 0) return undefined;
  let found: ThreadFrames | undefined;
  for (const thread of threads)
    if (thread.ident > stack && !(found && found.ident < thread.ident)) found = thread;
  return found ?? threads.find(({ threadId }) => threadId === pid);
}

function cFrame(qualifiedName: string): FrameSnapshot {
  const name = qualifiedName.slice(qualifiedName.lastIndexOf('.') + 1);
  return { kind: 'c', name, qualifiedName, file: '', shortFile: '', line: 0, firstLine: 0 };
}

const ranks = { main: 0, hub: 1, greenlet: 2 };

/** Main ones and hubs first; `Greenlet-2` before `Greenlet-10`, and those without a name by their address. */
function byName(a: GreenletSnapshot, b: GreenletSnapshot): number {
  return (
    a.threadId - b.threadId || ranks[a.kind] - ranks[b.kind] || compareNames(a.name, b.name) || a.id - b.id
  );
}

function compareNames(a: string, b: string): number {
  const [x, y] = [a, b].map((name) => /^(.*?)(\d{0,15})$/s.exec(name)!);
  if (x![1] !== y![1]) return x![1]! < y![1]! ? -1 : 1;
  return Number(x![2]) - Number(y![2]);
}

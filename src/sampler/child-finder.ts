import { basename } from 'node:path';
import type { Layout } from '../cpython/layout.js';
import type { RuntimeLocation } from '../cpython/locate/locate.js';
import { PyglassError } from '../model/error.js';
import { hasMark, type ImageMark } from '../process/image-mark.js';
import { KnownFiles, markedFiles } from '../process/known-files.js';
import type { ProcessFacts } from '../process/linux-process.js';
import type { Attached } from './attach.js';
import type { FinderMessage, FollowedProcess } from './child-finder-messages.js';
import { liveProcesses, type Processes } from './processes.js';
import { programName } from './program-name.js';
import type { ScanCost } from './scan-pause.js';
import { realTime, type Time } from './time.js';
import { isPythonName } from './unreadable-python.js';

/** Milliseconds until the first second look at what is not Python (yet): a Python takes 10 ms to start. */
const shortestPause = 5;
/**
 * After that, a quarter of the time for which the process has run its program: a library may bring Python in at any
 * time.
 */
const longestPause = 5000;
/**
 * A process of this age is not about to become Python when nothing points to it, and a recording need not wait for it.
 * Milliseconds.
 */
const settledAge = 3000;
/**
 * While a Python is known to start, all files that it mapped are looked at again after so long: another may be the one
 * that runs. Milliseconds.
 */
const longestWithOne = 100;
/** A `python` in which no interpreter was found for so long is reported. Milliseconds. */
const longestStart = 2000;
/**
 * Milliseconds from one report of what is no Python (yet) to the next: to name what is about to become one takes longer
 * than to find it.
 */
const tellEvery = 50;
/** Names of other programs that are remembered. */
const mostPrograms = 20;

interface Known {
  readonly pid: number;
  readonly startTime: number;
  /** As of this scan. */
  facts: ProcessFacts;
  /** CPU time of it and its children (seconds) from before it was watched; 0 for one that began later. */
  readonly cpuBefore: number;
  /** Distinguishes one program that it runs from the next. */
  signature: string;
  /** When that program was first seen, `Time.now`. */
  since: number;
  nextLook: number;
  failures: number;
  followed?: FollowedProcess | undefined;
  /** Its Python, in which no thread runs yet. */
  starting?: Attached | undefined;
  /** How it is called in a list of what is left. */
  label: string;
  reported: boolean;
}

/**
 * Watches a process, all that it starts and all that those start: finds the Pythons among them. Each is looked at as
 * soon as it is seen, again when it runs another program, and at a falling rate otherwise. What was seen once is
 * watched also when its parent is gone.
 */
export class ChildFinder {
  readonly #send: (message: FinderMessage) => void;
  readonly #system: Processes;
  readonly #time: Pick<Time, 'now' | 'cpu'>;
  readonly #known = new Map<number, Known>();
  /** By device, inode and path: `undefined` is a file without Python. */
  readonly #files = new KnownFiles(markedFiles);
  /** Those that were sent, by their numbers. */
  readonly #layouts: Layout[] = [];
  readonly #programs = new Set<string>();
  readonly #roots = new Set<number>();
  #deep = false;
  #oldCpuEnded = 0;
  #firstScan = true;
  /** What begins to be watched may start something at once. */
  #bornAt: number;
  #lastSent = '';
  #lastNumber = -1;
  #toldAt = Number.NEGATIVE_INFINITY;
  /** Set where orphans come to our process: it, and the program that it started. */
  adopted: { readonly by: number; readonly program: number } | undefined;

  constructor(
    send: (message: FinderMessage) => void,
    processes: Processes = liveProcesses,
    time: Pick<Time, 'now' | 'cpu'> = realTime,
  ) {
    this.#send = send;
    this.#system = processes;
    this.#time = time;
    this.#bornAt = time.now();
  }

  /** When a process was last seen for the first time, `Time.now`; before there was one, when this was made. */
  get bornAt(): number {
    return this.#bornAt;
  }

  /** `deep`: with all below it. */
  watch(pid: number, deep: boolean): void {
    this.#roots.add(pid);
    if (deep) this.#deep = true;
  }

  unwatch(pid: number): void {
    this.#roots.delete(pid);
    this.#known.get(pid)?.starting?.live.close();
    this.#known.delete(pid);
  }

  /** The sampler follows it already. */
  follows(process: FollowedProcess): void {
    const known = this.#known.get(process.pid) ?? this.#learn(process.pid, this.#time.now());
    if (known) known.followed = process;
  }

  /** The sampler lost it: it ended, or runs another program. */
  lost(pid: number): void {
    const known = this.#known.get(pid);
    if (!known) return;
    known.followed = undefined;
    this.#begin(known, this.#time.now());
  }

  /** `number`: of the request to scan that this comes after. Returns what it took. */
  scan(number: number): ScanCost {
    const now = this.#time.now();
    const began = this.#time.cpu();
    for (const [pid, known] of this.#known) {
      const facts = this.#system.facts(pid);
      if (facts && isRunning(facts) && facts.startTime === known.startTime) {
        known.facts = facts;
        continue;
      }
      this.#known.delete(pid);
      known.starting?.live.close();
      this.#oldCpuEnded += known.cpuBefore;
    }
    const queue = [...this.#roots, ...this.#known.keys(), ...this.#orphans()];
    const visited = new Set<number>();
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      if (visited.has(next)) continue;
      visited.add(next);
      const known = this.#known.get(next) ?? this.#learn(next, now);
      if (known && this.#deep) queue.push(...this.#system.childrenOf(next, known.facts.threads));
    }
    this.#firstScan = false;
    const listed = this.#time.cpu();
    for (const known of this.#known.values()) this.#consider(known, now);
    this.#tellTree(number, now);
    return { listing: listed - began, looking: this.#time.cpu() - listed };
  }

  /** Whose parents ended, so that they are children of ours now. */
  #orphans(): number[] {
    if (!this.adopted) return [];
    const { by, program } = this.adopted;
    // They come to the first thread of a process (find_alive_thread of the kernel's kernel/exit.c). The witness of
    // signals is a child of ours as well.
    return this.#system
      .childrenOf(by, 1)
      .filter((pid) => pid !== program && this.#system.wholeCommandLine(pid).join(' ') !== 'cat');
  }

  #learn(pid: number, now: number): Known | undefined {
    const facts = this.#system.facts(pid);
    if (!facts || !isRunning(facts)) return undefined;
    const known: Known = {
      ...{ pid, startTime: facts.startTime, facts, signature: '', since: now, nextLook: now },
      ...{ failures: 0, label: '', reported: false },
      cpuBefore: this.#firstScan ? facts.cpuSeconds + facts.childCpuSeconds : 0,
    };
    this.#known.set(pid, known);
    this.#bornAt = now;
    return known;
  }

  #begin(known: Known, now: number): void {
    known.since = now;
    known.nextLook = now;
    known.failures = 0;
    known.reported = false;
    known.starting?.live.close();
    known.starting = undefined;
  }

  #consider(known: Known, now: number): void {
    if (known.followed) return;
    const { facts } = known;
    if (known.signature === '' && this.#isForked(known)) return;
    if (facts.program !== known.signature) {
      if (known.signature !== '') this.#begin(known, now);
      known.signature = facts.program;
      known.label = '';
    }
    try {
      if (known.starting && this.#system.runsThread(known.starting)) this.#runs(known, known.starting);
      if (!known.followed && now >= known.nextLook) this.#look(known, now);
    } catch (error) {
      if (!(error instanceof PyglassError)) throw error;
      // Files and memory are read at different moments: between them it may have become another program, or have ended.
      if (++known.failures > 1) this.#report(known, error.message);
      else known.nextLook = now;
    }
  }

  /** Looks for a Python in all files that it has mapped. */
  #look(known: Known, now: number): void {
    known.nextLook = now + Math.min(longestPause, Math.max(shortestPause, (now - known.since) / 4));
    known.starting?.live.close();
    known.starting = this.#system.openPython(known.pid, this.#files);
    if (!known.starting) this.#noPython(known, now);
    else if (this.#system.runsThread(known.starting)) this.#runs(known, known.starting);
    else {
      known.nextLook = Math.max(known.nextLook, now + longestWithOne);
      if (now - known.since > longestStart) this.#noPython(known, now);
    }
  }

  /** A child of a followed process that runs the same program has its Python at the same addresses. */
  #isForked(known: Known): boolean {
    const parent = this.#known.get(known.facts.parentPid)?.followed;
    // Until it execs, what is read of it is its parent's.
    if (parent && this.#system.shareMemory(known.pid, parent.pid)) return true;
    const memory = parent?.mark && this.#system.memoryOfChild(known.pid);
    if (!memory || !hasMark(memory, parent.mark)) return false;
    this.#found(known, parent.location, parent.mark);
    return true;
  }

  /** A thread runs in it. */
  #runs(known: Known, { live, location }: Attached): void {
    const mark = this.#system.markOf(known.pid, live.memory);
    live.close();
    known.starting = undefined;
    this.#found(known, location, mark);
  }

  #found(known: Known, location: RuntimeLocation, mark: ImageMark | undefined): void {
    const { pid, startTime, facts } = known;
    known.followed = { pid, startTime, location, mark };
    const layout = this.#numberOf(location.layout);
    const commandLine = this.#system.commandLine(pid);
    const isRenumbered = this.#system.isRenumbered(pid);
    const sent = { ...location, layout };
    this.#send({ kind: 'found', pid, facts, isRenumbered, location: sent, mark, commandLine });
  }

  /** Of a layout, which is sent when it is new. */
  #numberOf(layout: Layout): number {
    const known = this.#layouts.indexOf(layout);
    if (known >= 0) return known;
    const number = this.#layouts.push(layout) - 1;
    this.#send({ kind: 'layout', number, layout });
    return number;
  }

  #noPython(known: Known, now: number): void {
    const { pid } = known;
    const name = basename((this.#system.executableOf(pid) ?? '').replace(/ \(deleted\)$/, ''));
    const called = programName(this.#system.wholeCommandLine(pid));
    if (isPythonName(name)) {
      if (now - known.since > longestStart) this.#report(known, 'no CPython that runs was found in it');
    } else if (isPythonName(called)) {
      const reason = this.#system.whyUnreadable(pid);
      // It may have been about to end.
      if (reason !== undefined && ++known.failures > 1) this.#report(known, reason);
    } else if (
      this.#roots.has(pid) &&
      called !== '' &&
      this.#programs.size < mostPrograms &&
      !this.#programs.has(called)
    ) {
      this.#programs.add(called);
      this.#send({ kind: 'ran', program: called });
    }
  }

  #report(known: Known, reason: string): void {
    if (known.reported || !this.#system.facts(known.pid)) return;
    known.reported = true;
    const { pid } = known;
    this.#send({ kind: 'not-recorded', child: { pid, commandLine: this.#system.commandLine(pid), reason } });
  }

  #tellTree(number: number, now: number): void {
    // What is asked for is said at once.
    if (number === this.#lastNumber && now - this.#toldAt < tellEvery) return;
    this.#lastNumber = number;
    this.#toldAt = now;
    let undecided = 0;
    const left: string[] = [];
    for (const known of this.#known.values()) {
      const { pid, followed, since, reported } = known;
      if (followed) continue;
      known.label ||= `${basename(this.#system.commandLine(pid)[0] ?? '')} (process ${pid})`;
      left.push(known.label);
      if (this.#roots.has(pid) || (!reported && now - since < settledAge)) undecided++;
    }
    const message = { undecided, left, oldCpuEnded: this.#oldCpuEnded };
    const text = `${number} ${JSON.stringify(message)}`;
    if (text === this.#lastSent) return;
    this.#lastSent = text;
    this.#send({ kind: 'tree', scan: number, ...message });
  }
}

function isRunning({ state }: ProcessFacts): boolean {
  return state !== 'Z' && state !== 'X';
}

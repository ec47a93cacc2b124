import { basename } from 'node:path';
import type { RuntimeLocation } from '../cpython/locate/locate.js';
import { PyglassError } from '../model/error.js';
import { hasMark, type ImageMark } from '../process/image-mark.js';
import { KnownFiles, markedFiles } from '../process/known-files.js';
import type { ProcessFacts } from '../process/linux-process.js';
import type { FinderMessage, FollowedProcess } from './child-finder-messages.js';
import { liveProcesses, type Processes } from './processes.js';
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
/** A `python` in which no interpreter was found for so long is reported. Milliseconds. */
const longestStart = 2000;
/** Names of other programs that are remembered. */
const mostPrograms = 20;

interface Known {
  readonly pid: number;
  readonly startTime: number;
  /** CPU time of it and its children (seconds) from before it was watched; 0 for one that began later. */
  readonly cpuBefore: number;
  /** Distinguishes one program that it runs from the next. */
  signature: string;
  /** When that program was first seen, `Time.now`. */
  since: number;
  nextLook: number;
  failures: number;
  followed?: FollowedProcess | undefined;
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
  readonly #time: Pick<Time, 'now'>;
  readonly #known = new Map<number, Known>();
  /** By device, inode and path: `undefined` is a file without Python. */
  readonly #files = new KnownFiles(markedFiles);
  readonly #programs = new Set<string>();
  readonly #roots = new Set<number>();
  #deep = false;
  #oldCpuEnded = 0;
  #firstScan = true;
  #bornAt = Number.NEGATIVE_INFINITY;
  #lastSent = '';
  /** Set where orphans come to our process: it, and the program that it started. */
  adopted: { readonly by: number; readonly program: number } | undefined;

  constructor(
    send: (message: FinderMessage) => void,
    processes: Processes = liveProcesses,
    time: Pick<Time, 'now'> = realTime,
  ) {
    this.#send = send;
    this.#system = processes;
    this.#time = time;
  }

  /** When a process was last seen for the first time, `Time.now`. */
  get bornAt(): number {
    return this.#bornAt;
  }

  /** `deep`: with all below it. */
  watch(pid: number, deep: boolean): void {
    this.#roots.add(pid);
    if (deep) this.#deep = true;
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

  scan(number: number): void {
    const now = this.#time.now();
    for (const [pid, known] of this.#known) {
      const facts = this.#system.facts(pid);
      if (facts && isRunning(facts) && facts.startTime === known.startTime) continue;
      this.#known.delete(pid);
      this.#oldCpuEnded += known.cpuBefore;
    }
    const queue = [...this.#roots, ...this.#known.keys(), ...this.#orphans()];
    const visited = new Set<number>();
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      if (visited.has(next)) continue;
      visited.add(next);
      if ((this.#known.has(next) || this.#learn(next, now)) && this.#deep)
        queue.push(...this.#system.childrenOf(next));
    }
    this.#firstScan = false;
    for (const known of this.#known.values()) this.#consider(known, now);
    this.#tellTree(number, now);
  }

  /** Whose parents ended, so that they are children of ours now. */
  #orphans(): number[] {
    if (!this.adopted) return [];
    const { by, program } = this.adopted;
    // The witness of signals is a child of ours as well.
    return this.#system
      .childrenOf(by)
      .filter((pid) => pid !== program && this.#system.wholeCommandLine(pid).join(' ') !== 'cat');
  }

  #learn(pid: number, now: number): Known | undefined {
    const facts = this.#system.facts(pid);
    if (!facts || !isRunning(facts)) return undefined;
    const known: Known = {
      ...{ pid, startTime: facts.startTime, signature: '', since: now, nextLook: now },
      ...{ failures: 0, reported: false },
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
  }

  #consider(known: Known, now: number): void {
    if (known.followed) return;
    const { pid } = known;
    if (known.signature === '' && this.#isForked(known)) return;
    const signature = this.#system.signatureOf(pid);
    if (signature !== known.signature && signature !== '') {
      if (known.signature !== '') this.#begin(known, now);
      known.signature = signature;
    }
    if (now < known.nextLook) return;
    known.nextLook = now + Math.min(longestPause, Math.max(shortestPause, (now - known.since) / 4));
    try {
      const attached = this.#system.tryAttach(pid, this.#files);
      if (attached) {
        const mark = this.#system.markOf(pid, attached.live.memory);
        attached.live.close();
        this.#found(known, attached.location, mark);
      } else this.#noPython(known, now);
    } catch (error) {
      if (!(error instanceof PyglassError)) throw error;
      // Files and memory are read at different moments: between them it may have become another program, or have ended.
      if (++known.failures > 1) this.#report(known, error.message);
      else known.nextLook = now;
    }
  }

  /** A child of a followed process that runs the same program has its Python at the same addresses. */
  #isForked(known: Known): boolean {
    const facts = this.#system.facts(known.pid);
    const parent = facts && this.#known.get(facts.parentPid)?.followed;
    // Until it execs, what is read of it is its parent's.
    if (parent && this.#system.shareMemory(known.pid, parent.pid)) return true;
    const memory = parent?.mark && this.#system.memoryOfChild(known.pid);
    if (!memory || !hasMark(memory, parent.mark)) return false;
    this.#found(known, parent.location, parent.mark, facts);
    return true;
  }

  #found(
    known: Known,
    location: RuntimeLocation,
    mark?: ImageMark,
    facts = this.#system.facts(known.pid),
  ): void {
    if (!facts) return;
    const { pid, startTime } = known;
    known.followed = { pid, startTime, location, mark };
    this.#send({ kind: 'found', pid, facts, location, mark, commandLine: this.#system.commandLine(pid) });
  }

  #noPython(known: Known, now: number): void {
    const { pid } = known;
    const name = basename((this.#system.executableOf(pid) ?? '').replace(/ \(deleted\)$/, ''));
    const called = basename(this.#system.wholeCommandLine(pid)[0] ?? '');
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
    let undecided = 0;
    const left: string[] = [];
    for (const { pid, followed, since, reported } of this.#known.values()) {
      if (followed) continue;
      left.push(`${basename(this.#system.commandLine(pid)[0] ?? '')} (process ${pid})`);
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

import type { FoundPython } from '../process/find-pythons.js';

/** What is asked of the machine. */
export interface WatchedMachine {
  /** Pids of all processes. */
  pids(): readonly number[];
  /** Distinguishes a process from a later one with its pid; `undefined`: it is gone. */
  startTime(pid: number): number | undefined;
  look(pid: number): FoundPython | undefined;
}

/**
 * Milliseconds for which a process that came is young: it may become Python by running another program. Those of the
 * first look run for longer as a rule.
 */
const youngFor = 10_000;
/** Milliseconds between looks at older ones; each takes up to a millisecond where it is no Python. */
const lookAgainEvery = 30_000;

interface Seen {
  readonly startTime: number;
  readonly since: number;
  nextLook: number;
  python: FoundPython | undefined;
}

/**
 * Which processes of a machine are Python, asked again and again for months: what was looked at is looked at again only
 * while it is young, and now and then.
 */
export class PythonWatch {
  readonly #machine: WatchedMachine;
  readonly #seen = new Map<number, Seen>();
  #isFirst = true;

  constructor(machine: WatchedMachine) {
    this.#machine = machine;
  }

  /** All that are Python at `now`, milliseconds of any clock that never goes back. */
  look(now: number): FoundPython[] {
    const pids = this.#machine.pids();
    const running = new Set(pids);
    for (const pid of this.#seen.keys()) if (!running.has(pid)) this.#seen.delete(pid);
    const found = pids.flatMap((pid) => this.#lookAt(pid, now)?.python ?? []);
    this.#isFirst = false;
    return found;
  }

  #lookAt(pid: number, now: number): Seen | undefined {
    const known = this.#seen.get(pid);
    if (known && now < known.nextLook) return known;
    const startTime = this.#machine.startTime(pid);
    if (startTime === undefined) {
      this.#seen.delete(pid);
      return undefined;
    }
    const since = this.#isFirst ? now - youngFor : now;
    const seen: Seen =
      known?.startTime === startTime ? known : { startTime, since, nextLook: 0, python: undefined };
    seen.python = this.#machine.look(pid);
    const isYoung = now - seen.since < youngFor;
    // By pid, so that not all are due at once.
    seen.nextLook = isYoung ? now : now + lookAgainEvery + (pid % 64) * 100;
    this.#seen.set(pid, seen);
    return seen;
  }
}

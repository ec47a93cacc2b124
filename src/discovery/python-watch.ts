import type { FoundPython } from '../process/find-pythons.js';

/** What is asked of the machine. */
export interface WatchedMachine {
  /** Pids of all processes. */
  pids(): readonly number[];
  /** Distinguishes a process from a later one with its pid; `undefined`: it is gone. */
  startTime(pid: number): number | undefined;
  /** The path of what it runs; `undefined`: it may not be seen. */
  executable(pid: number): string | undefined;
  look(pid: number): FoundPython | undefined;
}

/**
 * Milliseconds for which a process that came is young: it may become Python by running another program. Those of the
 * first look run for longer as a rule.
 */
const youngFor = 10_000;
/** Milliseconds between looks whether older ones run another program. */
const lookAgainEvery = 30_000;
/**
 * The same of whole looks: a program may load a Python after hours, but that is rare, and each takes up to a
 * millisecond where it is no Python. Beside 100 other processes that was half of the CPU of an agent's main thread.
 */
const lookWhollyEvery = 300_000;

interface Seen {
  readonly startTime: number;
  readonly since: number;
  nextLook: number;
  nextWholeLook: number;
  executable: string | undefined;
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
    const executable = this.#machine.executable(pid);
    const seen = known?.startTime === startTime ? known : this.#begin(startTime, now);
    const isYoung = now - seen.since < youngFor;
    // By pid, so that not all are due at once.
    const turn = (pid % 64) * 100;
    if (isYoung || executable !== seen.executable || now >= seen.nextWholeLook) {
      seen.executable = executable;
      seen.python = this.#machine.look(pid);
      seen.nextWholeLook = isYoung ? now : now + lookWhollyEvery + turn;
    }
    seen.nextLook = isYoung ? now : now + lookAgainEvery + turn;
    this.#seen.set(pid, seen);
    return seen;
  }

  #begin(startTime: number, now: number): Seen {
    const since = this.#isFirst ? now - youngFor : now;
    const times = { startTime, since, nextLook: now, nextWholeLook: now };
    return { ...times, executable: undefined, python: undefined };
  }
}

import type { SampledThreads } from '../platform/target.js';

/** Threads that one look asks for their CPU time: each takes 15 µs. Of more, each look takes the next ones. */
const mostAsked = 256;
/** Names of a process that are distinguished; a library may give each thread its own. */
const mostNames = 32;

interface OtherThread {
  readonly name: string;
  /** Microseconds of CPU so far. */
  cpu: number;
}

/**
 * CPU time of a process's threads that run no Python, such as those of OpenBLAS: by their names, as they give
 * themselves to the kernel.
 */
export class OtherThreads {
  /** Microseconds of CPU since the first look; no name for threads that have that of the program. */
  readonly cpu = new Map<string, number>();
  readonly #threads: Omit<SampledThreads, 'clock' | 'count'>;
  #known = new Map<number, OtherThread>();
  /** Threads that ran Python when they were seen: what they used by then is counted elsewhere. */
  readonly #python = new Set<number>();
  #looked = false;
  #next = 0;

  constructor(threads: Omit<SampledThreads, 'clock' | 'count'>) {
    this.#threads = threads;
  }

  /**
   * Adds what was used since the look before, which was `passed` microseconds ago. `python`: ids of threads that run
   * Python.
   */
  look(python: ReadonlySet<number>, passed: number): void {
    for (const id of python) this.#python.add(id);
    const ids = this.#threads.ids.all();
    const there = new Set(ids);
    for (const id of this.#python) if (!there.has(id)) this.#python.delete(id);
    for (const id of this.#known.keys()) if (!there.has(id) || python.has(id)) this.#known.delete(id);
    const others = ids.filter((id) => !python.has(id));
    const first = others.length > mostAsked ? this.#next : 0;
    for (let at = 0; at < Math.min(mostAsked, others.length); at++)
      this.#count(others[(first + at) % others.length]!, passed);
    this.#next = others.length === 0 ? 0 : (first + mostAsked) % others.length;
    this.#looked = true;
  }

  /**
   * A thread that was not seen before counts from its birth, but only once it is seen again: it may be about to run
   * Python.
   */
  #count(id: number, passed: number): void {
    const cpu = this.#threads.cpuOf(id);
    if (cpu === undefined) return;
    const known = this.#known.get(id);
    if (known === undefined) {
      const isNew = this.#looked && !this.#python.has(id) && this.#threads.wasBornWithin(id, passed);
      this.#known.set(id, { name: this.#threads.nameOf(id), cpu: isNew ? 0 : cpu });
      return;
    }
    const used = cpu - known.cpu;
    known.cpu = cpu;
    if (used <= 0) return;
    const isNamed = this.cpu.has(known.name) || this.cpu.size < mostNames;
    const name = isNamed ? known.name : '';
    this.cpu.set(name, (this.cpu.get(name) ?? 0) + used);
  }
}

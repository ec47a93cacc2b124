import type { FoundPython } from '../process/find-pythons.js';
import type { AgentConfig } from './agent-options.js';

/** What is asked of a process to choose it. */
export interface ChosenFacts {
  /** The name of its user, and the number. */
  readonly user: string;
  readonly uid: number;
  /** Secrets hidden. */
  readonly commandLine: readonly string[];
}

/** More processes are too many for one thread: they are left out and counted. */
export const mostProcesses = 500;

/** A text of megabytes is not searched. */
const longestCommand = 10_000;

/** Whether a process is to be profiled. */
export function isChosen(
  { user, uid, commandLine }: ChosenFacts,
  config: Pick<AgentConfig, 'user' | 'command' | 'exclude'>,
): boolean {
  if (config.user.length > 0 && !config.user.some((name) => name === user || name === String(uid)))
    return false;
  const line = commandLine.join(' ').slice(0, longestCommand);
  if (config.command.length > 0 && !config.command.some((pattern) => pattern.test(line))) return false;
  return !config.exclude.some((pattern) => pattern.test(line));
}

export interface ChosenProcesses {
  /** Those that are to be sampled and may be read. */
  readonly pids: ReadonlySet<number>;
  /** How many would be chosen and may not be read. */
  readonly unreadable: number;
  readonly tooMany: number;
}

interface Decided {
  readonly python: FoundPython;
  readonly isChosen: boolean;
}

/** Chooses among the Pythons that are there, and remembers what it said of each until it is looked at again. */
export class ProcessChoice {
  readonly #facts: (pid: number) => ChosenFacts | undefined;
  #known = new Map<number, Decided>();

  constructor(facts: (pid: number) => ChosenFacts | undefined) {
    this.#facts = facts;
  }

  /** The configuration is another one. */
  forget(): void {
    this.#known.clear();
  }

  choose(pythons: readonly FoundPython[], config: AgentConfig): ChosenProcesses {
    const known = new Map<number, Decided>();
    const pids = new Set<number>();
    let [unreadable, tooMany] = [0, 0];
    for (const python of pythons) {
      const before = this.#known.get(python.pid);
      const decided = before?.python === python ? before : { python, isChosen: this.#decide(python, config) };
      known.set(python.pid, decided);
      if (!decided.isChosen) continue;
      // Of what may not be looked into, only the name is known.
      if (python.executable === undefined) unreadable++;
      else if (pids.size >= mostProcesses) tooMany++;
      else pids.add(python.pid);
    }
    this.#known = known;
    return { pids, unreadable, tooMany };
  }

  #decide({ pid }: FoundPython, config: AgentConfig): boolean {
    const facts = this.#facts(pid);
    return facts !== undefined && isChosen(facts, config);
  }
}

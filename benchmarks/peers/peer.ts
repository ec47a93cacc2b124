/** A profiler to measure: pyglass itself, or another one. */
export interface Peer {
  readonly name: string;
  /** Looks for it, and fetches it where it can be had; else the reason why it is not here. */
  find(): FoundPeer | string;
}

export interface FoundPeer {
  readonly version: string;
  /** Minor versions of Python 3 that it is measured on. */
  readonly reads: readonly number[];
  /** How it is started: until it is interrupted, with all threads, also those that wait. */
  command(request: PeerRequest): readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  /** What it found out, from what it printed and wrote. Throws when it did not sample. */
  tally(ended: EndedRun, request: PeerRequest): PeerTally;
}

export interface PeerRequest {
  readonly pid: number;
  /** Samples a second; `flatOut` as many as it can. */
  readonly rate: number;
  /** A file that it may write; others beside it begin with the same name. */
  readonly output: string;
}

/** A rate that none of them reaches. */
export const flatOut = 1_000_000;

export interface EndedRun {
  /** What it printed, on both streams. */
  readonly text: string;
  /** Seconds from the first time it said this to the moment it was interrupted. */
  secondsSince(pattern: RegExp): number;
}

export interface PeerTally {
  /** Wall time that it sampled. */
  readonly seconds: number;
  /** Stacks of threads that it gave up: they are in none of `stacks`. */
  readonly failed: number;
  /** Stacks that are in `stacks` and that it calls torn itself. */
  readonly torn: number;
  /** Names of functions, outermost first, with the number of times; the same stack may come more than once. */
  readonly stacks: Iterable<PeerStack>;
}

export interface PeerStack {
  readonly names: readonly string[];
  readonly count: number;
}

/** The first group of the pattern as a number. */
export function numberIn(text: string, pattern: RegExp): number {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`no ${pattern} in what it printed:\n${text}`);
  return Number(found);
}

import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { Layout } from '../cpython/layout.js';
import type { RuntimeLocation } from '../cpython/locate/locate.js';
import type { UnrecordedChildren, UnrecordedProcess } from '../model/profile.js';
import type { FinderMessage, FinderRequest, FollowedProcess } from './child-finder-messages.js';

/** Children that are listed by name, at most; a supervisor may start any number. */
const mostListed = 100;
/** Processes that are no longer wanted, of which a message may be on its way. */
const mostUnwanted = 1000;
/** CPU time of children that is not worth a word: what the kernel counts in ticks of 10 ms is no more exact. */
const leastSeconds = 0.05;
const leastShare = 0.05;
/** Milliseconds between two questions whether anything is left. */
const askEvery = 20;

type Tree = Extract<FinderMessage, { kind: 'tree' }>;

/** A Python that was found. */
export interface FoundChild extends Omit<Extract<FinderMessage, { kind: 'found' }>, 'location'> {
  readonly location: RuntimeLocation;
}

/** The sampler's side of the thread that finds children: what it asks, and what came of it. */
export class SampledChildren {
  readonly programs: string[] = [];
  readonly #port: MessagePort;
  readonly #unrecorded: UnrecordedProcess[] = [];
  /** They may have been found before it was said that nobody wants them. */
  readonly #unwanted = new Set<number>();
  readonly #layouts = new Map<number, Layout>();
  #tree: Tree | undefined;
  #asked = 0;
  #askedAt = Number.NEGATIVE_INFINITY;
  /** Since when nothing has been followed, by the number of the question asked then. */
  #emptySince = 0;
  /** Seconds of CPU of children that ended: as recorded. */
  #recorded = 0;

  constructor(port: MessagePort) {
    this.#port = port;
  }

  ask(request: FinderRequest): void {
    if (request.kind === 'unwatch') this.#unwanted.add(request.pid);
    else if (request.kind === 'watch') this.#unwanted.delete(request.pid);
    if (this.#unwanted.size > mostUnwanted) this.#unwanted.clear();
    this.#port.postMessage(request);
  }

  /** Of one that the finder did not find. */
  follows(process: FollowedProcess): void {
    this.ask({ kind: 'follows', ...process });
  }

  /** Something is followed. */
  notEmpty(): void {
    this.#emptySince = 0;
  }

  /** The next thing that was found; reports of what cannot be recorded go to `report`, each once. */
  next(report: (child: UnrecordedProcess) => void): FoundChild | undefined {
    for (;;) {
      const message: FinderMessage | undefined = receiveMessageOnPort(this.#port)?.message;
      if (message === undefined) return undefined;
      if (message.kind === 'found' && this.#unwanted.delete(message.pid)) {
        this.ask({ kind: 'lost', pid: message.pid });
        continue;
      }
      if (message.kind === 'found') {
        const { location } = message;
        return { ...message, location: { ...location, layout: this.#layouts.get(location.layout)! } };
      }
      if (message.kind === 'layout') this.#layouts.set(message.number, message.layout);
      else if (message.kind === 'tree') this.#tree = message;
      else if (message.kind === 'ran') this.ran(message.program);
      else if (this.#unrecorded.length < mostListed) {
        this.#unrecorded.push(message.child);
        report(message.child);
      }
    }
  }

  /** A program that is not Python, and that the process ran which was asked for. */
  ran(program: string): void {
    if (!this.programs.includes(program)) this.programs.push(program);
  }

  /** Whether nothing is left that could become Python; to be asked again and again while nothing is followed. */
  noneLeft(now: number): boolean {
    const answered = this.#tree?.scan ?? 0;
    if (this.#emptySince > 0 && answered >= this.#emptySince && this.#tree!.undecided === 0) return true;
    if (this.#emptySince === 0 || (answered >= this.#asked && now - this.#askedAt >= askEvery)) {
      this.#askedAt = now;
      this.ask({ kind: 'scan', number: ++this.#asked });
      if (this.#emptySince === 0) this.#emptySince = this.#asked;
    }
    return false;
  }

  get left(): readonly string[] {
    return this.#tree?.left ?? [];
  }

  /** A child that was followed ended; `seconds` of CPU are in the recording. */
  ended(seconds: number): void {
    this.#recorded += seconds;
  }

  /** `accounted`: seconds of CPU of children that ended, as their parents say. */
  unrecorded(accounted: number): UnrecordedChildren {
    const ended = accounted - (this.#tree?.oldCpuEnded ?? 0);
    const missing = ended - this.#recorded;
    const isMuch = missing >= Math.max(leastSeconds, ended * leastShare);
    return { cpuSeconds: isMuch ? Math.round(missing * 100) / 100 : 0, processes: this.#unrecorded };
  }
}

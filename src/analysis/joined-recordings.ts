import { requestContext } from '../model/context.js';
import { makeRuns, Profile, type Runs } from '../model/profile.js';

/** Several recordings as if one had been made after the other. */
export class JoinedRecordings extends Profile {
  /** The recordings themselves, with the functions, frames and stacks of the joined one. */
  readonly parts: readonly Profile[];

  /** At least one. What is said of a recording, such as its title, is that of the first. */
  constructor(recordings: readonly Profile[]) {
    super();
    this.info = recordings[0]!.info;
    this.complete = recordings.every(({ complete }) => complete);
    this.parts = recordings.map((recording) => this.#add(recording));
  }

  /** Returns the recording with the tables of this one. */
  #add(recording: Profile): Profile {
    const { functions, frames, stacks } = this;
    const process = this.processes.length;
    const shift = {
      stack: stacks.parent.length - 1,
      thread: this.threads.length,
      context: this.contexts.length - 1,
      slot: this.suspended.processes.length,
      start: this.duration,
    };
    this.processes.push(...recording.processes);
    for (const of of recording.threads) this.threads.push({ ...of, process: of.process + process });
    for (const of of recording.otherThreads) this.otherThreads.push({ ...of, process: of.process + process });
    for (const of of recording.suspended.processes) this.suspended.processes.push(of + process);
    this.#addStacks(recording);
    this.#addContexts(recording, shift.context);
    const { slot, ...ofThreads } = shift;
    addRuns(this.runs, recording.runs, ofThreads);
    addRuns(this.suspended.runs, recording.suspended.runs, { ...ofThreads, thread: slot });
    this.duration += recording.duration;
    this.damagedBlocks += recording.damagedBlocks;
    for (const kind of Object.keys(this.losses) as (keyof Profile['losses'])[])
      this.losses[kind] += recording.losses[kind];
    this.children = {
      cpuSeconds: this.children.cpuSeconds + recording.children.cpuSeconds,
      processes: [...this.children.processes, ...recording.children.processes],
    };
    const stackOnly = { stack: shift.stack, thread: 0, context: 0, start: 0 };
    return Object.assign(new Profile(), recording, {
      ...{ functions, frames, stacks },
      runs: addRuns(makeRuns(), recording.runs, stackOnly),
      suspended: {
        ...recording.suspended,
        runs: addRuns(makeRuns(), recording.suspended.runs, stackOnly),
      },
    });
  }

  #addStacks({ functions, frames, stacks }: Profile): void {
    const [fn, frame] = [this.functions.length, this.frames.function.length];
    const stack = this.stacks.parent.length - 1;
    for (const of of functions) this.functions.push(of);
    for (let at = 0; at < frames.function.length; at++) {
      this.frames.function.push(frames.function.at(at) + fn);
      this.frames.line.push(frames.line.at(at));
    }
    for (let at = 1; at < stacks.parent.length; at++) {
      this.stacks.parent.push(shifted(stacks.parent.at(at), stack));
      this.stacks.frame.push(stacks.frame.at(at) + frame);
    }
  }

  /** Numbers of requests begin anew in each recording. */
  #addContexts({ contexts }: Profile, shift: number): void {
    for (const { kind, values, outer } of contexts.slice(1)) {
      const { request } = values;
      const named = kind === requestContext && request !== undefined;
      this.contexts.push({
        kind,
        values: named ? { ...values, request: `${shift}/${request}` } : values,
        outer: shifted(outer, shift),
      });
    }
  }
}

/** The recordings that one was joined of; else itself. */
export function recordingsOf(profile: Profile): readonly Profile[] {
  return profile instanceof JoinedRecordings ? profile.parts : [profile];
}

interface Shift {
  readonly stack: number;
  readonly thread: number;
  readonly context: number;
  readonly start: number;
}

function addRuns(into: Runs, runs: Runs, { stack, thread, context, start }: Shift): Runs {
  for (let run = 0; run < runs.stack.length; run++) {
    into.thread.push(runs.thread.at(run) + thread);
    into.stack.push(shifted(runs.stack.at(run), stack));
    into.flags.push(runs.flags.at(run));
    into.context.push(shifted(runs.context.at(run), context));
    into.start.push(runs.start.at(run) + start);
    into.duration.push(runs.duration.at(run));
    into.samples.push(runs.samples.at(run));
  }
  return into;
}

/** Number 0 is the same in all: the empty stack, no context. */
function shifted(index: number, by: number): number {
  return index === 0 ? 0 : index + by;
}

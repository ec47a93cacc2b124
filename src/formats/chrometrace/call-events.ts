import { CallPaths, noCall } from '../../analysis/call-paths.js';
import { categoryOf } from '../../analysis/category.js';
import { labelValues } from '../../analysis/context-values.js';
import { contextLabel, frameLocation, functionName } from '../../analysis/labels.js';
import { isStateKnown, leafStateOrWaitingOf, leafStates } from '../../analysis/run-states.js';
import type { ThreadRuns } from '../../analysis/thread-runs.js';
import type { Track } from '../../analysis/unique-ids.js';
import type { ViewOptions } from '../../analysis/view-options.js';
import type { Profile } from '../../model/profile.js';
import { OpenEvents } from './open-events.js';
import { traceJson } from './trace-json.js';

/** What a thread is seen to do from one moment on. */
interface Moment {
  readonly call: number;
  /** Index into `leafStates`; -1 for none. */
  readonly state: number;
  /** The number of the label's value; -1 for none. */
  readonly root: number;
}

const nothing: Moment = { call: noCall, state: -1, root: -1 };

/** Categories of `leafStates`. */
const stateCategories = ['gc', 'gil', 'waiting'] as const;

/** Begins and ends of calls, of what a thread did instead of its innermost one, and of values of a label. */
export class CallEvents {
  readonly #profile: Profile;
  readonly #view: ViewOptions;
  readonly #paths: CallPaths;
  readonly #rootOf: (context: number) => number;
  /** What follows the times in the event that begins: of values of a label, of functions, of frames that call. */
  readonly #roots: readonly string[];
  readonly #states: readonly string[];
  readonly #functions: string[] = [];
  readonly #callers: string[] = [];

  constructor(profile: Profile, view: ViewOptions) {
    this.#profile = profile;
    this.#view = view;
    this.#paths = new CallPaths(profile, view);
    const { label } = view;
    const values = label && labelValues(profile, label.key);
    this.#rootOf = values ? (context) => values.numberOf(context) : () => -1;
    // Values are numbered as they are met.
    for (let run = 0; values && run < profile.runs.context.length; run++)
      values.numberOf(profile.runs.context.at(run));
    this.#roots = (values?.values ?? []).map((value) => named(contextLabel(label!.key, value), 'label'));
    this.#states = leafStates.map((name, state) => named(name, stateCategories[state]!));
  }

  /** The events of one thread, in order of time. */
  *ofThread({ runs: rows, times, cpus }: ThreadRuns, track: Track): Iterable<string> {
    const { runs } = this.#profile;
    const thread = new OpenEvents(track);
    let now = nothing;
    let reached = 0;
    for (const [index, run] of rows.entries()) {
      // Times are rounded, not lengths: no length is lost or counted twice.
      const start = Math.round(runs.start.at(run));
      const from = Math.max(start, reached);
      const to = Math.max(Math.round(runs.start.at(run) + times[index]!), from);
      if (to > from) {
        if (from > reached) {
          yield* thread.endDownTo(0, reached);
          now = nothing;
        }
        const flags = runs.flags.at(run);
        const next: Moment = {
          call: this.#paths.callOf(runs.stack.at(run)),
          state: leafStateOrWaitingOf(flags, this.#view.mode),
          root: this.#rootOf(runs.context.at(run)),
        };
        yield* this.#change(thread, now, next, from);
        now = next;
        reached = to;
      }
      thread.spend(cpus[index]!, isStateKnown(runs.flags.at(run)));
    }
    yield* thread.endDownTo(0, reached);
  }

  *#change(thread: OpenEvents, from: Moment, to: Moment, time: number): Iterable<string> {
    const paths = this.#paths;
    if (from.call === to.call && from.state === to.state && from.root === to.root && thread.count > 0) return;
    const roots = to.root < 0 ? 0 : 1;
    const isSameRoot = thread.count > 0 && from.root === to.root;
    // What both have, outermost first: the calls of `to` from its innermost outwards, until one is found that goes on.
    const begun: number[] = [];
    let call = to.call;
    while (call !== noCall && !(isSameRoot && thread.goesOn(call, roots + paths.depthOf(call)))) {
      begun.push(call);
      call = paths.callerOf(call);
    }
    yield* thread.endDownTo(isSameRoot ? roots + paths.depthOf(call) : 0, time);
    if (thread.count < roots) yield thread.begin(this.#roots[to.root]!, time);
    for (const one of begun.reverse()) yield thread.begin(this.#callText(one), time, one);
    if (to.state >= 0) yield thread.begin(this.#states[to.state]!, time);
  }

  #callText(call: number): string {
    const fn = this.#paths.functionOf(call);
    const caller = this.#paths.callingFrameOf(call);
    this.#functions[fn] ??= this.#functionText(fn);
    const args = this.#functions[fn];
    if (caller < 0) return `${args}}`;
    this.#callers[caller] ??= this.#callerText(caller);
    const called = this.#callers[caller];
    return `${args}${called === '' || args.endsWith('{') ? '' : ','}${called}}`;
  }

  /** The arguments are not closed: where it was called from may follow. */
  #functionText(index: number): string {
    const fn = this.#profile.functions[index];
    if (fn === undefined) return named('<unknown function>', 'synthetic').slice(0, -1);
    const { lines, fullFileNames } = this.#view;
    const defined = frameLocation(fn, fn.firstLine, {
      lines: lines === 'none' ? 'none' : 'function',
      fullFileNames,
    });
    return named(functionName(fn), categoryOf(fn), defined === '' ? {} : { defined }).slice(0, -1);
  }

  #callerText(frame: number): string {
    const { frames, functions } = this.#profile;
    const fn = functions[frames.function.at(frame)];
    if (this.#view.lines !== 'current' || fn === undefined) return '';
    const called = frameLocation(fn, frames.line.at(frame), this.#view);
    return called === '' ? '' : traceJson({ called }).slice(1, -1);
  }
}

/** Members of an event; the last of them, its arguments, ends the text. */
function named(name: string, cat: string, args: object = {}): string {
  return traceJson({ name, cat, args }).slice(1, -1);
}

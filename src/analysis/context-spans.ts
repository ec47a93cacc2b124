import { lostContextKind, noContext } from '../model/context.js';
import type { Profile } from '../model/profile.js';
import { contextFilter } from './context-values.js';
import { contextLabel } from './labels.js';
import type { ViewOptions } from './view-options.js';

/** A stretch in which a thread worked for something, microseconds since the recording began. */
export interface ContextSpan {
  /** Index into `Profile.threads`. */
  readonly thread: number;
  /** Index into `Profile.contexts`. */
  readonly context: number;
  /** How many others it is within. */
  readonly depth: number;
  readonly start: number;
  end: number;
}

/** A context as one text: `http.route: /cart`; of several values each, and its kind without any. */
export function contextText({ contexts }: Profile, context: number): string {
  const { kind, values } = contexts[context]!;
  const texts = Object.entries(values).map(([key, value]) => contextLabel(key, value));
  return texts.length === 0 ? kind : texts.join(', ');
}

/** Runs that are this near to each other follow on one another: their times are rounded. */
const nearby = 1;

/**
 * When threads worked for what, whether a view shows their stacks then or not; those of a thread in the order in which
 * they ended. A context that is within another one is a part of it: what both cover goes on while the inner one
 * changes.
 */
export function contextSpans(profile: Profile, view: ViewOptions): ContextSpan[] {
  const { runs, contexts } = profile;
  const isWanted = contextFilter(profile, view.label);
  const spans: ContextSpan[] = [];
  // By thread: what goes on, outermost first, and until when it was seen.
  const open: ContextSpan[][] = [];
  const chains: (readonly number[])[] = [];
  for (let run = 0; run < runs.context.length; run++) {
    const thread = runs.thread.at(run);
    const context = runs.context.at(run);
    const going = open[thread];
    if (context === noContext && going === undefined) continue;
    const start = runs.start.at(run);
    chains[context] ??= isWanted(context) ? chainOf(context) : [];
    open[thread] = goOn(going ?? [], chains[context], { thread, start, end: start + runs.duration.at(run) });
  }
  for (const going of open) spans.push(...(going ?? []).toReversed());
  return spans;

  function chainOf(context: number): number[] {
    const chain: number[] = [];
    for (let at = context; at !== noContext; at = contexts[at]!.outer)
      if (contexts[at]!.kind !== lostContextKind) chain.push(at);
    return chain.reverse();
  }

  /** What goes on after a run with these contexts; what does not, has ended. */
  function goOn(
    going: ContextSpan[],
    chain: readonly number[],
    { thread, start, end }: { thread: number; start: number; end: number },
  ): ContextSpan[] {
    let same = 0;
    while (
      same < Math.min(going.length, chain.length) &&
      going[same]!.context === chain[same] &&
      start - going[same]!.end <= nearby
    )
      same++;
    spans.push(...going.splice(same).reverse());
    for (const span of going) span.end = end;
    for (const context of chain.slice(same)) going.push({ thread, context, depth: going.length, start, end });
    return going;
  }
}

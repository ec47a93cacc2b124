import { type ContextSpan, contextText } from '../../analysis/context-spans.js';
import type { Track } from '../../analysis/unique-ids.js';
import type { Profile } from '../../model/profile.js';
import type { TraceEvent } from './trace-file.js';
import { traceJson } from './trace-json.js';

/**
 * What threads worked for, in rows beside theirs: a pair of nested events for each stretch. Viewers take those of one
 * category and id for one row, so each thread has its own.
 */
export function* contextEvents(
  profile: Profile,
  spans: readonly ContextSpan[],
  tracks: readonly Track[],
): Iterable<string> {
  const edges: Edge[] = [];
  for (const span of spans) {
    const [start, end] = [Math.round(span.start), Math.round(span.end)];
    if (start < end) edges.push({ span, time: start, ends: false }, { span, time: end, ends: true });
  }
  edges.sort(inOrder);
  for (const { span, time, ends } of edges) {
    const { kind, values } = profile.contexts[span.context]!;
    yield traceJson({
      ph: ends ? 'e' : 'b',
      ...tracks[span.thread]!,
      ts: time,
      id: span.thread + 1,
      cat: 'context',
      name: contextText(profile, span.context),
      ...(ends ? {} : { args: { kind, ...values } }),
    } satisfies TraceEvent);
  }
}

interface Edge {
  readonly span: ContextSpan;
  readonly time: number;
  readonly ends: boolean;
}

/** At one time what ends comes before what begins, the inner ones end first, and the outer ones begin first. */
function inOrder(a: Edge, b: Edge): number {
  return (
    a.span.thread - b.span.thread ||
    a.time - b.time ||
    Number(b.ends) - Number(a.ends) ||
    (a.ends ? b.span.depth - a.span.depth : a.span.depth - b.span.depth)
  );
}

// Trace events: https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU. Perfetto
// (https://ui.perfetto.dev) and chrome://tracing read it. A begin and an end for each call, as far as samples
// distinguish calls, one thread after another. Where a view shows nothing of a thread, no call goes on.
import { contextSpans } from '../../analysis/context-spans.js';
import { threadRuns } from '../../analysis/thread-runs.js';
import { tracksOf } from '../../analysis/unique-ids.js';
import type { ViewOptions } from '../../analysis/view-options.js';
import type { Profile } from '../../model/profile.js';
import type { OutputFormat } from '../output-format.js';
import { CallEvents } from './call-events.js';
import { contextEvents } from './context-events.js';
import { metadataEvents } from './metadata.js';
import type { TraceRecording } from './trace-file.js';
import { traceJson } from './trace-json.js';

export const chrometrace: OutputFormat = {
  id: 'chrometrace',
  title: 'Trace events',
  extensions: ['.trace.json', '.chrometrace.json'],
  mediaType: 'application/json',
  description: 'calls of every thread over time, for https://ui.perfetto.dev and chrome://tracing',
  write: writeTrace,
};

/** Events are joined into pieces of about so many characters. */
const pieceLength = 65_536;

function* writeTrace(profile: Profile, view: ViewOptions): Iterable<string> {
  const { info, losses } = profile;
  const startedAt = new Date(info.startedAt);
  yield '{"displayTimeUnit":"ms","otherData":';
  yield traceJson({
    title: info.title,
    exporter: `pyglass@${info.writer}`,
    startedAt: Number.isNaN(startedAt.getTime()) ? null : startedAt.toISOString(),
    rate: info.rate,
    labels: info.labels ?? {},
    missed: losses.missed,
    torn: losses.torn,
    complete: profile.complete,
  } satisfies TraceRecording);
  yield ',"traceEvents":[';
  let piece = '';
  let separator = '\n';
  for (const event of events(profile, view)) {
    piece += separator + event;
    separator = ',\n';
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = '';
  }
  yield `${piece}\n]}\n`;
}

function* events(profile: Profile, view: ViewOptions): Iterable<string> {
  const threads = threadRuns(profile, view);
  const tracks = tracksOf(profile);
  yield* metadataEvents(
    profile,
    tracks,
    threads.map(({ thread }) => thread),
  );
  const calls = new CallEvents(profile, view);
  for (const runs of threads) yield* calls.ofThread(runs, tracks[runs.thread]!);
  yield* contextEvents(profile, contextSpans(profile, view), tracks);
}

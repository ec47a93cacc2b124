import { type Profile, RunFlag } from '../model/profile.js';
import { contextFilter } from './context-values.js';
import { areFreeThreaded } from './free-threaded.js';
import { formatDuration, plural } from './human-units.js';
import { requestFilter } from './request-filter.js';
import { seenRequests } from './requests.js';
import { isStateKnown } from './run-states.js';
import { eachWeight } from './sample-weights.js';
import { threadCount, threadsText } from './task-rows.js';
import { unknownCpu, unknownCpuText } from './unknown-cpu.js';
import { everything, type RequestView, type ViewOptions } from './view-options.js';
import { visibleText } from './visible-text.js';

/** Routes that are named where none fits. */
const mostRoutes = 5;

function withoutRequests(profile: Profile, { route, slowerThan }: RequestView): string[] {
  const requests = seenRequests(profile);
  if (requests.length === 0)
    return [
      'No sample is of a request that pyglass knows.',
      'docs/requests.md says which servers and frameworks it knows.',
    ];
  const routes = [...new Set(requests.map((request) => request.route ?? ''))].filter(Boolean);
  const known = routes.slice(0, mostRoutes).map((name) => visibleText(name, 60));
  const which = `The recording has ${plural(requests.length, 'request')}: ${known.join(', ')}${routes.length > mostRoutes ? ', …' : ''}.`;
  const wanted = [
    ...(route === undefined ? [] : [`of ${visibleText(route, 100)}`]),
    ...(slowerThan === undefined ? [] : [`that took longer than ${formatDuration(slowerThan)}`]),
  ];
  return [`No sample is of a request ${wanted.join(' ')}.`, which];
}

/** The last line where all threads were idle. */
export const idleAdvice = 'Use the program while you record it, or show idle threads with -i (--idle).';

const withoutMode = 'Without --mode every thread is shown.';

/** That nothing was seen says little where not all could be. */
function unknownNote(profile: Profile): string[] {
  const text = unknownCpuText(unknownCpu(profile));
  return text === '' ? [] : [`${text}.`];
}

/** Of threads that had no GIL to hold or to wait for. */
const withoutGil = 'This Python is free-threaded and runs without a GIL: use --mode cpu.';

/** When a view shows nothing: a heading, and sentences on why that is and what to do. */
export function whyNothing(profile: Profile, view: ViewOptions): string[] {
  const heading = 'Nothing was sampled';
  if (profile.runs.stack.length === 0)
    return [heading, 'The recording holds no samples.', 'It may have ended before the first one was taken.'];
  let withFrames = 0;
  let withGil = 0;
  let withState = 0;
  let withLabel = 0;
  let withRequest = 0;
  const isWanted = contextFilter(profile, view.label);
  const isOfRequest = view.request && requestFilter(profile, view.request);
  eachWeight(profile, everything, profile.runs, ({ flags, context }) => {
    withFrames++;
    if ((flags & RunFlag.holdsGil) !== 0) withGil++;
    if (isStateKnown(flags)) withState++;
    if (isWanted(context)) withLabel++;
    if (isOfRequest?.(context)) withRequest++;
  });
  if (withFrames === 0) return [heading, 'No thread was running Python code while this was recorded.'];
  if (withLabel === 0) {
    const { key, value = '' } = view.label!;
    const wanted = visibleText(`${key}=${value}`, 100);
    return [heading, `No sample has the label ${wanted}.`, 'Without --label every thread is shown.'];
  }
  if (view.request && withRequest === 0) return [heading, ...withoutRequests(profile, view.request)];
  const isOfGil = view.mode === 'gil' || view.mode === 'gil-wait';
  if (isOfGil && withGil === 0 && areFreeThreaded(profile)) return [heading, withoutGil];
  if (view.mode === 'gil' && withGil === 0)
    return [heading, 'In no sample did a thread hold the GIL.', 'Without -g (--gil) every thread is shown.'];
  if (view.mode !== 'gil' && view.mode !== 'wall') {
    const what = view.mode === 'cpu' ? 'on a CPU' : 'waiting for the GIL';
    return withState === 0
      ? [heading, 'The recording has no thread states.', 'Without --mode all of their time is shown.']
      : [heading, ...unknownNote(profile), `In no sample was a thread ${what}.`, withoutMode];
  }
  const { processes } = profile;
  const threads = threadsText(profile);
  const of =
    processes.length > 1 ? `${threads} in ${plural(processes.length, 'process', 'processes')}` : threads;
  return [
    threadCount(profile) === 1 ? 'The only thread was idle' : 'All threads were idle',
    `The recording shows ${of}, idle the whole time: waiting for work.`,
    idleAdvice,
  ];
}

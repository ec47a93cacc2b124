import { type Profile, RunFlag } from '../model/profile.js';
import { contextFilter } from './context-values.js';
import { areFreeThreaded } from './free-threaded.js';
import { plural } from './human-units.js';
import { isStateKnown } from './run-states.js';
import { eachWeight } from './sample-weights.js';
import { unknownCpu, unknownCpuText } from './unknown-cpu.js';
import { everything, type ViewOptions } from './view-options.js';
import { visibleText } from './visible-text.js';

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
  const isWanted = contextFilter(profile, view.label);
  eachWeight(profile, everything, profile.runs, ({ flags, context }) => {
    withFrames++;
    if ((flags & RunFlag.holdsGil) !== 0) withGil++;
    if (isStateKnown(flags)) withState++;
    if (isWanted(context)) withLabel++;
  });
  if (withFrames === 0) return [heading, 'No thread was running Python code while this was recorded.'];
  if (withLabel === 0) {
    const { key, value = '' } = view.label!;
    const wanted = visibleText(`${key}=${value}`, 100);
    return [heading, `No sample has the label ${wanted}.`, 'Without --label every thread is shown.'];
  }
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
  const { threads, processes } = profile;
  const of =
    processes.length > 1
      ? `${plural(threads.length, 'thread')} in ${plural(processes.length, 'process', 'processes')}`
      : plural(threads.length, 'thread');
  return [
    threads.length === 1 ? 'The only thread was idle' : 'All threads were idle',
    `The recording shows ${of}, idle the whole time: waiting for work.`,
    'Use the program while you record it, or show idle threads with -i (--idle).',
  ];
}

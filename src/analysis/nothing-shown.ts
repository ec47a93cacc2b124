import { emptyStack, type Profile, RunFlag } from '../model/profile.js';
import { plural } from './human-units.js';
import { isStateKnown } from './run-states.js';
import { unknownCpu, unknownCpuText } from './unknown-cpu.js';
import type { ViewOptions } from './view-options.js';

const withoutMode = 'Without --mode every thread is shown.';

/** That nothing was seen says little where not all could be. */
function unknownNote(profile: Profile): string[] {
  const text = unknownCpuText(unknownCpu(profile));
  return text === '' ? [] : [`${text}.`];
}

/** When a view shows nothing: a heading, and sentences on why that is and what to do. */
export function whyNothing(profile: Profile, view: ViewOptions): string[] {
  const { stack, flags } = profile.runs;
  const heading = 'Nothing was sampled';
  if (stack.length === 0)
    return [heading, 'The recording holds no samples.', 'It may have ended before the first one was taken.'];
  let withFrames = 0;
  let withGil = 0;
  let withState = 0;
  for (let run = 0; run < stack.length; run++) {
    if (stack.at(run) === emptyStack) continue;
    withFrames++;
    if ((flags.at(run) & RunFlag.holdsGil) !== 0) withGil++;
    if (isStateKnown(flags.at(run))) withState++;
  }
  if (withFrames === 0) return [heading, 'No thread was running Python code while this was recorded.'];
  if (view.mode === 'gil' && withGil === 0)
    return [heading, 'In no sample did a thread hold the GIL.', 'Without -g (--gil) every thread is shown.'];
  if (view.mode !== 'gil' && view.mode !== 'wall') {
    const what = view.mode === 'cpu' ? 'on a CPU' : 'waiting for the GIL';
    return withState === 0
      ? [
          heading,
          'The recording does not say what its threads did.',
          'Without --mode all of their time is shown.',
        ]
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

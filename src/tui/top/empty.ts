import { areFreeThreaded } from '../../analysis/free-threaded.js';
import type { LiveData } from '../../analysis/live/live-profile.js';
import { unknownCpuText } from '../../analysis/unknown-cpu.js';
import { emptyStack, RunFlag } from '../../model/profile.js';
import { type Line, span } from '../line.js';
import { plainText } from '../plain-text.js';
import { unknownNow } from './thread-rows.js';
import type { TopState } from './top-state.js';

/** Why there is nothing to see. */
export function emptyLines(data: LiveData, state: TopState): Line[] {
  const { profile, totals, counts } = data;
  const say = (text: string): Line[] => [[], [span(`  ${text}`, 'dim')]];
  if (state.filter !== '')
    return say(`No match for “${plainText(state.filter, 40)}”. Esc clears the filter.`);
  if (counts.samples === 0) return say(profile.processes.length === 0 ? 'No Python yet.' : 'No samples yet.');
  let known = false;
  let frames = false;
  for (let run = 0; run < totals.stack.length; run++) {
    frames ||= totals.stack.at(run) !== emptyStack;
    known ||= (totals.flags.at(run) & (RunFlag.running | RunFlag.waiting)) !== 0;
  }
  if (state.route !== undefined) return say(`No request of ${plainText(state.route, 60)} was seen.`);
  if (!frames || profile.threads.length === 0) return say('No thread runs Python.');
  if (state.shown === 'routes' && state.route === undefined)
    return say('No request was seen. T shows the threads.');
  if (state.mode === 'cpu' && !known)
    return say('CPU time of this process is not known. m changes the mode.');
  const unknown = state.mode === 'cpu' ? unknownCpuText(unknownNow(data)) : '';
  if (unknown !== '') return say(`${unknown}; the others spent none. m changes the mode.`);
  if (state.label?.value !== undefined)
    return say(
      `No sample with the label ${plainText(`${state.label.key}=${state.label.value}`, 60)} to show.`,
    );
  if ((state.mode === 'gil' || state.mode === 'gil-wait') && areFreeThreaded(data.profile))
    return say('This Python is free-threaded and has no GIL. m changes the mode.');
  if (state.mode !== 'wall') return say('No thread has any such time. m changes the mode.');
  if (state.applicationOnly) return say('No application code was seen. u shows libraries too.');
  return say('All threads are idle. i shows where.');
}

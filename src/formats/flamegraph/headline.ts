// The texts of the picture: its title, the facts of the recording, and what is not drawn.
import type { CallTree } from '../../analysis/call-tree.js';
import { formatCount, formatDate, formatDuration, formatShare, plural } from '../../analysis/human-units.js';
import { recordingsOf } from '../../analysis/joined-recordings.js';
import { wholeOfRuns } from '../../analysis/sample-weights.js';
import { taskSentence, threadsText } from '../../analysis/task-rows.js';
import { unknownCpu, unknownCpuText } from '../../analysis/unknown-cpu.js';
import type { RequestView, ViewOptions } from '../../analysis/view-options.js';
import type { Profile } from '../../model/profile.js';
import { visibleText } from './safe-text.js';
import { waitingText } from './waiting.js';

export function pictureTitle(profile: Profile): string {
  return visibleText(profile.info.title || 'Untitled recording');
}

/** Facts of the recording, to be parted by dots: when, for how long, of what, how many samples, what was missed. */
export function recordingFacts(profile: Profile, shown = ''): string[] {
  const { info, losses, processes } = profile;
  const versions = [...new Set(processes.map((process) => process.pythonVersion))].filter(
    (version) => version !== '',
  );
  const seconds = profile.duration / 1e6;
  const recordings = recordingsOf(profile).length;
  const facts = [
    recordings > 1 ? plural(recordings, 'recording') : '',
    `Recorded ${formatDate(info.startedAt)} for ${formatDuration(profile.duration)}`,
    versions.length === 0 ? '' : visibleText(`Python ${versions.join(', ')}`),
    processes.length > 1 ? plural(processes.length, 'process', 'processes') : '',
    threadsText(profile),
    `${plural(wholeOfRuns(profile.runs).samples, 'sample')} at ${formatCount(info.rate)} a second`,
    shown,
    // Of all ticks that the clock should have had.
    losses.missed > 0
      ? `${plural(losses.missed, 'tick')} missed (${formatShare(losses.missed, info.rate * seconds)})`
      : 'none missed',
    losses.unreadTasks > 0 ? `${plural(losses.unreadTasks, 'look')} at a task in vain` : '',
    losses.torn > 0 ? `${plural(losses.torn, 'sample')} torn` : '',
    losses.truncated > 0 ? `${plural(losses.truncated, 'stack')} cut at the deepest frame` : '',
    profile.complete ? '' : 'cut short: recording was interrupted',
  ];
  return facts.filter((fact) => fact !== '');
}

/** How much time the picture shows, and how much of it waited. */
export function shownFact({ root }: CallTree): string {
  const waiting = waitingText(root.totalTime, root.totalWaiting);
  return `${formatDuration(root.totalTime)} shown${waiting === '' ? '' : `, ${waiting}`}`;
}

/** `requests of GET /slow that took longer than 500 ms`. */
function requestText({ route, slowerThan }: RequestView): string {
  const of = route === undefined ? '' : ` of ${visibleText(route)}`;
  return `requests${of}${slowerThan === undefined ? '' : ` that took longer than ${formatDuration(slowerThan)}`}`;
}

const modeNotes: Readonly<Record<Exclude<ViewOptions['mode'], 'wall'>, string>> = {
  cpu: 'Only time on a CPU is shown.',
  gil: 'Only time holding the GIL is shown.',
  'gil-wait': 'Only time waiting for the GIL is shown.',
};

/** Sentences on what of the recording is not in the picture because of how it was asked for. */
export function viewNotes(profile: Profile, view: ViewOptions): string[] {
  const { label, mode, idle, request } = view;
  const filter =
    label?.value === undefined
      ? []
      : [`Only samples with the label ${visibleText(`${label.key}=${label.value}`)} are shown.`];
  if (request) filter.push(`Only ${requestText(request)} are shown.`);
  const unknown = mode === 'cpu' ? unknownCpuText(unknownCpu(profile)) : '';
  if (mode !== 'wall') return [modeNotes[mode], ...(unknown === '' ? [] : [`${unknown}.`]), ...filter];
  const tasks = taskSentence(profile, view);
  return [
    idle ? 'Idle threads are shown.' : 'Idle threads are hidden; -i shows them.',
    ...(tasks === undefined ? [] : [tasks]),
    ...filter,
  ];
}

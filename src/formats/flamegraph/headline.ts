// What the picture says about itself in words: its title, the facts of the recording, and what is not drawn.
import type { CallTree } from '../../analysis/call-tree.js';
import { formatCount, formatDate, formatDuration, formatShare, plural } from '../../analysis/human-units.js';
import type { ViewOptions } from '../../analysis/view-options.js';
import { emptyStack, type Profile, RunFlag } from '../../model/profile.js';
import { visibleText } from './safe-text.js';
import { waitingWords } from './waiting.js';

export function pictureTitle(profile: Profile): string {
  return visibleText(profile.info.title || 'A recording without a title');
}

/** Facts of the recording, to be parted by dots: when, for how long, of what, how many samples, what was missed. */
export function recordingFacts(profile: Profile, tree: CallTree): string[] {
  const { info, losses, processes, threads } = profile;
  const versions = [...new Set(processes.map((process) => process.pythonVersion))].filter(
    (version) => version !== '',
  );
  const seconds = profile.duration / 1e6;
  const facts = [
    `Recorded ${formatDate(info.startedAt)} for ${formatDuration(profile.duration)}`,
    versions.length === 0 ? '' : visibleText(`Python ${versions.join(', ')}`),
    processes.length > 1 ? plural(processes.length, 'process', 'processes') : '',
    plural(threads.length, 'thread'),
    `${plural(totalSamples(profile), 'sample')} at ${formatCount(info.rate)} a second`,
    shownFact(tree),
    // Of all ticks that the clock should have had.
    losses.missed > 0
      ? `${plural(losses.missed, 'tick')} missed (${formatShare(losses.missed, info.rate * seconds)})`
      : 'none missed',
    losses.torn > 0 ? `${plural(losses.torn, 'sample')} torn` : '',
    losses.truncated > 0 ? `${plural(losses.truncated, 'stack')} cut at the deepest frame` : '',
    profile.complete ? '' : 'cut short: recording was interrupted',
  ];
  return facts.filter((fact) => fact !== '');
}

function shownFact({ root }: CallTree): string {
  const waiting = waitingWords(root.totalTime, root.totalWaiting);
  return `${formatDuration(root.totalTime)} shown${waiting === '' ? '' : `, ${waiting}`}`;
}

const modeNotes: Readonly<Record<Exclude<ViewOptions['mode'], 'wall'>, string>> = {
  cpu: 'Only time on a CPU is shown.',
  gil: 'Only time holding the GIL is shown.',
  'gil-wait': 'Only time waiting for the GIL is shown.',
};

/** Sentences on what of the recording is not in the picture because of how it was asked for. */
export function viewNotes(view: ViewOptions): string[] {
  if (view.mode !== 'wall') return [modeNotes[view.mode]];
  return [
    view.idle
      ? 'Threads waiting for work are shown.'
      : 'Threads waiting for work with nothing in hand are left out; -i shows them.',
  ];
}

/** When there is nothing to draw: a heading, and why that may be. */
export function emptyMessage(profile: Profile, view: ViewOptions): string[] {
  const { stack, flags } = profile.runs;
  let withFrames = 0;
  let withGil = 0;
  for (let run = 0; run < stack.length; run++) {
    if (stack.at(run) === emptyStack) continue;
    withFrames++;
    if ((flags.at(run) & RunFlag.holdsGil) !== 0) withGil++;
  }
  const heading = 'Nothing was sampled';
  if (stack.length === 0) {
    return [heading, 'The recording holds no samples.', 'It may have ended before the first one was taken.'];
  }
  if (withFrames === 0) {
    return [heading, 'No thread was running Python code while this was recorded.'];
  }
  if (view.mode === 'gil' && withGil === 0) {
    return [heading, 'In no sample did a thread hold the GIL.', 'Without -g (--gil) every thread is shown.'];
  }
  const threads = plural(profile.threads.length, 'thread');
  return [
    heading,
    `All the time of ${threads} went into waiting for work with nothing in hand.`,
    'Use the program while you record it, or show waiting threads with -i (--idle).',
  ];
}

function totalSamples(profile: Profile): number {
  const { samples } = profile.runs;
  let total = 0;
  for (let run = 0; run < samples.length; run++) total += samples.at(run);
  return total;
}

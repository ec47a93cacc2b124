import { requestContext } from '../../model/context.js';
import { emptyStack, type Profile, RunFlag } from '../../model/profile.js';
import { formatCount, formatShare, plural } from '../human-units.js';
import { recordingsOf } from '../joined-recordings.js';
import { threadCount } from '../task-rows.js';
import { visibleText } from '../visible-text.js';
import type { Diff } from './diff.js';

/** From here on it is worth a sentence how busy the machine was. */
const worthTelling = 0.1;
/** Threads that run all the time, as a part of it. */
const allTheTime = 0.95;
const mostRoutes = 3;

/** What two recordings are compared in spite of, in one sentence; empty where they are alike. Of several, the first. */
export function recordingDifferences(allBefore: Profile, allAfter: Profile): string {
  const [before, after] = [recordingsOf(allBefore)[0]!, recordingsOf(allAfter)[0]!];
  const of = (textOf: (profile: Profile) => string): string[] => {
    const [first, second] = [textOf(before), textOf(after)];
    return first === second ? [] : [`${first} and ${second}`];
  };
  const differences = [
    ...of(({ info }) => visibleText(info.title, 80)),
    ...of(({ processes }) =>
      visibleText(
        `Python ${[...new Set(processes.map(({ pythonVersion }) => pythonVersion))].sort().join(', ')}`,
      ),
    ),
    ...of(({ info }) => `${formatCount(info.rate)} samples a second`),
    ...of(({ processes }) => plural(processes.length, 'process', 'processes')),
    ...of(({ threads }) => (threadCount({ threads }) < threads.length ? 'tasks' : 'no tasks')),
    ...of((profile) => (hasRequests(profile) ? 'requests' : 'no requests')),
  ];
  return differences.length === 0 ? '' : `The recordings differ: ${differences.join('; ')}.`;
}

function hasRequests({ contexts }: Profile): boolean {
  return contexts.some(({ kind }) => kind === requestContext);
}

/** What is to be known before any figure of a comparison is believed, a sentence each. */
export function diffNotes(diff: Diff, before: Profile, after: Profile): string[] {
  return [
    ...(after.info.startedAt < before.info.startedAt
      ? ['The second recording is older than the first.']
      : []),
    ...(diff.byPlainName
      ? [
          'One of the Pythons knows no qualified names (before 3.11), so functions are matched by plain ones: get, not View.get.',
        ]
      : []),
    ...busyNote(diff),
    ...routeNotes(diff),
    ...(diff.basis === 'second' && [...recordingsOf(before), ...recordingsOf(after)].every(runsAllTheTime)
      ? [
          'Threads ran all the time in both, so what one function takes more of a second, others get less, without being faster.',
        ]
      : []),
  ];
}

function busyNote({ contention: { before, after }, runToRun }: Diff): string[] {
  if (Math.max(before, after) < worthTelling) return [];
  const [first, second] = [formatShare(before, 1), formatShare(after, 1)];
  const [each, all] = [runToRun.ofEach, runToRun.ofSpeed].map((error) => Math.round(error * 100));
  return [
    `The machine was busy with other programs for ${first} of the time before and ${second} after, which adds ${each}% to the error of each function and ${all}% to that of all together.`,
  ];
}

function routeNotes({ basis, seenRoutes }: Diff): string[] {
  const named = (why: 'few' | 'short') => {
    const routes = seenRoutes.filter((route) => route.why === why).map(({ route }) => visibleText(route, 60));
    const more = routes.length > mostRoutes ? ` and ${routes.length - mostRoutes} more` : '';
    return routes.length === 0 ? '' : `${routes.slice(0, mostRoutes).join(', ')}${more}`;
  };
  const [few, short] = [named('few'), named('short')];
  return [
    ...(basis === 'request' ? ['Time outside of these requests is not compared: --per second does.'] : []),
    ...(few === '' ? [] : [`Too few requests to compare (below 8 in one recording): ${few}.`]),
    ...(short === ''
      ? []
      : [`Requests too short for this rate, of which an unknown number is not seen: ${short}.`]),
  ];
}

/** One thread at least, and none that ever stops. */
function runsAllTheTime({ runs, duration, threads }: Profile): boolean {
  let running = 0;
  for (let run = 0; run < runs.stack.length; run++) {
    const waits = (runs.flags.at(run) & RunFlag.waiting) !== 0;
    if (runs.stack.at(run) !== emptyStack && !waits) running += runs.duration.at(run);
  }
  const count = threadCount({ threads });
  return count > 0 && running >= duration * allTheTime * count;
}

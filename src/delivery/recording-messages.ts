import { ProfileWindows, profileOfWindow } from '../analysis/profile-windows.js';
import { eachWeight } from '../analysis/sample-weights.js';
import type { ViewOptions } from '../analysis/view-options.js';
import { serviceNameOf } from '../discovery/service-name.js';
import { zlibCompression } from '../disk/zlib-compression.js';
import { seriesPprof } from '../formats/series-pprof.js';
import { storedChunks } from '../formats/stored-chunks.js';
import type { Profile } from '../model/profile.js';
import type { ProfileMessage } from './profile-message.js';

/** Milliseconds of a profile, as those of other agents are. A recording of days has fewer, longer ones. */
const shortestWindow = 10_000;
const mostWindows = 1000;

/**
 * The messages of a recording: one for each process and window, in order of time, of what the view shows. `service`:
 * of all of them, instead of what each process is called by its command line.
 */
export function* recordingMessages(
  profile: Profile,
  view: ViewOptions,
  service?: string,
): Generator<ProfileMessage, void> {
  const count = Math.max(1, Math.ceil(profile.duration / 1000 / shortestWindow / mostWindows));
  const windows = new ProfileWindows(profile, count * shortestWindow);
  windows.add(profile.runs);
  for (const window of windows.take(Number.POSITIVE_INFINITY)) {
    const process = profile.processes[window.process];
    // The first and the last are as long as the recording is.
    const from = Math.max(window.from, profile.info.startedAt);
    const until = Math.min(window.until, profile.info.startedAt + profile.duration / 1000);
    const part = profileOfWindow(profile, { ...window, from, until }, profile.info.rate);
    const message = profileMessage(part, view, {
      service: service ?? profile.info.labels?.['service'] ?? serviceNameOf(process?.commandLine ?? []),
      labels: {
        ...(process?.pid ? { pid: String(process.pid) } : {}),
        ...(process?.pythonVersion ? { python_version: process.pythonVersion } : {}),
      },
    });
    if (message) yield message;
  }
}

/** The message of a window's profile; `undefined` where the view shows nothing of it. */
export function profileMessage(
  profile: Profile,
  view: ViewOptions,
  { service, labels }: Pick<ProfileMessage, 'service' | 'labels'>,
): ProfileMessage | undefined {
  let isEmpty = true;
  eachWeight(profile, view, profile.runs, () => {
    isEmpty = false;
  });
  if (isEmpty) return undefined;
  const { startedAt, rate } = profile.info;
  const body = pprofBody(profile, view);
  return { service, labels, from: startedAt, until: startedAt + profile.duration / 1000, rate, body };
}

/** gzipped pprof. */
export function pprofBody(profile: Profile, view: ViewOptions): Uint8Array {
  const [body] = storedChunks(seriesPprof, profile, view, zlibCompression) as Iterable<Uint8Array>;
  return body!;
}

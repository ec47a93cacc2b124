import type { ViewOptions } from '../../analysis/view-options.js';
import type { PushTarget } from '../../delivery/push-target.js';
import { checkOutput, destinationOf, leadsTo, standardOutput } from '../../disk/destination.js';
import { readFrom } from '../../disk/read-recording.js';
import { openSource, type RecordingSource } from '../../disk/recording-source.js';
import { formats } from '../../formats/formats.js';
import type { OutputFormat } from '../../formats/output-format.js';
import { summaryJson } from '../../formats/summary/summary-json.js';
import { summaryText } from '../../formats/summary/summary-text.js';
import { PyglassError } from '../../model/error.js';
import type { Profile } from '../../model/profile.js';
import { formatted } from '../../session/render.js';
import { exitCodes } from '../exit-codes.js';
import { type PushFlags, pushTargetOf, sayPushed } from '../push.js';
import { shellWord } from '../shell-word.js';
import { addSource, checkSourceFlag, type SourceFlags } from '../source.js';
import { summaryLines } from '../summary.js';
import { plainText, Terminal } from '../terminal.js';
import {
  chooseFormat,
  isRecordingName,
  type SummaryFlags,
  type ViewFlags,
  viewOptions,
} from '../view-flags.js';
import { writeOrDie } from '../write-or-die.js';

export interface ReportFlags extends ViewFlags, SummaryFlags, SourceFlags, PushFlags {
  readonly output?: string;
}

/** `pyglass report`: any view of a recording. Returns the exit status. */
export async function report(path: string, flags: ReportFlags): Promise<number> {
  const terminal = new Terminal();
  const target = await pushTargetOf(flags);
  // What is sent needs no file.
  const isShown = [flags.output, flags.format, flags.summary, flags.json].some((flag) => flag !== undefined);
  if (target && !isShown) return pushOnly(path, flags, target, terminal);
  const summaryFormat = flags.json ? summaryJson : flags.summary ? summaryText : undefined;
  const format = summaryFormat ?? chooseFormat(flags, flags.output ?? '') ?? formats[0]!;
  refuseRecordingName(flags, format);
  checkSourceFlag(flags, format, `report ${shellWord(path)}`);
  // A summary is for reading at once.
  const asked = flags.output ?? (summaryFormat && standardOutput);
  const follow = asked !== undefined;
  // Before a pipe is read in vain.
  if (follow) checkOutput(asked);
  const source = openSource(path);
  try {
    const output = asked ?? defaultOutput(path, source, format.extensions[0] ?? '.svg');
    if (!follow) checkOutput(output, follow);
    if (source.stats && leadsTo(destinationOf(output, follow), source.stats))
      throw new PyglassError('output-is-input', `cannot write ${output}: it is the recording itself`);
    const profile = readShown(source, path, terminal);
    const view = viewOptions(flags);
    const found = flags.withSource ? addSource(profile) : undefined;
    await writeOrDie(output, formatted(format, profile, view), follow);
    if (output !== standardOutput) sayWritten(terminal, output, profile, view);
    if (found !== undefined) terminal.say(found);
    if (target) await push(profile, flags, target, terminal);
    return exitCodes.success;
  } finally {
    source.close();
  }
}

/** Where a recording is expected there may be one, and it would be lost. */
function refuseRecordingName({ output, format }: ReportFlags, { id, extensions }: OutputFormat): void {
  if (output === undefined || format !== undefined || !isRecordingName(output)) return;
  const message = `${output} is a name for a recording, and what is written is a view of one`;
  const better = output.replace(/\.pyglass$/, extensions[0]!);
  throw new PyglassError('bad-option', message, {
    remedy: ['Name it by its format, or give that:', `  -o ${better}`, `  -f ${id} -o ${output}`],
  });
}

function sayWritten(terminal: Terminal, output: string, profile: Profile, view: ViewOptions): void {
  const [counts, ...table] = summaryLines(profile, view);
  terminal.say(`Wrote ${plainText(output)}: ${counts}`);
  for (const line of table) terminal.say(line);
}

async function pushOnly(path: string, flags: ReportFlags, target: PushTarget, terminal: Terminal) {
  const source = openSource(path);
  try {
    await push(readShown(source, path, terminal), flags, target, terminal);
    return exitCodes.success;
  } finally {
    source.close();
  }
}

async function push(profile: Profile, flags: ReportFlags, target: PushTarget, terminal: Terminal) {
  const { pushRecording } = await import('../../delivery/push-recording.js');
  const { service } = flags;
  sayPushed(terminal, target, await pushRecording(target, profile, viewOptions(flags), { service }));
}

/** Says where it is not whole. */
function readShown(source: RecordingSource, path: string, terminal: Terminal): Profile {
  const profile = readFrom(source, path);
  const name = path === standardOutput ? 'standard input' : plainText(path);
  if (profile.damagedBlocks > 0) terminal.say(`${name} is damaged; showing the readable part.`);
  else if (!profile.complete) terminal.say(`${name} was cut short; showing what was recorded.`);
  return profile;
}

/** Beside the recording; what comes through a pipe goes to another. */
function defaultOutput(path: string, { stats }: RecordingSource, suffix: string): string {
  if (path !== standardOutput && stats) return path.replace(/(?:\.svg)?\.pyglass$/, '') + suffix;
  if (process.stdout.isTTY !== true) return standardOutput;
  throw new PyglassError('output-missing', 'a recording from a pipe needs the name of an output');
}

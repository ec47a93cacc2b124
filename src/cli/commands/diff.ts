import { diffOf } from '../../analysis/diff/diff.js';
import { checkLimits, type GrowthLimit } from '../../analysis/diff/limits.js';
import type { Basis } from '../../analysis/diff/units.js';
import { JoinedRecordings } from '../../analysis/joined-recordings.js';
import { plainJson } from '../../analysis/plain-json.js';
import { wholeOfRuns } from '../../analysis/sample-weights.js';
import { checkOutput, destinationOf, leadsTo, standardOutput } from '../../disk/destination.js';
import { readFrom } from '../../disk/read-recording.js';
import { openSource, type RecordingSource } from '../../disk/recording-source.js';
import { zlibCompression } from '../../disk/zlib-compression.js';
import { growthPercent } from '../../formats/diff/change-text.js';
import type { DiffFormatId } from '../../formats/diff/diff-format-ids.js';
import { type DiffFormat, diffFormatForPath, diffFormats } from '../../formats/diff/diff-formats.js';
import { reportOf } from '../../formats/diff/diff-json.js';
import { diffText } from '../../formats/diff/diff-text.js';
import { formatForPath } from '../../formats/formats.js';
import { PyglassError } from '../../model/error.js';
import type { Profile } from '../../model/profile.js';
import { exitCodes } from '../exit-codes.js';
import { print } from '../print.js';
import { plainText, Terminal } from '../terminal.js';
import { isRecordingName, refusePicture, type ViewFlags, viewOptions } from '../view-flags.js';
import { writeOrDie } from '../write-or-die.js';

export type DiffLimit = GrowthLimit;

export interface DiffFlags extends ViewFlags {
  readonly before?: readonly string[];
  readonly after?: readonly string[];
  readonly per?: Basis;
  readonly output?: string;
  readonly format?: DiffFormatId;
  readonly base?: 'before' | 'after';
  readonly failAbove?: readonly DiffLimit[];
  readonly all?: boolean;
  readonly json?: boolean;
}

/** `pyglass diff`: what changed from one recording to another. Returns the exit status. */
export async function diff(named: readonly (string | undefined)[], flags: DiffFlags): Promise<number> {
  const { output, base = 'after' } = flags;
  const terminal = new Terminal();
  const paths = pathsOf(named, flags);
  if ([...paths.before, ...paths.after].filter((path) => path === standardOutput).length > 1)
    throw new PyglassError('bad-option', 'standard input can be only one of the recordings');
  // Before a pipe is read in vain.
  if (output !== undefined) {
    formatOf(output, flags.format);
    checkOutput(output);
  } else if (flags.format !== undefined)
    throw new PyglassError('bad-option', '-f is the format of an output, and there is none', {
      remedy: ['Name it:', `  pyglass diff BEFORE AFTER -o diff.${flags.format}`],
    });
  const before = readAll(paths.before, output, terminal);
  const after = readAll(paths.after, output, terminal);
  const view = viewOptions(flags);
  const found = diffOf(before, after, { view, basis: flags.per });
  const { exceeded, unmatched } = checkLimits(found, flags.failAbove ?? []);
  if (found.basis === 'request' && found.routes.length === 0) throw withoutRequests(flags.per);
  const [nothing] = unmatched;
  if (nothing) throw withoutMatch(nothing);
  if (output !== undefined) {
    const { write } = formatOf(output, flags.format);
    await writeOrDie(output, write(found, { before, after, base, view }, zlibCompression), true);
  }
  if (flags.json) await print([`${plainJson(reportOf(found, before, after, view, exceeded))}\n`]);
  else if (output !== standardOutput)
    await print([...diffText(found, before, after, { all: flags.all ?? false, view })]);
  if (output !== undefined && output !== standardOutput) terminal.say(`Wrote ${plainText(output)}.`);
  for (const { name, growth, limit } of exceeded)
    terminal.say(
      `Failed: ${plainText(name)} grew by ${growthPercent(growth)}, above ${growthPercent(limit.growth)}.`,
    );
  return exceeded.length > 0 ? exitCodes.grew : exitCodes.success;
}

/** By `-f`, else by the ending of the file, else a flame graph. */
function formatOf(output: string, asked: DiffFormatId | undefined): DiffFormat {
  if (asked !== undefined) return diffFormats[asked];
  const found = diffFormatForPath(output);
  if (found !== undefined) return found;
  const other = isRecordingName(output) ? 'a recording' : formatForPath(output)?.id;
  if (other === undefined) {
    refusePicture(output);
    return diffFormats.svg;
  }
  throw new PyglassError(
    'bad-option',
    `${output} is a name for ${other}, and what changed is written as html or svg`,
    { remedy: ['Name it so, or give the format:', '  -o diff.html', `  -f html -o ${output}`] },
  );
}

interface Paths {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** Two recordings, or several of each side. */
function pathsOf([first, second]: readonly (string | undefined)[], { before, after }: DiffFlags): Paths {
  if (first === undefined && before !== undefined && after !== undefined) return { before, after };
  if (first !== undefined && second !== undefined && before === undefined && after === undefined)
    return { before: [first], after: [second] };
  throw new PyglassError('bad-option', 'diff compares two recordings, or several of each program', {
    remedy: [
      'Name them:',
      '  pyglass diff BEFORE AFTER',
      '  pyglass diff --before BEFORE1 BEFORE2 --after AFTER1 AFTER2',
    ],
  });
}

function readAll(paths: readonly string[], output: string | undefined, terminal: Terminal): Profile {
  const [one, ...others] = paths.map((path) => readRecording(path, output, terminal));
  return others.length === 0 ? one! : new JoinedRecordings([one!, ...others]);
}

function readRecording(path: string, output: string | undefined, terminal: Terminal): Profile {
  const source = openSource(path);
  try {
    refuseSame(output, source);
    const profile = readFrom(source, path);
    const name = path === standardOutput ? 'standard input' : plainText(path);
    if (wholeOfRuns(profile.runs).samples === 0)
      throw new PyglassError('nothing-sampled', `${name} holds no samples: there is nothing to compare`);
    if (profile.damagedBlocks > 0) terminal.say(`${name} is damaged; comparing the readable part.`);
    else if (!profile.complete) terminal.say(`${name} was cut short; comparing what was recorded.`);
    return profile;
  } finally {
    source.close();
  }
}

function withoutRequests(per: Basis | undefined): PyglassError {
  return new PyglassError('bad-option', 'no route has eight requests of a known length in both recordings', {
    per,
    remedy: ['Record for longer, or compare time per second:', '  pyglass diff --per second BEFORE AFTER'],
  });
}

/** It could never fail, and nobody would notice. */
function withoutMatch({ pattern = '' }: GrowthLimit): PyglassError {
  return new PyglassError(
    'bad-option',
    `--fail-above: neither recording has a route or a Python function ${JSON.stringify(pattern)} to compare`,
    { pattern, remedy: ['To list what is compared:', '  pyglass diff --all BEFORE AFTER'] },
  );
}

function refuseSame(output: string | undefined, { stats }: RecordingSource): void {
  if (output !== undefined && stats && leadsTo(destinationOf(output, true), stats))
    throw new PyglassError('output-is-input', `cannot write ${output}: it is one of the recordings`);
}

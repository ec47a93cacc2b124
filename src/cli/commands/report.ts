import { readRecording } from '../../disk/read-recording.js';
import { checkOutput, standardOutput, writeOutput } from '../../disk/write-output.js';
import { formats } from '../../formats/formats.js';
import { summaryJson } from '../../formats/summary/summary-json.js';
import { summaryText } from '../../formats/summary/summary-text.js';
import { exitCodes } from '../exit-codes.js';
import { summaryLines } from '../summary.js';
import { plainText, Terminal } from '../terminal.js';
import { chooseFormat, type SummaryFlags, type ViewFlags, viewOptions } from '../view-flags.js';

export interface ReportFlags extends ViewFlags, SummaryFlags {
  readonly output?: string;
}

/** `pyglass report`: any view of a recording. Returns the exit status. */
export function report(path: string, flags: ReportFlags): number {
  const terminal = new Terminal();
  const asWords = flags.json ? summaryJson : flags.summary ? summaryText : undefined;
  const format = asWords ?? chooseFormat(flags, flags.output ?? '') ?? formats[0]!;
  // Words are for reading at once.
  const asked = flags.output ?? (asWords && standardOutput);
  const output = asked ?? path.replace(/(?:\.svg)?\.pyglass$/, '') + format.extensions[0];
  checkOutput(output);
  const profile = readRecording(path);
  const view = viewOptions(flags);
  if (profile.damagedBlocks > 0)
    terminal.say(`${plainText(path)} is damaged: what could be read of it is shown.`);
  else if (!profile.complete)
    terminal.say(`${plainText(path)} was cut short: what was recorded until then is shown.`);
  writeOutput(output, format.write(profile, view));
  const [counts, ...widest] = summaryLines(profile, view);
  if (output !== standardOutput) {
    terminal.say(`Wrote ${plainText(output)}: ${counts}`);
    for (const line of widest) terminal.say(line);
  }
  return exitCodes.success;
}

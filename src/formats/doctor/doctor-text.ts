import { plural } from '../../analysis/human-units.js';
import type { Finding } from '../../model/doctor.js';
import { visibleText } from '../flamegraph/safe-text.js';
import type { DoctorReport } from './doctor-json.js';

const longest = 1000;
const marks: Readonly<Record<Finding['level'], string>> = { ok: 'ok  ', note: 'note', problem: 'FAIL' };

/** The report for people, as it may stand in a bug report. */
export function* doctorText(report: DoctorReport): Generator<string> {
  const { machine, pythons, process } = report;
  yield `pyglass ${report.pyglass}\n\nThis machine\n`;
  yield* findingLines(machine.findings);
  if (pythons) {
    yield '\nPython processes\n';
    yield* findingLines(pythons.findings);
  }
  if (process) {
    const command =
      process.command.length === 0 ? '' : `: ${visibleText(process.command.join(' '), longest)}`;
    yield `\nProcess ${process.pid}${command}\n`;
    yield* findingLines(process.findings);
  }
  yield `\n${resultOf(report)}\nNext:\n  ${report.next}\n`;
}

function* findingLines(findings: readonly Finding[]): Generator<string> {
  for (const { level, text, change } of findings) {
    yield `  ${marks[level]}  ${visibleText(text, longest)}\n`;
    for (const line of change) yield `        ${visibleText(line, longest)}\n`;
  }
}

function resultOf({ machine, pythons, process }: DoctorReport): string {
  const problems = [machine, pythons, process]
    .flatMap((part) => part?.findings ?? [])
    .filter(({ level }) => level === 'problem');
  if (problems.length > 0) return `${plural(problems.length, 'problem')} found.`;
  return process ? `Process ${process.pid} can be recorded.` : 'No problem found.';
}

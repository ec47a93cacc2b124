import { homedir } from 'node:os';
import { hideHomes } from '../../analysis/doctor/hide-homes.js';
import { machineFindings, pythonsFinding } from '../../analysis/doctor/machine-findings.js';
import { processFindings } from '../../analysis/doctor/process-findings.js';
import { plainJson } from '../../analysis/plain-json.js';
import type { DoctorReport } from '../../formats/doctor/doctor-json.js';
import { doctorText } from '../../formats/doctor/doctor-text.js';
import { readsProcessesOn } from '../../model/architectures.js';
import type { Finding, FolderFacts } from '../../model/doctor.js';
import { PyglassError } from '../../model/error.js';
import { folderFacts, machineFacts } from '../../process/machine-facts.js';
import { version } from '../../session/version.js';
import { compileCacheFolder } from '../compile-cache.js';
import { exitCodes } from '../exit-codes.js';
import { explainError } from '../explain-error.js';
import { print } from '../print.js';

export interface DoctorFlags {
  readonly pid?: number;
  readonly json?: boolean;
}

/**
 * `pyglass doctor`: what pyglass can do on this machine, or with one process, and what to change. Returns the exit
 * status.
 */
export async function doctor({ pid, json }: DoctorFlags): Promise<number> {
  const report = hideHomes(await examine(pid), homedir());
  await print(json ? [`${plainJson(report)}\n`] : [...doctorText(report)]);
  return report.exitStatus;
}

async function examine(pid: number | undefined): Promise<DoctorReport> {
  const facts = { ...(await machineFacts()), cacheFolder: cacheFolder() };
  const findings = machineFindings(facts);
  const canLook =
    readsProcessesOn(facts.platform, facts.architecture) &&
    facts.procMounted &&
    facts.procIsOurs &&
    !facts.koffiError;
  const pythons = pid === undefined && canLook ? await countedPythons() : null;
  const process = pid !== undefined && canLook ? await examinedProcess(pid) : null;
  const all = [process, pythons, { findings }].flatMap((part) => part?.findings ?? []);
  const problem = all.find(({ level }) => level === 'problem');
  return {
    version: 1,
    pyglass: version,
    exitStatus: problem ? statusOf(problem) : exitCodes.success,
    machine: { ...facts, findings },
    ...{ pythons, process },
    next: nextCommand(problem, pid ?? pythons?.example ?? undefined, pythons?.readable ?? 0),
  };
}

function cacheFolder(): FolderFacts | null {
  try {
    const path = compileCacheFolder(process.env);
    return path === undefined ? null : folderFacts(path);
  } catch {
    return null;
  }
}

/** What reads processes is loaded only where it can be. */
async function countedPythons(): Promise<DoctorReport['pythons']> {
  const { countPythons } = await import('../../discovery/count-pythons.js');
  const count = countPythons();
  return { ...count, findings: [pythonsFinding(count)] };
}

async function examinedProcess(pid: number): Promise<DoctorReport['process']> {
  const [{ examinedProcess: examined }, { examinePython }] = await Promise.all([
    import('../../process/examined-process.js'),
    import('../../sampler/examine-python.js'),
  ]);
  // Attaching waits for what is starting, so it comes first.
  const result = examinePython(pid);
  const facts = examined(pid);
  const [python, error] = result instanceof PyglassError ? [undefined, result] : [result, undefined];
  const failure = error && { code: error.code, message: error.message, remedy: explainError(error).remedy };
  return { ...facts, python: python ?? null, findings: processFindings(facts, python, failure) };
}

function statusOf({ code, text }: Finding): number {
  return code === null ? exitCodes.internal : explainError(new PyglassError(code, text)).exitCode;
}

/** The first command that mends the worst problem, or the way on when there is none. */
function nextCommand(problem: Finding | undefined, pid: number | undefined, readable: number): string {
  if (problem) {
    const command = problem.change.find((line) => /^ {2}(?!pyglass doctor| *--pid)/.test(line));
    return command?.trim() ?? 'pyglass ps';
  }
  if (pid === undefined) return 'pyglass record -o profile.svg -- python app.py';
  return readable > 1 ? 'pyglass ps' : `pyglass record -o profile.svg --pid ${pid}`;
}

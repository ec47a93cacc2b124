import type { ErrorCode } from '../model/error.js';
import type { ListedProcess } from './listed-process.js';

/** Arguments of megabytes help nobody. */
const mostWords = 1000;
const longestWord = 10_000;

/** What `pyglass ps --json` prints: docs/ps-json.md. Fields are added, never renamed. */
export interface PsReport {
  /** In the order of the tree: the oldest first, children after their parents. */
  readonly processes: readonly PythonProcess[];
}

/**
 * A running Python process. Its texts are those of the process as they are: escape them before they reach a terminal or
 * a page.
 */
export interface PythonProcess {
  readonly pid: number;
  readonly parentPid: number;
  /** The nearest process above it that is in the list. */
  readonly pythonParentPid: number | null;
  /** The effective user. */
  readonly user: string;
  readonly uid: number;
  /** Such as `3.11.7`. */
  readonly version: string | null;
  /** Such as `flask`, `gunicorn`, `script`: `src/frameworks/program-kinds.ts`. */
  readonly kind: string;
  /** Such as `worker`. */
  readonly role: string | null;
  /** Kind and role for people. */
  readonly what: string;
  readonly executable: string | null;
  /** Arguments, secrets hidden: at most 1,000, each cut after 10,000 characters. */
  readonly command: readonly string[];
  /** One letter as in ps. */
  readonly state: string;
  /** Of one core, over the last 200 ms: 200 is two cores. */
  readonly cpuPercent: number | null;
  /** User and system time since it started. */
  readonly cpuSeconds: number;
  /** In RAM now. */
  readonly memoryBytes: number;
  readonly threads: number;
  readonly uptimeSeconds: number;
  /** Whether pyglass can record it. */
  readonly readable: boolean;
  /** Why it cannot. */
  readonly error: { readonly code: ErrorCode; readonly message: string } | null;
}

/** What `ps --json` prints, as a value. */
export function psReport(processes: readonly ListedProcess[]): PsReport {
  return { processes: processes.map(pythonProcess) };
}

function pythonProcess(one: ListedProcess): PythonProcess {
  return {
    pid: one.pid,
    parentPid: one.parentPid,
    pythonParentPid: one.above ?? null,
    user: one.user,
    uid: one.uid,
    version: one.version ?? null,
    kind: one.program.kind,
    role: one.program.role ?? null,
    what: one.program.words,
    executable: one.executable ?? null,
    command: one.command.slice(0, mostWords).map((word) => word.slice(0, longestWord)),
    state: one.state,
    cpuPercent: one.cpuPercent === undefined ? null : Math.round(one.cpuPercent * 10) / 10,
    cpuSeconds: one.cpuSeconds,
    memoryBytes: one.residentBytes,
    threads: one.threads,
    uptimeSeconds: Math.round(one.uptimeSeconds * 100) / 100,
    readable: one.error === undefined,
    error: one.error ? { code: one.error.code, message: one.error.message } : null,
  };
}

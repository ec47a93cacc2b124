import { plainJson } from '../../analysis/plain-json.js';
import type { ListedProcess } from './listed-process.js';

/** Arguments of megabytes help nobody. */
const mostWords = 1000;
const longestWord = 10_000;

/** What `pyglass ps --json` prints: docs/ps-json.md. Fields are added, never renamed. */
export function processesJson(processes: readonly ListedProcess[]): string {
  const report = {
    processes: processes.map((one) => ({
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
      readable: one.trouble === undefined,
      trouble: one.trouble ? { code: one.trouble.code, message: one.trouble.message } : null,
    })),
  };
  return plainJson(report);
}

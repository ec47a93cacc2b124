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
  return JSON.stringify(report, undefined, 2).replace(
    unseen,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** JSON leaves these as they are, and a terminal would obey some of them: C1 controls, direction marks and invisible characters. */
const unseen = /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

import type {
  Finding,
  MachineFacts,
  ProcessExamination,
  PythonCount,
  PythonExamination,
} from '../../model/doctor.js';

/** What `pyglass doctor --json` prints: docs/doctor-json.md. Fields are added, never renamed. */
export interface DoctorReport {
  readonly version: 1;
  /** The version of pyglass. */
  readonly pyglass: string;
  /** The worst problem decides. */
  readonly exitStatus: number;
  readonly machine: MachineFacts & { readonly findings: readonly Finding[] };
  /** Of the machine; `null` when a process was named. */
  readonly pythons: (PythonCount & { readonly findings: readonly Finding[] }) | null;
  /** The process that was named. */
  readonly process:
    | (ProcessExamination & {
        readonly python: PythonExamination | null;
        readonly findings: readonly Finding[];
      })
    | null;
  /** The command to type next. */
  readonly next: string;
}

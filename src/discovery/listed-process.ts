import type { Program } from '../frameworks/describe-program.js';
import type { PyglassError } from '../model/error.js';
import type { ProcessUsage } from '../process/process-usage.js';

/** A Python process as `pyglass ps` shows it. Texts are those of the process, as they are. */
export interface ListedProcess extends ProcessUsage {
  readonly pid: number;
  /** The nearest Python process above it, whatever is between them. */
  readonly above: number | undefined;
  readonly user: string;
  readonly executable: string | undefined;
  readonly command: readonly string[];
  readonly program: Program;
  /** `undefined` when not known, or not asked for. */
  readonly version: string | undefined;
  /** Of one core, over a fifth of a second; `undefined` where it was not asked for. */
  readonly cpuPercent: number | undefined;
  /** Why its Python cannot be read. */
  readonly error: PyglassError | undefined;
}

import type { FunctionKind, Profile } from '../model/profile.js';
import type { Category } from './category.js';
import { functionTable } from './function-table.js';
import { functionName } from './labels.js';
import { defaultView, type ViewOptions } from './view-options.js';

/**
 * Where the time of a function went. Seconds are of wall time, or of what `mode` shows; shares are of all that is
 * shown, 0 to 1.
 */
export interface HotFunction {
  /** Qualified where the Python has it. */
  readonly name: string;
  /** `synthetic`: a frame made by pyglass, such as `<gc>`. */
  readonly kind: FunctionKind;
  /** Whose code it is. */
  readonly category: Category;
  /** `co_filename`; empty for C functions and synthetic frames. */
  readonly file: string;
  /** As an import would name it: `flask/app.py`. */
  readonly shortFile: string;
  /** 0 when there is none. */
  readonly firstLine: number;
  /** With the function innermost. */
  readonly selfSeconds: number;
  readonly selfShare: number;
  /** With the function anywhere on the stack. */
  readonly totalSeconds: number;
  readonly totalShare: number;
  /** The part of `selfSeconds` that was spent blocked in the kernel; 0 where that is not known. */
  readonly waitingSeconds: number;
  /** With the function anywhere on the stack. */
  readonly samples: number;
}

/** The functions with most self time, most first. `count` [10]; the rest are the options of views. */
export function hottestFunctions(
  profile: Profile,
  options: Partial<ViewOptions> & { readonly count?: number } = {},
): HotFunction[] {
  const { count = 10, ...view } = options;
  const { rows, totalTime } = functionTable(profile, { ...defaultView, ...view }, count);
  const share = (time: number) => (totalTime > 0 ? time / totalTime : 0);
  return rows.map((entry) => {
    const info = profile.functions[entry.function];
    return {
      name: info ? functionName(info) : entry.label,
      kind: info?.kind ?? 'synthetic',
      category: entry.category,
      file: info?.file ?? '',
      shortFile: info?.shortFile ?? '',
      firstLine: info?.firstLine ?? 0,
      selfSeconds: entry.selfTime / 1e6,
      selfShare: share(entry.selfTime),
      totalSeconds: entry.totalTime / 1e6,
      totalShare: share(entry.totalTime),
      waitingSeconds: entry.waitingTime / 1e6,
      samples: entry.samples,
    };
  });
}

import { declareCompletions } from './completions.js';
import type { Declaration } from './declaration.js';
import { declareDiff } from './diff.js';
import { declareDoctor } from './doctor.js';
import { declareDump } from './dump.js';
import { declareLive } from './live.js';
import { declarePs } from './ps.js';
import { declareRecord } from './record.js';
import { declareReport } from './report.js';
import { declareTop } from './top.js';

/** Every command, in the order of the help. A new one is a file here, one in commands/, and a line. */
export const declarations: readonly Declaration[] = [
  declarePs,
  declareTop,
  declareLive,
  declareDump,
  declareRecord,
  declareReport,
  declareDiff,
  declareDoctor,
  declareCompletions,
];

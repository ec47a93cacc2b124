import type { LabelView, Mode } from '../../analysis/view-options.js';

export interface TopFlags {
  readonly pid?: number;
  readonly subprocesses?: boolean;
  readonly rate: number;
  readonly delay: number;
  readonly duration?: number;
  readonly once?: boolean;
  readonly json?: boolean;
  readonly mode?: Mode;
  readonly gil?: boolean;
  readonly label?: LabelView;
  readonly byRequest?: boolean;
  readonly request?: string;
  readonly idle?: boolean;
  readonly lines?: boolean;
  readonly fullFilenames?: boolean;
}

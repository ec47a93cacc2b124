import { type LabelView, type Mode, modes, type ViewOptions } from '../../analysis/view-options.js';

/** What the rows are. */
export type Shown = 'functions' | 'lines' | 'tree' | 'threads' | 'routes';

/** The columns that rows can be sorted by, in their order on the screen. */
export const sortKeys = ['self', 'total', 'selfTime', 'totalTime'] as const;
export type SortKey = (typeof sortKeys)[number];

/** How the person in front of the screen wants to look at it. */
export interface TopState {
  readonly shown: Shown;
  readonly sort: SortKey;
  readonly filter: string;
  /** The filter is being typed: keys are text. */
  readonly typing: boolean;
  readonly help: boolean;
  /** The display is paused; sampling continues. */
  readonly paused: boolean;
  /** First row shown; more than there are means the last page. */
  readonly scroll: number;
  readonly mode: Mode;
  readonly idle: boolean;
  readonly label: LabelView | undefined;
  /** Only requests of this route. */
  readonly route: string | undefined;
  readonly applicationOnly: boolean;
  readonly fullFileNames: boolean;
}

export const firstState: TopState = {
  shown: 'functions',
  sort: 'self',
  filter: '',
  typing: false,
  help: false,
  paused: false,
  scroll: 0,
  mode: 'wall',
  idle: false,
  label: undefined,
  route: undefined,
  applicationOnly: false,
  fullFileNames: false,
};

const noneMore: ViewOptions['idlePatterns'] = [];

export function viewOf(state: TopState, processes: boolean): ViewOptions {
  const { mode, idle, label, applicationOnly, fullFileNames } = state;
  return {
    lines: 'none',
    threads: false,
    processes,
    label,
    request: undefined,
    fullFileNames,
    idle,
    mode,
    applicationOnly,
    idlePatterns: noneMore,
  };
}

export function next<T>(values: readonly T[], value: T): T {
  return values[(values.indexOf(value) + 1) % values.length]!;
}

export function nextMode(mode: Mode): Mode {
  return next(modes, mode);
}

/** What of a recording a view shows, and how it names it. The flags of `record` and `report`. */
export interface ViewOptions {
  /** `current`: a frame for each line; `function`: one per function, at its first line; `none`: no line numbers. */
  readonly lines: 'current' | 'function' | 'none';
  /** A root frame for each thread. */
  readonly threads: boolean;
  /** A root frame for each process. */
  readonly processes: boolean;
  readonly fullFileNames: boolean;
  /** Also threads that are parked: waiting for work with nothing in hand. */
  readonly idle: boolean;
  /** Only samples of the thread that held the GIL. */
  readonly gilOnly: boolean;
}

export const defaultView: ViewOptions = {
  lines: 'current',
  threads: false,
  processes: false,
  fullFileNames: false,
  idle: false,
  gilOnly: false,
};

/** What a live page knows of the sampling behind it, as JSON. Names in it are those of the target: any text at all. */
export interface LiveState {
  /** Counts recordings: with another number it is another one, from its beginning. */
  readonly recording: number;
  /** Grows when there is more of the recording to get. */
  readonly version: number;
  readonly status: LiveStatus;
  readonly pid: number;
  /** A sentence on what is missing, or why it ended. */
  readonly note?: string;
  /** A process with the same command line that started later: the page may ask for it. */
  readonly offered?: number;
}

/** `ended`: the process has, and the recording stays. */
export type LiveStatus = 'sampling' | 'restarting' | 'ended';

/** How the page begins. */
export interface LiveStart {
  readonly mode: 'wall' | 'cpu' | 'gil' | 'gil-wait';
  readonly idle: boolean;
  readonly lines: 'current' | 'function' | 'none';
  readonly fullFileNames: boolean;
}

/** At most so many bytes of a recording are sent at once. Fewer: that is all there is. */
export const livePieceBytes = 1 << 18;

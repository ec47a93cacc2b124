/** What the thread that samples is told, and what it tells. */
export interface SamplingRequest {
  readonly pid: number;
  /** Samples a second. */
  readonly rate: number;
  /** Seconds of wall time; Infinity: until stopped or the target ends. */
  readonly duration: number;
  readonly subprocesses: boolean;
  readonly gil: boolean;
  readonly title: string;
  readonly writer: string;
  /** The target was just started by us: wait for its interpreter to come up. */
  readonly starting: boolean;
  /** Two int32 cells: [0] becomes 1 when sampling should stop. */
  readonly control: SharedArrayBuffer;
}

export interface SamplingStats {
  /** Stacks recorded, one a thread a tick. */
  readonly samples: number;
  readonly ticks: number;
  readonly missed: number;
  readonly retried: number;
  readonly torn: number;
  readonly truncated: number;
  readonly threads: number;
  readonly processes: number;
  readonly wallSeconds: number;
  readonly targetCpuSeconds: number;
  /** When the first sample was taken, milliseconds since the epoch; 0 when none was. */
  readonly firstSampleAt: number;
}

export type SamplerMessage =
  | {
      readonly kind: 'attached';
      readonly pid: number;
      readonly pythonVersion: string;
      readonly parentPid: number;
      readonly reloader?: string;
    }
  /** An uncompressed payload of the recording. */
  | { readonly kind: 'block'; readonly payload: Uint8Array }
  | { readonly kind: 'progress'; readonly stats: SamplingStats }
  | {
      readonly kind: 'finished';
      readonly reason: 'duration' | 'stopped' | 'target-ended';
      readonly stats: SamplingStats;
    }
  | {
      readonly kind: 'failed';
      readonly code: string;
      readonly message: string;
      readonly detail: Readonly<Record<string, unknown>>;
    };

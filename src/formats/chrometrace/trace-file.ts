/** The file, as far as it is written here. */
export interface TraceFile {
  readonly displayTimeUnit: 'ms';
  readonly otherData: TraceRecording;
  readonly traceEvents: readonly TraceEvent[];
}

/** What the recording says of itself. */
export interface TraceRecording {
  readonly title: string;
  readonly exporter: string;
  /** ISO 8601; null when it is not known. */
  readonly startedAt: string | null;
  /** Samples a second that were asked for. */
  readonly rate: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly missed: number;
  readonly torn: number;
  readonly complete: boolean;
}

export interface TraceEvent {
  /** `M`: a name of a row. `B` and `E`: a call begins and ends. `b` and `e`: what the thread works for. */
  readonly ph: 'M' | 'B' | 'E' | 'b' | 'e';
  readonly pid: number;
  readonly tid: number;
  /** Microseconds since the recording began. */
  readonly ts: number;
  /**
   * CPU time of the thread until then, as far as it was shown: microseconds. Absent where it is not known what of it
   * was used since the begin.
   */
  readonly tts?: number;
  /** Of `b` and `e`: the same for all of a thread. */
  readonly id?: number;
  readonly name?: string;
  /** Of calls whose code it is, or `gc`, `gil`, `waiting`, `label`; of what threads work for `context`. */
  readonly cat?: string;
  readonly args?: Readonly<Record<string, unknown>>;
}

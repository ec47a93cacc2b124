/** What one process did in one window, ready to be sent. */
export interface ProfileMessage {
  /** Under which the receiver files it. */
  readonly service: string;
  /** Of all samples. Names as Prometheus has them. */
  readonly labels: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly until: number;
  /** Samples a second. */
  readonly rate: number;
  /** gzipped pprof. */
  readonly body: Uint8Array;
}

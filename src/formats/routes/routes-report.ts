/** What `pyglass report -f routes-json` prints: docs/routes-json.md. Fields are added, never renamed. */
export interface RoutesReport {
  readonly version: 1;
  /** Of the recording. */
  readonly seconds: number;
  /** From one sample to the next: nothing that is shorter is known for certain. */
  readonly intervalSeconds: number;
  /** Of all requests that are shown, together. */
  readonly requestSeconds: number;
  /** Of requests of which it is not known which they are, besides. */
  readonly unknownSeconds: number;
  /** Most time first. */
  readonly routes: readonly RouteReport[];
}

export interface RouteReport {
  /** `GET /item/<int:id>`, or a job's name; null: requests of which nothing could be read. */
  readonly route: string | null;
  /** Requests that were seen. */
  readonly requests: number;
  /** Of them: those in one sample only, which took less than two intervals. */
  readonly seenOnce: number;
  /** Of them: those that began before the recording or went on after it. */
  readonly cut: number;
  /** Requests that were seen, per second of the recording; null: it is a single tick. */
  readonly perSecond: number | null;
  /** How many were served at a time, on average; null: it is a single tick. */
  readonly inFlight: number | null;
  /** How long those took that were seen whole, to the sampling interval; null: none was. */
  readonly p50Seconds: number | null;
  readonly p95Seconds: number | null;
  readonly p99Seconds: number | null;
  /** As far as it was seen; when it was cut, it took longer. */
  readonly longestSeconds: number;
  readonly longestIsCut: boolean;
  /** Time of threads with such a request in hand. */
  readonly seconds: number;
  /** Of `requestSeconds`, 0 to 1; the true share is within the error in 95 of 100 recordings. */
  readonly share: number;
  readonly shareError: number;
  /** Of its time; null when the recording does not say what threads did. */
  readonly waitingShare: number | null;
  readonly gilWaitingShare: number | null;
  /** The function of your code that most of its time is in. */
  readonly hottest: {
    readonly function: string;
    readonly file: string | null;
    readonly line: number | null;
    /** What it called there; null: it is its own time. */
    readonly in: string | null;
    /** Of the route's time. */
    readonly share: number;
  } | null;
}

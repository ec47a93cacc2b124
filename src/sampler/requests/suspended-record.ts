import type { LookRecords, LookRow } from '../look-records.js';

/** What the recording says of one process's suspended requests, from one time to the next. */
export class SuspendedRecord {
  readonly #records: LookRecords;
  readonly #process: number;
  /** Up to where something is recorded, microseconds. */
  #until: number;
  /** There is a record, and the last one has rows. */
  #isBegun = false;
  #hadRows = false;

  /** `process`: the recording's number of it. */
  constructor(records: LookRecords, process: number, now: number) {
    this.#records = records;
    this.#process = process;
    this.#until = now;
    records.knownUntil(process, now);
  }

  /** What was there from now on was not before: it is known since when it was looked. */
  begin(): void {
    if (this.#isBegun) return;
    this.#isBegun = true;
    this.#records.add(this.#process, this.#until, []);
  }

  /** These were suspended up to that time. */
  upTo(time: number, rows: readonly LookRow[]): void {
    if (time <= this.#until) return;
    const hasRows = rows.length > 0;
    if (hasRows && !this.#hadRows) this.#records.add(this.#process, this.#until, []);
    if (hasRows || this.#hadRows) this.#records.add(this.#process, time, rows);
    this.#hadRows = hasRows;
    this.#until = time;
    this.#records.knownUntil(this.#process, time);
  }

  /** Nothing more comes. */
  end(): void {
    this.#records.ended(this.#process);
  }
}

import type { Track } from '../../analysis/unique-ids.js';

interface Open {
  /** -1: it is no call. */
  readonly call: number;
  /** What was known of the CPU time until it began: as long as this stays, its CPU time is known. */
  readonly unknowns: number;
}

/** The events of a thread that have begun and not ended, outermost first. Times are microseconds. */
export class OpenEvents {
  readonly #track: string;
  readonly #open: Open[] = [];
  /** CPU time of the thread, as far as it was shown: its clock. */
  #cpu = 0;
  /** How often it was not known. */
  #unknowns = 0;

  constructor({ pid, tid }: Track) {
    this.#track = `"pid":${pid},"tid":${tid}`;
  }

  get count(): number {
    return this.#open.length;
  }

  /** Whether the event in that place, from 1, is this call. */
  goesOn(call: number, place: number): boolean {
    return this.#open[place - 1]?.call === call;
  }

  spend(cpu: number, isKnown: boolean): void {
    this.#cpu += cpu;
    if (!isKnown) this.#unknowns++;
  }

  /** `text`: the members of the event that say what begins. */
  begin(text: string, time: number, call = -1): string {
    this.#open.push({ call, unknowns: this.#unknowns });
    return `{"ph":"B",${this.#track},"ts":${time},"tts":${Math.round(this.#cpu)},${text}}`;
  }

  /**
   * Ends all but the outermost `count`. An event of which the CPU time is not known ends at no time of the thread's
   * clock.
   */
  *endDownTo(count: number, time: number): Iterable<string> {
    while (this.#open.length > count) {
      const { unknowns } = this.#open.pop()!;
      const cpu = unknowns === this.#unknowns ? `,"tts":${Math.round(this.#cpu)}` : '';
      yield `{"ph":"E",${this.#track},"ts":${time}${cpu}}`;
    }
  }
}

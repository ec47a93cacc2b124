import { cpuShareShift, mostCpuShare, RunFlag, wholeCpuShare } from '../model/profile.js';
import type { StillClock, ThreadClock } from '../platform/target.js';
import { clockGrain } from '../process/thread-clock.js';

/** Microseconds between looks at a thread that runs: more than 10,000 a second show nothing new. */
const shortestPause = 100;
/**
 * The same for a thread that has the GIL, and so runs: only its CPU time is wanted, which the kernel counts every few
 * milliseconds.
 */
const holdersPause = 2000;
/**
 * A thread that waits is looked at again after an eighth of the time that it has waited, at most; of many threads less
 * often.
 */
const longestPause = 20_000;
/** Looks a second at all threads of a process that wait: each takes 1.5 µs. */
const looksAtWaiting = 10_000;
/** A holder of the GIL is taken to run; after this long without CPU time it is asked. */
const uncertainAfter = 2 * clockGrain;
/**
 * For so many samples in which a thread waits what it used is kept for one in which it runs. Of a thread that runs a
 * tenth of the time, 1 ms in a row, at 100 samples a second those that wait got 61 % of its CPU time without this, and
 * none with it; of one that runs 3 % of the time 67 % and 14 % (simulated). Twice as many leave more untold at the end.
 */
const longestKept = 100;
/**
 * The time of so many samples is kept at most: when a thread ends, what is kept is lost. It is that of one on average,
 * whatever part of the time the thread runs. With 4, waits got 1 % of the first thread's CPU time, with 2 they got 8 %.
 */
const mostKept = 4;
/** Of a sample of a thread that runs. */
const mostOfSample = 2 * wholeCpuShare;
/** Samples over which their period is averaged: they come at random. */
const samplesOfPeriod = 16;
/** A thread that began a moment ago may soon end, and what is kept is lost then: at most this part of its samples. */
const keptOfAge = 1 / 8;

/** Where the lock of a GIL lies: a thread that waits at an address in here waits for it. */
export interface GilLock {
  readonly lockStart: number;
  readonly lockEnd: number;
}

/** What the threads of one process have in common. */
export class ActivityPace {
  /** Microseconds from one look at a thread that waits to the next, at most. */
  longestPause = longestPause;
  /** There is no later sample for which anything could be kept. */
  isLast = false;
  /** A thread's clock cannot be read any more, as it seems since the thread ended. */
  someGone = false;

  set threads(count: number) {
    this.longestPause = Math.max(longestPause, (count / looksAtWaiting) * 1e6);
  }
}

/**
 * What one thread does and how much CPU time it uses, as flags of its samples.
 *
 * CPU time is given to samples in sixteenths of the time that passed. A thread that runs gets all of it, though the
 * kernel counts it only at its next clock tick: what was given runs ahead of what was counted by no more than such a
 * tick, so the sum is right. What a thread that waits used since its last sample was not used by what it waits in. Who
 * used it is not known, but those samples in which it runs say who uses how much, so it is kept for the next of them.
 *
 * Where the clock cannot be read neither `running` nor `waiting` is set, not even while it holds the GIL: what is not
 * known must not look like a thread that used no CPU.
 */
export class ThreadActivity {
  readonly #clock: ThreadClock | undefined;
  readonly #pace: ActivityPace;
  /** Its first sample is still to come, and it began after the tick before: on average in the middle between them. */
  #isNewborn: boolean;
  /** Its clock could not be read at the last look. */
  gone = false;
  /** Microseconds of CPU time given to samples so far, on the clock's scale. */
  #given = 0;
  /** For how many samples what is not given has been kept, and for how many it may be by now. */
  #kept = 0;
  #longestKept: number;
  /** Microseconds from one sample to the next, lately. */
  #period = 0;
  #state = 0;
  #stateSince = 0;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #cpu = -1;
  #turns = -1;
  #movedAt = 0;
  /** It waited for the GIL and was not seen to get it yet. */
  #acquiring = false;
  #heldGil = false;
  /** It gave the GIL away and may be about to wait for it again. */
  #leaving = false;
  /** It woke since it was last looked at. */
  #woke = false;
  /** It waits, and did at the look before, but had a processor in between; until its next sample. */
  #waitsAnew = false;
  /** At the last look it waited, and had since its clock was read before that. */
  stands = false;

  /**
   * `counts`: from when on its CPU time counts: its birth, where that was after the last look at the threads, or now.
   */
  constructor(clock: ThreadClock | undefined, pace: ActivityPace, counts: 'from birth' | 'from now') {
    this.#clock = clock;
    this.#pace = pace;
    if (clock?.read() && counts === 'from now') this.#given = clock.cpu;
    this.#isNewborn = counts === 'from birth';
    this.#longestKept = this.#isNewborn ? 0 : longestKept;
  }

  /** Where it waits, whether in a system call. */
  get isInSystemCall(): boolean {
    return this.#clock?.isInSystemCall ?? false;
  }

  /**
   * Whether the call that its innermost frame stands at may be over: between calls is where the interpreter waits for
   * the GIL.
   */
  get maybeBetweenCalls(): boolean {
    return this.#acquiring || this.#leaving;
  }

  /**
   * Flags for a sample at `time`, `passed` microseconds after the one before. `moved`: its current frame is another
   * one. `gil`: that of its interpreter.
   */
  flags(time: number, passed: number, moved: boolean, holdsGil: boolean, gil: GilLock): number {
    if (!this.#clock) return 0;
    const leaves = this.#heldGil && !holdsGil;
    this.#heldGil = holdsGil;
    if (leaves || time - this.#lookedAt >= this.#pause(time, moved || this.#woke, holdsGil)) {
      const before = this.#state;
      this.#look(time, holdsGil, gil);
      if (this.#state !== before || this.#waitsAnew) this.#stateSince = time;
      // Still running when it is looked at again, it runs without the GIL.
      this.#leaving = leaves && (this.#state & RunFlag.waiting) === 0;
    } else if (holdsGil && !this.gone) this.#state = RunFlag.running;
    if ((this.#state & RunFlag.waitsForGil) !== 0) this.#acquiring = true;
    else if (holdsGil || (this.#state & RunFlag.waiting) !== 0) this.#acquiring = false;
    // Woken, but the lock is still another's or nobody's: it has not got it yet.
    const onItsWay = this.#acquiring && !holdsGil ? RunFlag.waitsForGil : 0;
    const woke = this.#waitsAnew ? RunFlag.woke : 0;
    this.#waitsAnew = false;
    return this.#state | onItsWay | woke | (this.#share(passed) << cpuShareShift);
  }

  /** Microseconds from one look to the next. */
  #pause(time: number, moved: boolean, holdsGil: boolean): number {
    if (this.gone) return this.#pace.longestPause;
    if (holdsGil) return (this.#state & RunFlag.running) !== 0 ? holdersPause : shortestPause;
    if (moved || (this.#state & RunFlag.waiting) === 0) return shortestPause;
    return Math.min(this.#pace.longestPause, (time - this.#stateSince) / 8);
  }

  /** Its stack is another one than at the sample before: unless it waits again by now, it did get the GIL. */
  movedOn(): void {
    if ((this.#state & RunFlag.waitsForGil) === 0) this.#acquiring = false;
  }

  #look(time: number, holdsGil: boolean, { lockStart, lockEnd }: GilLock): void {
    const clock = this.#clock!;
    this.#lookedAt = time;
    this.#woke = false;
    this.stands = false;
    const { cpu, turns } = clock;
    const before = this.#state;
    const turnsBefore = this.#turns;
    if (!clock.read()) {
      this.#state = 0;
      this.#pace.someGone ||= !this.gone;
      this.gone = true;
      return;
    }
    this.gone = false;
    const unmoved = clock.cpu === this.#cpu && clock.turns === this.#turns;
    if (!unmoved) {
      this.#cpu = clock.cpu;
      this.#turns = clock.turns;
      this.#movedAt = time;
    }
    if (holdsGil && time - this.#movedAt < uncertainAfter) this.#state = RunFlag.running;
    else if (holdsGil || !unmoved || (this.#state & RunFlag.waiting) === 0) {
      const state = clock.look();
      const { futexAddress } = clock;
      if (state === 'running') this.#state = RunFlag.running;
      else if (state === 'unknown') this.#state = 0;
      else if (!holdsGil && futexAddress >= lockStart && futexAddress < lockEnd)
        this.#state = RunFlag.waiting | RunFlag.waitsForGil;
      else this.#state = RunFlag.waiting;
    }
    this.stands = this.#state === RunFlag.waiting && clock.cpu === cpu && clock.turns === turns;
    // Whoever waits for the GIL wakes now and then to ask for it, and goes on waiting.
    this.#waitsAnew =
      before === RunFlag.waiting && this.#state === RunFlag.waiting && clock.turns !== turnsBefore;
  }

  /** Whether it has waited since it was looked at last: the kernel gave it no processor. It is asked now. */
  hasStood(): boolean {
    const clock = this.#clock;
    if (!clock || this.gone || (this.#state & RunFlag.waiting) === 0) return false;
    // Its turn may have ended between the two files of the last look: what it used in it was not counted by then.
    if (clock.read() && clock.turns === this.#turns && clock.cpu === this.#cpu) return true;
    this.#woke = true;
    return false;
  }

  /** What says at each tick whether it still stands; `undefined`: it has not stood, which `hasStood` says. */
  still(): StillClock | undefined {
    return this.hasStood() ? this.#clock!.still() : undefined;
  }

  /** As `flags`, of a thread that has stood. */
  flagsStanding(passed: number): number {
    return this.#state | (this.#share(passed) << cpuShareShift);
  }

  /** Whether none of the next samples, of a third of `passed` each at least, gets any CPU time while it stands. */
  isPaid(passed: number): boolean {
    // Shares are rounded, so that would be half of one.
    return this.#owed(passed / 3) - this.#keeps(passed / 3) < 0.5;
  }

  /** CPU time that was counted and not given, in sixteenths of `passed`. */
  #owed(passed: number): number {
    return ((this.#clock!.cpu - this.#given) / passed) * wholeCpuShare;
  }

  /** How much of that is kept for when it runs. */
  #keeps(passed: number): number {
    if (this.#kept >= this.#longestKept || (this.#state & RunFlag.waiting) === 0 || this.#pace.isLast)
      return 0;
    return ((mostKept * this.#period) / passed) * wholeCpuShare;
  }

  /** CPU time of the sample, in sixteenths of `passed`. */
  #share(passed: number): number {
    if (!(passed > 0)) return 0;
    this.#period += (passed - this.#period) / (this.#period === 0 ? 1 : samplesOfPeriod);
    const owed = this.#owed(passed);
    const running = (this.#state & RunFlag.running) !== 0;
    const most = this.#pace.isLast ? mostCpuShare : running ? mostOfSample : wholeCpuShare;
    const ahead = (clockGrain / passed) * wholeCpuShare;
    const part = running
      ? Math.max(Math.min(wholeCpuShare, Math.floor(owed + ahead)), Math.floor(owed))
      : Math.round(owed - this.#keeps(passed));
    const share = Math.max(0, Math.min(this.#isNewborn ? wholeCpuShare / 2 : most, part));
    this.#isNewborn = false;
    this.#given += (share * passed) / wholeCpuShare;
    this.#longestKept = Math.min(longestKept, this.#longestKept + keptOfAge);
    this.#kept = running || owed - share < 0.5 ? 0 : this.#kept + 1;
    return share;
  }

  close(): void {
    this.#clock?.close();
  }
}

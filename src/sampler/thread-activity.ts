import { cpuShareShift, RunFlag, wholeCpuShare } from '../model/profile.js';
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

/** Where the lock of a GIL lies: a thread that waits at an address in here waits for it. */
export interface GilLock {
  readonly lockStart: number;
  readonly lockEnd: number;
}

/** What the threads of one process have in common. */
export class ActivityPace {
  /** Microseconds from one look at a thread that waits to the next, at most. */
  longestPause = longestPause;
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
 * tick, so the sum is right.
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
      if (this.#state !== before) this.#stateSince = time;
      // Still running when it is looked at again, it runs without the GIL.
      this.#leaving = leaves && (this.#state & RunFlag.waiting) === 0;
    } else if (holdsGil && !this.gone) this.#state = RunFlag.running;
    if ((this.#state & RunFlag.waitsForGil) !== 0) this.#acquiring = true;
    else if (holdsGil || (this.#state & RunFlag.waiting) !== 0) this.#acquiring = false;
    // Woken, but the lock is still another's or nobody's: it has not got it yet.
    const onItsWay = this.#acquiring && !holdsGil ? RunFlag.waitsForGil : 0;
    return this.#state | onItsWay | (this.#share(passed) << cpuShareShift);
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

  /**
   * Whether all that it used was given to samples: none of the next, of a third of `passed` each at least, gets any.
   * Shares are rounded, so that would be half of one.
   */
  isPaid(passed: number): boolean {
    const shares = ((this.#clock!.cpu - this.#given) / (passed / 3)) * wholeCpuShare;
    return shares < 0.5;
  }

  /** CPU time of the sample, in sixteenths of `passed`. */
  #share(passed: number): number {
    if (!(passed > 0)) return 0;
    const running = (this.#state & RunFlag.running) !== 0;
    const room = this.#clock!.cpu - this.#given + (running ? clockGrain : 0);
    const part = running
      ? Math.floor((room / passed) * wholeCpuShare)
      : Math.round((room / passed) * wholeCpuShare);
    const most = this.#isNewborn ? wholeCpuShare / 2 : wholeCpuShare;
    this.#isNewborn = false;
    const share = Math.max(0, Math.min(most, part));
    this.#given += (share * passed) / wholeCpuShare;
    return share;
  }

  close(): void {
    this.#clock?.close();
  }
}

/**
 * Pauses between scans for children, milliseconds. A scan of ten processes takes half a millisecond; where processes
 * are started, one of 40 ms is to be seen for most of its life.
 */
const pauseWhileBorn = 5;
const pauseOtherwise = 50;
/** For this long after a process was first seen, more are expected. */
const bornLately = 2000;
/** For who samples for months: a process of which nothing is known yet makes itself heard by a notification. */
const pauseOfLasting = 1000;
/**
 * To list a thousand processes takes long, and is the same each time: this part of the time goes into it, but one that
 * was slow once delays the next no longer than so many milliseconds.
 */
const listingShare = 0.1;
const longestForListing = 500;
/**
 * To look into a process that is new takes milliseconds, and the first time that a file is read, up to 60. That comes
 * once, however long the pause: one of ten times as much missed the next child when that lived for 200 ms. So the
 * pause is as long as it took, at most so many milliseconds: where one process is started after another, half of the
 * time is left to others.
 */
const longestForLooking = 20;

/** CPU that a scan took, milliseconds: on a busy machine the next scan is not further off than elsewhere. */
export interface ScanCost {
  /** To list what runs. */
  readonly listing: number;
  /** To look into what is new, or may have become Python. */
  readonly looking: number;
}

/** Milliseconds from one scan to the next. `sinceBorn`: since a process was last seen for the first time. */
export function pauseAfterScan(
  { listing, looking }: ScanCost,
  sinceBorn: number,
  isLasting: boolean,
): number {
  const usual = sinceBorn < bornLately ? pauseWhileBorn : pauseOtherwise;
  return Math.max(
    isLasting ? pauseOfLasting : usual,
    Math.min(longestForListing, listing / listingShare),
    Math.min(longestForLooking, looking),
  );
}

/** Work in pieces that take some 0.1 ms each, between which others may have their turn. */
export type Steps<T> = Generator<void, T>;

/** All of it at once. */
export function allOf<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Does something with each of many things that there are now, so many in a step. */
export function* eachInSteps<T>(things: Iterable<T>, perStep: number, act: (thing: T) => void): Steps<void> {
  // To ask an iterator for one after the other makes as many objects.
  const all = Array.isArray(things) ? (things as readonly T[]) : [...things];
  for (let from = 0; from < all.length; from += perStep) {
    if (from > 0) yield;
    eachOfSome(all, from, Math.min(all.length, from + perStep), act);
  }
}

/**
 * Does something with some things at a time, one step after the other, and again, fewer at a time, with those that
 * `act` returns. Returns those that are left.
 */
export function* againByFewer<T>(
  things: readonly T[],
  together: readonly number[],
  act: (some: readonly T[]) => readonly T[],
): Steps<readonly T[]> {
  let left = things;
  for (const most of together) {
    const failed: T[] = [];
    for (let from = 0; from < left.length; from += most) {
      failed.push(...act(left.slice(from, from + most)));
      yield;
    }
    left = failed;
  }
  return left;
}

/** Not within the generator: V8 does not compile its loops while they run. */
function eachOfSome<T>(all: readonly T[], from: number, to: number, act: (thing: T) => void): void {
  for (let at = from; at < to; at++) act(all[at]!);
}

/** Work in pieces that take some 0.1 ms each, between which others may have their turn. */
export type Steps<T> = Generator<void, T>;

/** All of it at once. */
export function allOf<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Does something with each of many things, so many in a step. */
export function* eachInSteps<T>(things: Iterable<T>, perStep: number, act: (thing: T) => void): Steps<void> {
  const left = things[Symbol.iterator]();
  while (eachOfSome(left, perStep, act)) yield;
}

/** Not within the generator: V8 does not compile its loops while they run. False when none are left. */
function eachOfSome<T>(left: Iterator<T, unknown>, most: number, act: (thing: T) => void): boolean {
  for (let count = 0; count < most; count++) {
    const next = left.next();
    if (next.done) return false;
    act(next.value);
  }
  return true;
}

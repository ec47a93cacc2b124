import type { Profile } from '../model/profile.js';
import { categoryOf } from './category.js';
import { matchesFrame, parseFramePattern } from './frame-pattern.js';
import { requestFrames } from './request-frames.js';
import { sameFunctions } from './same-functions.js';
import { walkStack } from './stack-walk.js';

/** What a stack says of where the time is, for people who look at their own code. Functions are `sameFunctions`. */
export interface Place {
  /** The innermost function of the user's own code; without one, the innermost of Python; -1 without that. */
  readonly function: number;
  /** Its line; 0 when it is not known. */
  readonly line: number;
  readonly isOwn: boolean;
  /** The innermost function: the one in C that waits, where it is known by name. */
  readonly innermost: number;
  /** Whether the thread was serving a request. */
  readonly inRequest: boolean;
}

const patterns = requestFrames.map((text) => parseFramePattern(text)!);

/** Tells the place of a stack that is not empty; each is looked at once. */
export function placesOf(profile: Profile): (stack: number) => Place {
  const same = sameFunctions(profile);
  const own = profile.functions.map((fn) => categoryOf(fn) === 'own');
  const serves = profile.functions.map((fn) => patterns.some((pattern) => matchesFrame(fn, pattern)));
  const known = new Map<number, Place>();
  return (stack) => {
    let place = known.get(stack);
    if (place === undefined) {
      place = look(stack);
      known.set(stack, place);
    }
    return place;
  };

  function look(stack: number): Place {
    let innermost = -1;
    let python = -1;
    let ownFrame = -1;
    let inRequest = false;
    walkStack(profile, stack, (at) => {
      const frame = profile.stacks.frame.at(at);
      const fn = profile.frames.function.at(frame);
      if (innermost < 0) innermost = fn;
      if (python < 0 && profile.functions[fn]?.kind === 'python') python = frame;
      if (ownFrame < 0 && own[fn]) ownFrame = frame;
      inRequest ||= serves[fn] ?? false;
      return !inRequest || ownFrame < 0;
    });
    const frame = ownFrame >= 0 ? ownFrame : python;
    const fn = frame < 0 ? -1 : profile.frames.function.at(frame);
    return {
      function: same[fn] ?? -1,
      line: frame < 0 ? 0 : profile.frames.line.at(frame),
      isOwn: ownFrame >= 0,
      innermost: same[innermost] ?? innermost,
      inRequest,
    };
  }
}

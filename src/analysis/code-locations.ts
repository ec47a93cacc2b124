import { frameworks } from '../frameworks/frameworks.js';
import { emptyStack, type Profile } from '../model/profile.js';
import { categoryOf } from './category.js';
import { matchesFrame, parseFramePattern } from './frame-pattern.js';
import { sameFunctions } from './same-functions.js';

/** What a stack says of where the time is, seen from application code. Functions are `sameFunctions`. */
export interface CodeLocation {
  /** The innermost function of application code; without one, the innermost of Python; -1 without that. */
  readonly function: number;
  /** Its line; 0 when it is not known. */
  readonly line: number;
  readonly isApplication: boolean;
  /** The innermost function: the one in C that waits, where it is known by name. */
  readonly innermost: number;
  /** Whether the thread was serving a request. */
  readonly inRequest: boolean;
}

const requestFrames = frameworks.flatMap(({ requests = [] }) =>
  requests.map((text) => parseFramePattern(text)!),
);

/**
 * The location of a stack that is not empty. Each stack takes what it can from its caller's, so deep ones cost no more
 * than others.
 */
export function codeLocationsOf(profile: Profile): (stack: number) => CodeLocation {
  const { stacks, frames } = profile;
  const same = sameFunctions(profile);
  const application = profile.functions.map((fn) => categoryOf(fn) === 'application');
  const serves = profile.functions.map((fn) => requestFrames.some((pattern) => matchesFrame(fn, pattern)));
  const count = stacks.frame.length;
  // By stack: the frames of the innermost function of Python and of application code, -1 for none; and whether it
  // serves a request.
  const python = new Int32Array(count).fill(-1);
  const applicationFrame = new Int32Array(count).fill(-1);
  const inRequest = new Uint8Array(count);
  for (let stack = emptyStack + 1; stack < count; stack++) {
    const parent = stacks.parent.at(stack);
    const frame = stacks.frame.at(stack);
    const fn = frames.function.at(frame);
    python[stack] = profile.functions[fn]?.kind === 'python' ? frame : python[parent]!;
    applicationFrame[stack] = application[fn] ? frame : applicationFrame[parent]!;
    inRequest[stack] = serves[fn] ? 1 : inRequest[parent]!;
  }
  // Most stacks are asked for again and again.
  const known: (CodeLocation | undefined)[] = new Array(count);
  const locate = (stack: number): CodeLocation => {
    const isApplication = applicationFrame[stack]! >= 0;
    const frame = isApplication ? applicationFrame[stack]! : python[stack]!;
    const fn = frame < 0 ? -1 : frames.function.at(frame);
    const innermost = frames.function.at(stacks.frame.at(stack));
    return {
      function: same[fn] ?? -1,
      line: frame < 0 ? 0 : frames.line.at(frame),
      isApplication,
      innermost: same[innermost] ?? innermost,
      inRequest: inRequest[stack] === 1,
    };
  };
  return (stack) => {
    known[stack] ??= locate(stack);
    return known[stack];
  };
}

import { emptyStack, type FunctionInfo, type Profile } from '../model/profile.js';
import { type FramePattern, matchesFrame, parseFramePattern } from './frame-pattern.js';
import { idlePatterns } from './idle-patterns.js';
import { walkStack } from './stack-walk.js';

/** Frames of Python directly under one another, innermost first. */
export interface IdlePattern {
  readonly frames: readonly FramePattern[];
}

/** Reads `file.py:function < caller.py:function`; `undefined` when it is not of that form. */
export function parseIdlePattern(text: string): IdlePattern | undefined {
  const frames = text.split(/(?:^|\s)<(?:\s|$)/).map(parseFramePattern);
  return frames.every((frame) => frame !== undefined) ? { frames } : undefined;
}

/** Patterns that are asked of every stack, by the name of their innermost frame, and what they said of the stacks of a profile. */
interface Knowledge {
  readonly byInnermostName: ReadonlyMap<string, readonly IdlePattern[]>;
  /** One answer per stack: 0 not asked yet, 1 no, 2 yes. */
  readonly answers: WeakMap<Profile, Int8Array>;
}

/** C functions in a row that are passed over: a hundred are no wait for work, and what is deeper is followed for each stack anew. */
const mostInC = 100;

const noMore: readonly IdlePattern[] = [];
const known = new WeakMap<readonly IdlePattern[], Knowledge>();

/**
 * Whether a thread with this stack is idle, that is in a known wait for work, by the built-in patterns or by the `more` of a user.
 * The empty stack counts as such.
 */
export function isIdle(profile: Profile, stack: number, more: readonly IdlePattern[] = noMore): boolean {
  const { byInnermostName, answers } = knowledgeOf(more);
  let ofProfile = answers.get(profile);
  if (ofProfile === undefined || stack >= ofProfile.length) {
    // The profile may still be growing.
    const larger = new Int8Array(Math.max(profile.stacks.frame.length, stack + 1) * 2);
    if (ofProfile !== undefined) larger.set(ofProfile);
    ofProfile = larger;
    answers.set(profile, ofProfile);
  }
  if (ofProfile[stack] === 0) ofProfile[stack] = looksIdle(profile, stack, byInnermostName) ? 2 : 1;
  return ofProfile[stack] === 2;
}

function knowledgeOf(more: readonly IdlePattern[]): Knowledge {
  let knowledge = known.get(more);
  if (knowledge === undefined) {
    const byInnermostName = new Map<string, IdlePattern[]>();
    for (const pattern of [...idlePatterns.map((line) => parseIdlePattern(line)!), ...more]) {
      const { name } = pattern.frames[0]!;
      byInnermostName.set(name, [...(byInnermostName.get(name) ?? []), pattern]);
    }
    knowledge = { byInnermostName, answers: new WeakMap() };
    known.set(more, knowledge);
  }
  return knowledge;
}

function looksIdle(profile: Profile, stack: number, byInnermostName: Knowledge['byInnermostName']): boolean {
  const innermost = passOverC(profile, stack);
  const fn = functionAt(profile, innermost);
  if (fn === undefined) return stack === emptyStack;
  const names = fn.qualifiedName === fn.name ? [fn.name] : [fn.name, fn.qualifiedName];
  return names.some((name) =>
    byInnermostName.get(name)?.some((pattern) => matches(profile, innermost, pattern)),
  );
}

function matches(profile: Profile, innermost: number, { frames }: IdlePattern): boolean {
  let stack = innermost;
  for (const wanted of frames) {
    const fn = functionAt(profile, stack);
    if (fn === undefined || !matchesFrame(fn, wanted)) return false;
    stack = passOverC(profile, profile.stacks.parent.at(stack));
  }
  return true;
}

/** C functions are in stacks only where they are known by name: the one that waits, an iterator that calls back. */
function passOverC(profile: Profile, from: number): number {
  let stack = from;
  let passed = 0;
  walkStack(profile, from, (at) => {
    stack = at;
    return functionAt(profile, at)?.kind === 'c' && ++passed < mostInC;
  });
  return functionAt(profile, stack)?.kind === 'c' ? emptyStack : stack;
}

/** The function of a stack's innermost frame; nothing for the empty stack. */
function functionAt(profile: Profile, stack: number): FunctionInfo | undefined {
  if (stack === emptyStack) return undefined;
  return profile.functions[profile.frames.function.at(profile.stacks.frame.at(stack))];
}

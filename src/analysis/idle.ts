import { frameworks } from '../frameworks/frameworks.js';
import { waitForLoop, waitForWork, waitPrefix } from '../model/leaf-frames.js';
import { emptyStack, type FunctionInfo, type Profile } from '../model/profile.js';
import { type FramePattern, matchesFrame, parseFramePattern } from './frame-pattern.js';
import { walkStack } from './stack-walk.js';

/** Any number of frames of files in a folder, also none. */
interface FolderPattern {
  /** Such as `redis`. */
  readonly folder: string;
}

/** Frames of Python directly under one another, innermost first. The first and the last are no folders. */
export interface IdlePattern {
  readonly innermost: FramePattern;
  readonly callers: readonly (FramePattern | FolderPattern)[];
}

/** Reads `file.py:function < folder/* < caller.py:function`; `undefined` when it is not of that form. */
export function parseIdlePattern(text: string): IdlePattern | undefined {
  const [innermost, ...callers] = text
    .split(/(?:^|\s)<(?:\s|$)/)
    .map((part) => parseFramePattern(part) ?? parseFolder(part));
  if (innermost === undefined || isFolder(innermost) || isFolder(callers.at(-1))) return undefined;
  return callers.every((caller) => caller !== undefined) ? { innermost, callers } : undefined;
}

function parseFolder(text: string): FolderPattern | undefined {
  const folder = /^\s*([^\s:*]+)\/\*\s*$/.exec(text)?.[1];
  return folder === undefined ? undefined : { folder };
}

function isFolder(pattern: FramePattern | FolderPattern | undefined): pattern is FolderPattern {
  return pattern !== undefined && 'folder' in pattern;
}

/**
 * Patterns that are asked of every stack, by the name of their innermost frame, and what they said of the stacks of a
 * profile.
 */
interface Knowledge {
  readonly byInnermostName: ReadonlyMap<string, readonly IdlePattern[]>;
  /** By the tables of stacks, which parts of a recording have in common. */
  readonly answers: WeakMap<Profile['stacks'], Answers>;
}

interface Answers {
  /** Whose stacks these are. */
  readonly functions: Profile['functions'];
  /** One answer per stack: 0 not asked yet, 1 no, 2 yes. */
  readonly byStack: Int8Array;
}

/**
 * C functions in a row that are passed over: a hundred are no wait for work, and what is deeper is followed for each
 * stack anew.
 */
const mostInC = 100;

/** Frames of a folder in a row: a reply of Redis is awaited some ten frames deep. */
const mostOfFolder = 100;

const noMore: readonly IdlePattern[] = [];
const known = {
  threads: new WeakMap<readonly IdlePattern[], Knowledge>(),
  tasks: new WeakMap<readonly IdlePattern[], Knowledge>(),
};
/** What a stack is of. */
type StackOf = keyof typeof known;

/**
 * Whether a thread, or a task, with this stack is idle, that is in a known wait for work: by the built-in patterns or
 * by the `more` of a user. The empty stack counts as such.
 */
export function isIdle(
  profile: Profile,
  stack: number,
  more: readonly IdlePattern[] = noMore,
  of: StackOf = 'threads',
): boolean {
  return idleStacks(profile, more, of)(stack);
}

/** The same of many stacks, as long as the profile does not grow. */
export function idleStacks(
  profile: Profile,
  more: readonly IdlePattern[] = noMore,
  of: StackOf = 'threads',
): (stack: number) => boolean {
  const { byInnermostName, answers } = knowledgeOf(more, of);
  const { stacks, functions } = profile;
  const looks = of === 'tasks' ? looksIdleAsTask : looksIdle;
  let known = answers.get(stacks);
  if (known?.functions !== functions || known.byStack.length < stacks.frame.length) {
    // The profile may still be growing.
    const byStack = new Int8Array(stacks.frame.length * 2);
    if (known?.functions === functions) byStack.set(known.byStack);
    known = { functions, byStack };
    answers.set(stacks, known);
  }
  const { byStack } = known;
  return (stack) => {
    if (byStack[stack] === 0) byStack[stack] = looks(profile, stack, byInnermostName) ? 2 : 1;
    return byStack[stack] === 2;
  };
}

function knowledgeOf(more: readonly IdlePattern[], of: StackOf): Knowledge {
  let knowledge = known[of].get(more);
  if (knowledge === undefined) {
    const byInnermostName = new Map<string, IdlePattern[]>();
    for (const pattern of [...ofFrameworks(of), ...more]) {
      const { name } = pattern.innermost;
      byInnermostName.set(name, [...(byInnermostName.get(name) ?? []), pattern]);
    }
    knowledge = { byInnermostName, answers: new WeakMap() };
    known[of].set(more, knowledge);
  }
  return knowledge;
}

function ofFrameworks(of: StackOf): IdlePattern[] {
  return frameworks.flatMap(({ idle, idleTasks }) =>
    ((of === 'tasks' ? idleTasks : idle)?.stacks ?? []).map((text) => parseIdlePattern(text)!),
  );
}

/** What a task waits for may stand below its own frames. */
function looksIdleAsTask(
  profile: Profile,
  stack: number,
  byInnermostName: Knowledge['byInnermostName'],
): boolean {
  const last = functionAt(profile, stack);
  if (last?.kind !== 'synthetic' || !last.name.startsWith(waitPrefix))
    return looksIdle(profile, stack, byInnermostName);
  if (last.name === waitForWork) return true;
  // Whatever it waited for, it need not any more.
  if (last.name === waitForLoop) return false;
  const own = profile.stacks.parent.at(stack);
  return own !== emptyStack && looksIdle(profile, own, byInnermostName);
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

function matches(profile: Profile, innermost: number, pattern: IdlePattern): boolean {
  const fn = functionAt(profile, innermost);
  if (fn === undefined || !matchesFrame(fn, pattern.innermost)) return false;
  let stack = innermost;
  let folder: string | undefined;
  for (const wanted of pattern.callers) {
    if (isFolder(wanted)) {
      folder = wanted.folder;
      continue;
    }
    stack = callerOf(profile, stack, wanted, folder);
    if (stack === emptyStack) return false;
    folder = undefined;
  }
  return true;
}

/** The nearest caller that is the wanted one, with nothing but frames of the folder between; else the empty stack. */
function callerOf(profile: Profile, from: number, wanted: FramePattern, folder: string | undefined): number {
  let stack = from;
  for (let passed = 0; passed < mostOfFolder; passed++) {
    stack = passOverC(profile, profile.stacks.parent.at(stack));
    const fn = functionAt(profile, stack);
    if (fn === undefined || matchesFrame(fn, wanted)) return stack;
    if (folder === undefined || !`/${fn.file}`.includes(`/${folder}/`)) return emptyStack;
  }
  return emptyStack;
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

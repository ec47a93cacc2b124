import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseFramePattern } from '../../src/analysis/frame-pattern.js';
import { isIdle, parseIdlePattern } from '../../src/analysis/idle.js';
import {
  type DescribedParent,
  describeProgram,
  type ProgramFacts,
} from '../../src/frameworks/describe-program.js';
import type { Framework, ProgramPattern } from '../../src/frameworks/framework.js';
import { frameworks } from '../../src/frameworks/frameworks.js';
import { reloaderOf } from '../../src/frameworks/reloaders.js';
import { profileFromText } from './profile-from-text.js';

/** A process by its command line, and what `ps` shows for it. */
export interface ProgramExample {
  /** Text is parted at blanks. */
  readonly command: string | readonly string[];
  readonly ps: string;
  /** The command lines above it, the nearest last. */
  readonly below?: readonly (string | readonly string[])[];
  /** Marks of reloaders in its environment, and in that of its child. */
  readonly marks?: readonly string[];
  readonly childMarks?: readonly string[];
}

/**
 * Stacks are written as patterns are, innermost frame first: `threading.py:wait < queue.py:get`. `c:select.epoll.poll`
 * is a C function.
 */
export interface FrameworkExamples {
  readonly programs?: readonly ProgramExample[];
  /** Threads that wait for work. The parent of a reloader is one. */
  readonly idle?: readonly string[];
  /** The same threads at work, waits within that work too. Those that serve a request have its frame. */
  readonly busy?: readonly string[];
  /** Tasks of asyncio that wait for work. */
  readonly idleTasks?: readonly string[];
}

/** The test of each framework: every pattern has an example that it matches, and examples that none may match. */
export function frameworkContract(framework: Framework, examples: FrameworkExamples): void {
  const { id, programs = [], reloader, requests = [], anchors = [], idle } = framework;
  const { idle: idleExamples = [], busy: busyExamples = [] } = examples;

  test(`${id}: is in the list`, () => {
    assert.equal(frameworks.filter((one) => one === framework).length, 1);
    assert.match(id, /^[a-z]+(-[a-z]+)*$/);
    assert.ok(programs.length + requests.length + (idle?.stacks.length ?? 0) > 0, 'nothing is known of it');
  });

  for (const example of examples.programs ?? [])
    test(`${id}: ps shows ${example.ps}`, () => {
      assert.equal(described(example).words, example.ps);
    });

  for (const pattern of programs)
    test(`${id}: an example has ${pattern.command ?? pattern.code ?? pattern.renamed ?? pattern.servesWith}`, () => {
      const kind = pattern.id ?? id;
      const shown = (examples.programs ?? []).filter(
        (example) => described(example).kind === kind && fits(pattern, example),
      );
      assert.notEqual(shown.length, 0);
    });

  for (const example of idleExamples)
    test(`${id}: idle is ${example}`, () => {
      assert.ok(isHidden(example), 'no pattern fits, or a function in it does not have its own name');
      assert.ok(!isHidden(`app.py:job < ${example}`), 'work below it must be shown');
      for (const frame of requests) assert.ok(!has(example, frame), 'no request is served');
    });

  for (const example of busyExamples)
    test(`${id}: busy is ${example}`, () => {
      assert.ok(!isHidden(example));
      assert.ok(reloader === undefined || !has(example, reloader), 'the reloader only waits');
    });

  const frames = [
    ...(idle?.stacks ?? []).flatMap(framesOf),
    ...requests,
    ...anchors.map(({ frame }) => frame),
    ...(reloader === undefined ? [] : [reloader]),
  ];
  test(`${id}: functions have their own names, since up to 3.10 no others are known`, () => {
    assert.deepEqual(
      frames.filter((frame) => frame.replace(/^.*:/, '').includes('.')),
      [],
    );
  });

  for (const stack of idle?.stacks ?? [])
    test(`${id}: the pattern ${stack}`, () => {
      assert.ok(parseIdlePattern(stack), 'it is not of the form');
      assert.ok(
        idleExamples.some((example) => textOfPattern(stack).test(`${withoutC(example)} < `)),
        'no example of an idle thread has it',
      );
      const file = framesOf(stack).at(-1)!.replace(/:.*/, '');
      assert.ok(
        busyExamples.some((example) => example.includes(`${file}:`)),
        `no example of a busy thread is in ${file}`,
      );
    });

  for (const example of examples.idleTasks ?? [])
    test(`${id}: an idle task is ${example}`, () => {
      assert.ok(isHidden(example, 'tasks'));
      assert.ok(!isHidden(`app.py:job < ${example}`, 'tasks'), 'what waits below it must be shown');
    });

  for (const stack of framework.idleTasks?.stacks ?? [])
    test(`${id}: the pattern of tasks ${stack}`, () => {
      assert.ok(parseIdlePattern(stack), 'it is not of the form');
      assert.ok((examples.idleTasks ?? []).some((example) => textOfPattern(stack).test(`${example} < `)));
    });

  for (const frame of requests)
    test(`${id}: a request has the frame ${frame}`, () => {
      assert.ok(parseFramePattern(frame), 'it is not of the form');
      assert.ok(busyExamples.some((example) => has(example, frame)));
    });

  if (reloader !== undefined)
    test(`${id}: the reloader has the frame ${reloader}`, () => {
      const waiting = idleExamples.filter((example) => has(example, reloader));
      assert.notEqual(waiting.length, 0);
      for (const frame of framesOf(waiting[0]!)) {
        const [file = '', name = ''] = frame.split(':');
        const found = reloaderOf(`/usr/lib/python3/site-packages/${file}`, name);
        assert.equal(found, frame === reloader ? `${framework.title}'s reloader` : undefined, frame);
      }
    });
}

function factsOf({ command, marks = [] }: Pick<ProgramExample, 'command' | 'marks'>): ProgramFacts {
  const words = typeof command === 'string' ? command.split(' ') : command;
  return { words, isInterpreter: /python/.test(words[0]!), marks };
}

function described(example: ProgramExample) {
  let parent: DescribedParent | undefined;
  for (const command of example.below ?? []) {
    const facts = factsOf({ command });
    parent = { facts, program: describeProgram(facts, parent, []) };
  }
  const facts = factsOf(example);
  const children = example.childMarks === undefined ? [] : [{ ...facts, marks: example.childMarks }];
  return describeProgram(facts, parent, children);
}

/** Whether the text of a pattern is in an example at all. */
function fits(
  { command, args, code, renamed, servesWith }: ProgramPattern,
  example: ProgramExample,
): boolean {
  const { words, marks } = factsOf(example);
  if (renamed) return renamed.test(words[0]!);
  if (code) return words.some((word) => code.test(word));
  if (!command) return servesWith !== undefined && marks.includes(servesWith);
  const at = words.findIndex((word) => command.test(word.replace(/^.*\//, '').replace(/\.py$/, '')));
  return at >= 0 && (args === undefined || args.test(words.slice(at + 1).join(' ')));
}

const framesOf = (stack: string) => stack.split(' < ');
const has = (stack: string, frame: string) => framesOf(stack).includes(frame);
const withoutC = (stack: string) =>
  framesOf(stack)
    .filter((frame) => !frame.startsWith('c:'))
    .join(' < ');

/** Of the frames of Python of an example. A folder is any number of frames. */
function textOfPattern(stack: string): RegExp {
  const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const parts = framesOf(stack).map((part) =>
    part.endsWith('/*') ? `(${literal(part.slice(0, -1))}\\S* < )*` : `${literal(part)} < `,
  );
  return new RegExp(`^${parts.join('')}`);
}

/** Whether views leave a thread, or a task, out that has these frames above those of a program. */
function isHidden(stack: string, of: 'threads' | 'tasks' = 'threads'): boolean {
  const frames = ['app.py:<module>', ...framesOf(stack).reverse()];
  const functions = Object.fromEntries(
    frames.map((text, depth) => {
      const [file, name] = text.split(':') as [string, string];
      const c = file === 'c';
      return [`f${depth}`, c ? { kind: 'c' as const, name } : { file: `/usr/lib/python3/${file}`, name }];
    }),
  );
  return isIdle(
    profileFromText(frames.map((_, depth) => `f${depth}`).join(' | '), { functions }),
    frames.length,
    [],
    of,
  );
}

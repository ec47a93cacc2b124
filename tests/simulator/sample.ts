import { ThreadStack } from '../../src/cpython/stack/thread-stack.js';
import { ReadPlan } from '../../src/memory/read-plan.js';
import type { Losses } from '../../src/model/profile.js';
import { ReadingCount } from '../../src/sampler/evidence/proven-calls.js';
import { CheckedStack } from '../../src/sampler/name-check.js';
import { type ReadThread, StackReader } from '../../src/sampler/stack-reader.js';
import { LastStack } from '../../src/sampler/stacks/last-stack.js';
import { VerdictCounts } from '../../src/sampler/stacks/verdicts.js';
import type { SimulatedPython } from './simulated-python.js';

export interface Sampled {
  readonly samples: number;
  /** Samples with a stack that the program never had, and such stacks. */
  readonly impossible: number;
  readonly examples: ReadonlySet<string>;
  /** Samples by name of the innermost function. */
  readonly self: ReadonlyMap<string, number>;
  readonly losses: Losses;
  readonly verdicts: Readonly<Record<string, number>>;
}

/**
 * Reads a simulated Python as the sampler reads a thread, so many times, `period` nanoseconds apart on average.
 * `isHasty`: a sample may take no more time than one reading beside that of the tick.
 */
export function sample(
  python: SimulatedPython,
  times: number,
  period: number,
  random: () => number,
  isHasty = false,
): Sampled {
  const { layout } = python;
  const losses: Losses = { missed: 0, retried: 0, torn: 0, truncated: 0, unreadTasks: 0 };
  const verdicts = new VerdictCounts();
  const names: string[] = [];
  const stacks: string[][] = [[]];
  const known = new Map<string, number>();
  const define = (key: string, make: () => number) => {
    const id = known.get(key) ?? make();
    known.set(key, id);
    return id;
  };
  const thread: ReadThread = {
    stack: new ThreadStack(layout, python.threadState),
    last: new LastStack(),
    checked: new CheckedStack(),
    readings: new ReadingCount(),
    followedAt: Number.NEGATIVE_INFINITY,
  };
  const micros = () => python.now / 1000;
  const reader = new StackReader({
    ...{ memory: python, layout, losses, verdicts, cFunctions: true, threads: () => [thread] },
    encoder: {
      defineFunction: ({ name }) => define(`function ${name}`, () => names.push(name) - 1),
      defineFrame: (fn) => fn,
      defineStack: (parent, frame) =>
        define(`stack ${parent} ${frame}`, () => stacks.push([...stacks[parent]!, names[frame]!]) - 1),
    },
    shortFileName: (fileName) => fileName,
    clock: micros,
    isTimeUp: () => isHasty,
  });
  const plan = new ReadPlan();
  let buffer = new Uint8Array(1 << 16);
  let before = micros();
  let quiet = 0;
  let impossible = 0;
  const examples = new Set<string>();
  const self = new Map<string, number>();
  thread.stack.begin(python);
  for (let tick = 0; tick < times; tick++) {
    python.pass(period * (0.5 + random()));
    plan.clear();
    thread.stack.addTo(plan, layout.minor <= 10 || quiet < 512);
    reader.addTo(plan);
    thread.stack.addRest(plan);
    if (plan.bytes > buffer.length) buffer = new Uint8Array(plan.bytes * 2);
    const words = new Uint32Array(buffer.buffer);
    const copiedAt = micros();
    const count = python.readMany(plan, buffer);
    if (count < plan.requiredBytes) throw new Error('the program has memory that cannot be read');
    thread.stack.regions.copied = count;
    const currentFrame = thread.stack.currentFrame(words, 'before');
    const node = reader.read(thread, {
      words,
      copiedAt,
      copyDelay: 0,
      passed: copiedAt - before,
      currentFrame,
      inCall: true,
      blocked: false,
      runs: true,
    });
    before = copiedAt;
    quiet = reader.readAgain ? 0 : quiet + 1;
    if (tick % 100 === 0) reader.review(copiedAt);
    const stack = stacks[reader.stackOf(node)]!;
    const leaf = stack.at(-1) ?? '';
    self.set(leaf, (self.get(leaf) ?? 0) + 1);
    if (leaf === '<unread>' || stack.length === 0 || python.stacks.has(stack.join(' '))) continue;
    impossible++;
    examples.add(stack.join(' '));
  }
  return { samples: times, impossible, examples, self, losses, verdicts: verdicts.toJSON() };
}

// What an agent costs beside 40 programs: its own CPU and memory, and the CPU time that a program takes for the same
// work while the agent samples it and while it is stopped.
import { setTimeout as pause } from 'node:timers/promises';
import { Pyglass } from '../tests/support/pyglass.js';
import type { TestPython } from '../tests/support/pythons.js';
import { withFolder } from '../tests/support/recordings.js';
import { Target } from '../tests/support/targets.js';
import { cpuSeconds, memoryBytes } from './process-costs.js';
import { median, medianInterval, quantile } from './statistics.js';

const program = new URL('../../benchmarks/programs/paced.py', import.meta.url).pathname;
const programs = 40;
/** Seconds until its code is compiled and it has given back what learning the programs took. */
const settling = 90;
/** Seconds of a measurement of its CPU. */
const window = 20;
/** Milliseconds of CPU of each half of a pair, and from a signal to the agent until a half begins. */
const [half, settled] = [150, 50];
const pairsPerMinute = 60;

export interface AgentCosts {
  /** Of one processor: the share of each window. */
  readonly cpu: readonly number[];
  /** Bytes at the end of each window. */
  readonly memory: readonly number[];
  /** CPU time for the same work: with the agent against without it, and without it against without it. */
  readonly slowdown: readonly number[];
  readonly control: readonly number[];
}

/** `minutes`: of each of the two parts. */
export async function agentCosts(python: TestPython, minutes: number): Promise<AgentCosts> {
  const mark = `benchmark-${process.pid}`;
  const targets: Target[] = [];
  try {
    for (let count = 0; count < programs; count++)
      targets.push(await Target.start(python, program, { args: [mark] }));
    return await withFolder(async (folder) => {
      const agent = new Pyglass(['agent', '--folder', folder, '--command', mark, '--max-cpu', '100%']);
      try {
        const pid = agent.child.pid!;
        await pause(settling * 1000);
        const own = await ownCosts(pid, minutes);
        return { ...own, ...(await compare(targets[0]!, pid, minutes)) };
      } finally {
        agent.child.kill('SIGCONT');
        await agent.stop();
      }
    });
  } finally {
    for (const target of targets) await target.stop();
  }
}

async function ownCosts(pid: number, minutes: number): Promise<Pick<AgentCosts, 'cpu' | 'memory'>> {
  const [cpu, memory]: [number[], number[]] = [[], []];
  for (let count = 0; count < (minutes * 60) / window; count++) {
    const [before, began] = [cpuSeconds(pid), performance.now()];
    await pause(window * 1000);
    cpu.push((cpuSeconds(pid) - before) / ((performance.now() - began) / 1000));
    memory.push(memoryBytes(pid, 'now'));
  }
  return { cpu, memory };
}

/**
 * The agent is stopped and goes on again every fraction of a second, in an order by chance: what else happens on the
 * machine changes more slowly than that, and so is in both halves of a pair.
 */
async function compare(
  target: Target,
  agent: number,
  minutes: number,
): Promise<Pick<AgentCosts, 'slowdown' | 'control'>> {
  const cpuOf = async (units: number): Promise<number> => {
    target.say(String(units));
    return Number(await target.line());
  };
  // The first time its code is compiled.
  await cpuOf(50);
  const units = Math.max(1, Math.round((half * 1e6) / ((await cpuOf(50)) / 50)));
  const [slowdown, control]: [number[], number[]] = [[], []];
  for (let pair = 0; pair < minutes * pairsPerMinute; pair++) {
    const took = { with: 0, without: 0, again: 0 };
    for (const which of shuffled(['with', 'without', 'again'] as const)) {
      process.kill(agent, which === 'with' ? 'SIGCONT' : 'SIGSTOP');
      await pause(settled);
      took[which] = await cpuOf(units);
    }
    slowdown.push(took.with / took.without);
    control.push(took.again / took.without);
  }
  return { slowdown, control };
}

function shuffled<T>(values: readonly T[]): T[] {
  return values
    .map((value) => ({ value, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
}

export async function sayAgentCosts(python: TestPython, minutes: number): Promise<void> {
  const { cpu, memory, slowdown, control } = await agentCosts(python, minutes);
  const percent = (share: number) => `${(share * 100).toFixed(2)} %`;
  const range = (values: readonly number[], show: (value: number) => string) =>
    `${show(median(values))} (${show(quantile(values, 0))} to ${show(quantile(values, 1))})`;
  const paired = (ratios: readonly number[]) => {
    const [low, high] = medianInterval(ratios).map((ratio) => percent(ratio - 1));
    return `${percent(median(ratios) - 1)} (95 %: ${low} to ${high})`;
  };
  console.log(`agent beside ${programs} programs: CPU ${range(cpu, percent)} of a processor`);
  console.log(`memory ${range(memory, (bytes) => `${(bytes / 1e6).toFixed(0)} MB`)}`);
  console.log(`more CPU for the same work: ${paired(slowdown)}, ${slowdown.length} pairs`);
  console.log(`the same without the agent in both halves: ${paired(control)}`);
}

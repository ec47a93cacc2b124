import { closeSync, openSync, readSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { TestPython } from '../tests/support/pythons.js';
import { Target } from '../tests/support/targets.js';

const program = new URL('../../benchmarks/programs/counts.py', import.meta.url).pathname;

export interface TargetShape {
  readonly depth: number;
  /** Threads that call down to that depth all the time. */
  readonly busy: number;
  /** Threads besides that only wait. */
  readonly waiting: number;
}

/** What it did in a while, all of its busy threads together. */
export interface Work {
  /** Rounds a second. */
  readonly speed: number;
  /** The part (0 to 1) of its time that was in `right`, where the stack always changes. */
  readonly shareOfRight: number;
}

/**
 * What a stack shows: where a busy thread was; that a thread was elsewhere; or that it is one the program never has.
 */
export type Judgement = 'left' | 'right' | 'elsewhere' | 'wrong';

/** programs/counts.py on the first processor; stopped except while something is measured. */
export class CountingTarget {
  readonly python: TestPython;
  readonly shape: TargetShape;
  readonly #target: Target;
  readonly #cells: number;

  private constructor(python: TestPython, shape: TargetShape, target: Target, cells: number) {
    this.python = python;
    this.shape = shape;
    this.#target = target;
    this.#cells = cells;
  }

  /** `folder`: where what it shares may be kept. */
  static async start(python: TestPython, shape: TargetShape, folder: string): Promise<CountingTarget> {
    const path = `${folder}/cells-${python.version}`;
    writeFileSync(path, new Uint8Array(24 * shape.busy));
    const file = openSync(path, 'r+');
    const pinned: TestPython = { ...python, command: ['taskset', '-c', '0', ...python.command] };
    const args = [shape.depth, shape.busy, shape.waiting].map(String);
    try {
      const target = await Target.start(pinned, program, { args, file });
      const counting = new CountingTarget(python, shape, target, file);
      counting.rest();
      return counting;
    } catch (error) {
      closeSync(file);
      throw error;
    }
  }

  get pid(): number {
    return this.#target.pid;
  }

  rest(): void {
    this.#target.child.kill('SIGSTOP');
  }

  goOn(): void {
    this.#target.child.kill('SIGCONT');
  }

  async work(seconds: number): Promise<Work> {
    const before = this.#read();
    const begin = performance.now();
    await pause(seconds * 1000);
    const after = this.#read();
    const passed = (performance.now() - begin) / 1000;
    const [rounds, left, right] = after.map((value, at) => value - before[at]!);
    if (!rounds) throw new Error('the target did nothing meanwhile');
    return { speed: rounds / passed, shareOfRight: right! / (left! + right!) };
  }

  /** Rounds, nanoseconds in `left` and in `right`, of all busy threads together. */
  #read(): number[] {
    const cells = new BigUint64Array(3 * this.shape.busy);
    readSync(this.#cells, cells, 0, cells.byteLength, 0);
    const sums = [0, 0, 0];
    cells.forEach((cell, at) => {
      sums[at % 3]! += Number(cell);
    });
    return sums;
  }

  async stop(): Promise<void> {
    await this.#target.stop();
    closeSync(this.#cells);
  }

  /** Judges a stack, outermost name first. */
  judge(names: readonly string[]): Judgement {
    const at = names.indexOf('count') + 1;
    // Without `count` it must be one of the threads that wait, or one between its start and its work.
    if (at === 0) return names.some((name) => ofWork.has(name)) ? 'wrong' : 'elsewhere';
    const [side, ...calls] = names.slice(at).filter((name) => ofWork.has(name));
    if (side === undefined) return 'elsewhere';
    if (side !== 'left' && side !== 'right') return 'wrong';
    const [call, last] = side === 'left' ? ['descend', 'leaf'] : ['descend_only', 'nothing'];
    const most = this.shape.depth - 4;
    const whole = calls.length === most + 1 && calls.at(-1) === last;
    const descends = whole ? calls.slice(0, -1) : calls;
    return descends.length <= most && descends.every((name) => name === call) ? side : 'wrong';
  }
}

const ofWork = new Set(['left', 'right', 'descend', 'descend_only', 'leaf', 'nothing']);

import {
  cpuShareShift,
  type FunctionInfo,
  type Profile,
  RunFlag,
  wholeCpuShare,
} from '../../src/model/profile.js';
import { RecordingDecoder } from '../../src/recording/recording-decoder.js';
import { RecordingEncoder } from '../../src/recording/recording-encoder.js';

export interface RequestRecordingOptions {
  /** Of a request, as it is known in this tick; without it `GET /` and its small letter. */
  readonly routeOf?: (request: string, tick: number) => string | undefined;
  /** Of a thread in a tick, around its request. */
  readonly labelOf?: (thread: number, tick: number) => string | undefined;
  /** Per thread, a letter for each tick: R on a CPU, W waiting, G waiting for the GIL; others are not known. */
  readonly states?: Readonly<Record<string, string>>;
  /** Per thread, the process that it is of, from 0; their ticks are 80 µs apart. */
  readonly processes?: Readonly<Record<string, number>>;
}

/** Microseconds from one tick to the next: as the recording can have them. */
export const interval = 1024;

/**
 * A recording of threads, each a letter for each tick: the request that it has in hand, `.` none, `?` some request, it
 * is not known which, `-` it is not there. A sample stands for the time since the tick before, so the first one has
 * none. Threads run `handle_x` of `/app/app.py` for request `x`, else `main`.
 */
export class RequestRecording {
  readonly #encoder = new RecordingEncoder({
    ...{ writer: '0.1.0', startedAt: 0, rate: 1000, title: 'app' },
  });
  readonly #decoder = new RecordingDecoder();
  readonly #options: RequestRecordingOptions;
  readonly #processes: number[] = [];
  readonly #threads = new Map<string, number>();
  readonly #stacks = new Map<string, number>();
  readonly #slots: number[] = [];
  #tick = 0;

  constructor(options: RequestRecordingOptions = {}) {
    this.#options = options;
  }

  /** All that was recorded so far: always the same object. */
  get profile(): Profile {
    for (let block = this.#encoder.takeBlock(); block; block = this.#encoder.takeBlock())
      this.#decoder.feed(block);
    return this.#decoder.snapshot();
  }

  forgetRuns(): void {
    this.#decoder.forgetRuns();
  }

  /** `tasks`: of the first process, requests of tasks that are suspended, looked at with every tick; `-` is none. */
  add(threads: Readonly<Record<string, string>>, tasks: readonly string[] = []): this {
    const length = Math.max(...[...Object.values(threads), ...tasks].map((letters) => letters.length));
    for (let at = 0; at < length; at++, this.#tick++) {
      if (tasks.length > 0) this.#lookAtTasks(tasks, at);
      const processes = new Set(Object.keys(threads).map((name) => this.#options.processes?.[name] ?? 0));
      for (const process of [...processes].sort()) this.#tickOf(process, threads, at);
    }
    return this;
  }

  #lookAtTasks(tasks: readonly string[], at: number): void {
    while (this.#slots.length < tasks.length) this.#slots.push(this.#encoder.defineSlot());
    this.#encoder.beginSuspended(this.#process(0), this.#tick * interval);
    for (const [slot, letters] of tasks.entries()) {
      const letter = letters[at] ?? '-';
      if (letter === '-') continue;
      const context = this.#context(letter, -1);
      this.#encoder.suspended(this.#slots[slot]!, this.#stack(letter), RunFlag.waiting, context);
    }
    this.#encoder.endSuspended();
  }

  #tickOf(process: number, threads: Readonly<Record<string, string>>, at: number): void {
    const { processes = {}, states = {} } = this.#options;
    this.#encoder.beginTick(this.#process(process), this.#tick * interval + process * 80);
    for (const [name, letters] of Object.entries(threads)) {
      const letter = letters[at] ?? '-';
      if ((processes[name] ?? 0) !== process || letter === '-') continue;
      const thread = this.#thread(name, process);
      const flags = flagsOf[states[name]?.[this.#tick] ?? ''] ?? 0;
      this.#encoder.sample(thread, this.#stack(letter), flags, this.#context(letter, thread));
    }
    this.#encoder.endTick();
  }

  #context(request: string, thread: number): number {
    const { labelOf, routeOf = (letter) => `GET /${letter.toLowerCase()}` } = this.#options;
    const label = labelOf?.(thread, this.#tick);
    const define = (kind: string, key: string, value: string, outer: number) =>
      this.#encoder.defineContext({ kind, values: { [key]: value }, outer });
    const labels = label === undefined ? 0 : define('labels', 'job', label, 0);
    if (request === '.') return labels;
    if (request === '?') return this.#encoder.defineContext({ kind: 'request', values: {}, outer: labels });
    const route = routeOf(request, this.#tick);
    const within = route === undefined ? labels : define('route', 'route', route, labels);
    return define('request', 'request', request, within);
  }

  #process(index: number): number {
    while (this.#processes.length <= index)
      this.#processes.push(
        this.#encoder.defineProcess({
          ...{
            pid: 100 + this.#processes.length,
            parentPid: 1,
            commandLine: ['app'],
            pythonVersion: '3.12.1',
          },
        }),
      );
    return this.#processes[index]!;
  }

  #thread(name: string, index: number): number {
    const known = this.#threads.get(name);
    if (known !== undefined) return known;
    const threadId = 100 + this.#threads.size;
    const thread = this.#encoder.defineThread({
      ...{ process: this.#process(index), threadId, name, interpreter: 0 },
    });
    this.#threads.set(name, thread);
    return thread;
  }

  #stack(letter: string): number {
    const known = this.#stacks.get(letter);
    if (known !== undefined) return known;
    const names = letter === '.' ? ['main'] : ['main', `handle_${letter.toLowerCase()}`];
    let stack = 0;
    for (const name of names)
      stack = this.#encoder.defineStack(
        stack,
        this.#encoder.defineFrame(this.#encoder.defineFunction(functionOf(name)), 7),
      );
    this.#stacks.set(letter, stack);
    return stack;
  }
}

export function requestProfile(
  threads: Readonly<Record<string, string>>,
  options: RequestRecordingOptions = {},
): Profile {
  return new RequestRecording(options).add(threads).profile;
}

const flagsOf: Readonly<Record<string, number>> = {
  R: RunFlag.running | (wholeCpuShare << cpuShareShift),
  W: RunFlag.waiting,
  G: RunFlag.waiting | RunFlag.waitsForGil,
};

function functionOf(name: string): FunctionInfo {
  return {
    ...{ kind: 'python', name, qualifiedName: name, file: '/app/app.py', shortFile: 'app.py', firstLine: 1 },
  };
}

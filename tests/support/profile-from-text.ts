import {
  cpuShareShift,
  type FunctionInfo,
  Profile,
  RunFlag,
  wholeCpuShare,
} from '../../src/model/profile.js';

export interface TextProfileOptions {
  /** Microseconds from one sample to the next. */
  readonly interval?: number;
  /** What a name stands for, where it is not simply a function of the app: its file, kind, first line. */
  readonly functions?: Readonly<Record<string, Partial<FunctionInfo>>>;
  /** Per thread, a digit for each sample: 1 when it held the GIL. */
  readonly gil?: Readonly<Record<string, string>>;
  /**
   * Per thread, a letter for each sample: R on a CPU for all of it, r for a quarter, W waiting, w waiting anew, G
   * waiting for the GIL, C collecting.
   */
  readonly states?: Readonly<Record<string, string>>;
  /** Per thread, a letter for each sample: the value of its label `job`; `.` for none. */
  readonly jobs?: Readonly<Record<string, string>>;
}

/**
 * A profile drawn as text: rows are depths, outermost first, parted by `|`; columns are samples.
 *
 *     profileFromText('main main main | work work idle')
 *
 * is three samples, 10 ms each: `main` calls `work` in the first two and `idle` in the last. `name:12` is at line 12
 * (without it, line 1); `.` is no frame. Several threads are an object of pictures by thread name. A name is a
 * function of application code, `/app/app.py` unless `functions` says otherwise. Equal neighbours become one run.
 */
export function profileFromText(
  picture: string | Record<string, string>,
  options: TextProfileOptions = {},
): Profile {
  const profile = new Profile();
  const interval = options.interval ?? 10_000;
  profile.info = {
    writer: '0.1.0',
    startedAt: Date.UTC(2026, 4, 9, 7, 32, 10),
    rate: 1e6 / interval,
    title: 'python app.py',
  };
  profile.complete = true;
  profile.processes.push({
    pid: 100,
    parentPid: 1,
    commandLine: ['python', 'app.py'],
    pythonVersion: '3.11.7',
  });
  const intern = internFrames(profile, options);
  const threads = typeof picture === 'string' ? { MainThread: picture } : picture;
  for (const [name, rows] of Object.entries(threads)) {
    const thread = profile.threads.length;
    profile.threads.push({ process: 0, threadId: 100 + thread, name, interpreter: 0 });
    const stacks = rowsToColumns(rows).map((names) => names.reduce(intern, 0));
    addRuns(profile, {
      thread,
      stacks,
      interval,
      gil: options.gil?.[name] ?? '',
      states: options.states?.[name] ?? '',
      jobs: options.jobs?.[name] ?? '',
    });
    profile.duration = Math.max(profile.duration, stacks.length * interval);
  }
  return profile;
}

function rowsToColumns(picture: string): string[][] {
  const rows = picture.split('|').map((row) => row.trim().split(/\s+/));
  return rows[0]!.map((_, column) => rows.map((row) => row[column] ?? '.').filter((name) => name !== '.'));
}

const wholly = wholeCpuShare << cpuShareShift;
const flagsOfState: Readonly<Record<string, number>> = {
  R: RunFlag.running | wholly,
  r: RunFlag.running | (wholly / 4),
  W: RunFlag.waiting,
  w: RunFlag.waiting | RunFlag.woke,
  G: RunFlag.waiting | RunFlag.waitsForGil,
  C: RunFlag.running | RunFlag.collecting | wholly,
};

function addRuns(
  profile: Profile,
  from: {
    thread: number;
    stacks: number[];
    interval: number;
    gil: string;
    states: string;
    jobs: string;
  },
): void {
  const { runs } = profile;
  let previous = '';
  from.stacks.forEach((stack, column) => {
    const flags =
      (from.gil[column] === '1' ? RunFlag.holdsGil : 0) | (flagsOfState[from.states[column] ?? ''] ?? 0);
    const context = contextOf(profile, from.jobs[column] ?? '.');
    const same = `${stack}/${flags}/${context}`;
    const last = runs.stack.length - 1;
    if (same === previous) {
      runs.duration.set(last, runs.duration.at(last) + from.interval);
      runs.samples.set(last, runs.samples.at(last) + 1);
      return;
    }
    previous = same;
    runs.thread.push(from.thread);
    runs.stack.push(stack);
    runs.flags.push(flags);
    runs.context.push(context);
    runs.start.push(column * from.interval);
    runs.duration.push(from.interval);
    runs.samples.push(1);
  });
}

function contextOf({ contexts }: Profile, job: string): number {
  if (job === '.') return 0;
  const known = contexts.findIndex(({ values }) => values['job'] === job);
  return known > 0 ? known : contexts.push({ kind: 'labels', values: { job }, outer: 0 }) - 1;
}

/** Returns the stack that a token makes of the stack above it. */
function internFrames(
  profile: Profile,
  options: TextProfileOptions,
): (parent: number, token: string) => number {
  const functions = new Map<string, number>();
  const frames = new Map<string, number>();
  const stacks = new Map<string, number>();
  const intern = (table: Map<string, number>, key: string, make: () => number): number => {
    const known = table.get(key);
    if (known !== undefined) return known;
    const made = make();
    table.set(key, made);
    return made;
  };
  return (parent, token) => {
    const [, name, line] = /^(.*?)(?::(\d+))?$/.exec(token)!;
    const fn = intern(
      functions,
      name!,
      () => profile.functions.push(functionFor(name!, options.functions?.[name!])) - 1,
    );
    const frame = intern(frames, `${fn}:${line ?? 1}`, () => {
      profile.frames.function.push(fn);
      profile.frames.line.push(Number(line ?? 1));
      return profile.frames.line.length - 1;
    });
    return intern(stacks, `${parent}/${frame}`, () => {
      profile.stacks.parent.push(parent);
      profile.stacks.frame.push(frame);
      return profile.stacks.frame.length - 1;
    });
  };
}

function functionFor(name: string, given: Partial<FunctionInfo> = {}): FunctionInfo {
  const kind = given.kind ?? 'python';
  const file = given.file ?? (kind === 'python' ? '/app/app.py' : '');
  const shortFile = file
    .replace(/^.*\/(?:(?:site|dist)-packages|lib\/python[\d.]+)\//, '')
    .replace(/^\/.*\//, '');
  return { kind, name, qualifiedName: name, file, shortFile, firstLine: kind === 'python' ? 1 : 0, ...given };
}

// Run as a program: makes a recording that is large in one way, writes it in one format, and prints how that went as
// JSON.
import { pathToFileURL } from 'node:url';
import { functionTable } from '../../src/analysis/function-table.js';
import { FoldedRuns } from '../../src/analysis/live/folded-runs.js';
import { defaultView } from '../../src/analysis/view-options.js';
import { formatById } from '../../src/formats/formats.js';
import { type FunctionInfo, Profile, RunFlag } from '../../src/model/profile.js';

export interface Written {
  readonly characters: number;
  /** Of one piece: what is held in memory of the output. */
  readonly longestPiece: number;
  readonly lines: number;
}

class Maker {
  readonly profile = new Profile();
  #time = 0;

  constructor() {
    this.profile.info = { writer: 't', startedAt: 0, rate: 1000, title: 'x' };
    this.profile.processes.push({ pid: 7, parentPid: 1, commandLine: ['python'], pythonVersion: '3.12.1' });
    this.thread(7);
  }

  thread(threadId: number): number {
    return this.profile.threads.push({ process: 0, threadId, name: '', interpreter: 0 }) - 1;
  }

  /** A frame of a function of its own. */
  frame(name: string, kind: FunctionInfo['kind'] = 'python'): number {
    const { functions, frames } = this.profile;
    frames.function.push(functions.length);
    frames.line.push(1);
    const file = '/usr/lib/python3.12/site-packages/lib.py';
    functions.push({ kind, name, qualifiedName: name, file, shortFile: 'lib.py', firstLine: 1 });
    return frames.line.length - 1;
  }

  stack(parent: number, frame: number): number {
    const { stacks } = this.profile;
    stacks.parent.push(parent);
    stacks.frame.push(frame);
    return stacks.frame.length - 1;
  }

  run(stack: number, thread = 0): void {
    const { runs } = this.profile;
    runs.thread.push(thread);
    runs.stack.push(stack);
    runs.flags.push(RunFlag.running);
    runs.context.push(0);
    runs.start.push(this.#time);
    runs.duration.push(1000);
    runs.samples.push(1);
    this.#time += 1000;
    this.profile.duration = this.#time;
  }
}

const long = 'n'.repeat(196);

const makers: Readonly<Record<string, (maker: Maker) => void>> = {
  /** Stacks of 20 frames that have little in common. */
  stacks(maker) {
    const frames = Array.from({ length: 2000 }, (_, at) => maker.frame(`function_${at}`));
    const count = Number(process.argv[4] ?? 200_000);
    for (let index = 0; index < count; index++) {
      let stack = 0;
      for (let depth = 0, seed = index; depth < 20; depth++) {
        seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
        stack = maker.stack(stack, frames[(index + (seed >>> 8)) % frames.length]!);
      }
      maker.run(stack);
    }
  },
  /** A stack of 60,000 frames, and time at each thousandth of them. */
  deep(maker) {
    const frames = Array.from({ length: 3000 }, (_, at) => maker.frame(`${at}${long}`));
    for (let stack = 0, depth = 1; depth <= 60_000; depth++) {
      stack = maker.stack(stack, frames[depth % frames.length]!);
      if (depth % 1000 === 0) maker.run(stack);
    }
  },
  /** The same in C, and time at every frame. */
  'deep-in-c'(maker) {
    const frames = Array.from({ length: 3000 }, (_, at) => maker.frame(`c${at}`, 'c'));
    for (let stack = 0, depth = 1; depth <= 60_000; depth++) {
      stack = maker.stack(stack, frames[depth % frames.length]!);
      maker.run(stack);
    }
  },
  /** Many stacks of 3,000 frames. */
  'many-deep'(maker) {
    const frames = Array.from({ length: 3000 }, (_, at) => maker.frame(`${at}${long}`));
    const count = Number(process.argv[4] ?? 3000);
    for (let index = 0; index < count; index++) {
      let stack = 0;
      for (let depth = 0; depth < 3000; depth++) stack = maker.stack(stack, frames[(depth + index) % 3000]!);
      maker.run(stack);
    }
  },
  threads(maker) {
    const stack = maker.stack(0, maker.frame('serve'));
    for (let index = 0; index < 200_000; index++) maker.run(stack, maker.thread(index + 8));
  },
  /** A few bytes of a file: a word of 64 KB as each of 10,000 words of a command line. */
  'command-line'(maker) {
    const word = 'w'.repeat(65_536);
    maker.profile.processes[0] = {
      ...{ pid: 7, parentPid: 1, pythonVersion: '' },
      commandLine: new Array(10_000).fill(word),
    };
    maker.run(maker.stack(0, maker.frame('f')));
  },
  /** The same name of 20,000 characters in each of 3,000 frames. */
  'long-names'(maker) {
    const frame = maker.frame('x'.repeat(20_000));
    for (let stack = 0, depth = 1; depth <= 3000; depth++) {
      stack = maker.stack(stack, frame);
      if (depth % 100 === 0) maker.run(stack);
    }
  },
  /** As many functions as may be, of one long name. */
  functions(maker) {
    const name = 'x'.repeat(65_536);
    for (let index = 0; index < 300_000; index++) maker.run(maker.stack(0, maker.frame(name)));
  },
};

function write(profile: Profile, format: string): Written {
  const written = { characters: 0, longestPiece: 0, lines: 0 };
  const view = { ...defaultView, idle: true, processes: true, threads: process.argv[5] === 'threads' };
  if (format === 'top') {
    const folded = new FoldedRuns(profile);
    folded.add(profile.runs);
    const { rows } = functionTable(profile, view, 100, folded.runs);
    return { ...written, lines: rows.length };
  }
  const pieces = formatById(format)!.write(profile, {
    ...view,
    applicationOnly: process.argv[5] === 'application',
  });
  for (const piece of pieces) {
    written.characters += piece.length;
    written.longestPiece = Math.max(written.longestPiece, piece.length);
    if (piece.at(-1) === '\n') written.lines++;
  }
  return written;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [, , what = '', format = ''] = process.argv;
  const maker = new Maker();
  makers[what]!(maker);
  const written = write(maker.profile, format);
  console.log(
    JSON.stringify({ ...written, peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024) }),
  );
}

import { readInterpreters, readThreadStates } from '../cpython/interpreters.js';
import { type FileReads, fileReads, findRuntime } from '../cpython/locate/find-runtime.js';
import type { MappedImage, RuntimeLocation } from '../cpython/locate/locate.js';
import type { TargetMemory } from '../memory/target-memory.js';
import { PyglassError } from '../model/error.js';
import { innerIds, type Target } from '../platform/target.js';
import { diagnoseAttach, mayBeStarting } from '../process/attach-diagnosis.js';
import { KnownFiles } from '../process/known-files.js';
import { hasEnded, type LinuxImage, mappedImages, processFacts } from '../process/linux-process.js';
import { linuxTarget } from '../process/linux-target.js';
import { type LiveMemory, openLiveMemory } from '../process/live-memory.js';
import { machineError } from '../process/machine-error.js';
import { processUsage } from '../process/process-usage.js';

export interface Attached {
  readonly live: LiveMemory;
  readonly location: RuntimeLocation;
}

/**
 * Opens a process and finds its Python; `undefined` while it has none that runs (yet). Throws when it never can be
 * read. `reads`: for those who look at many processes, to read each file once.
 */
export function tryAttach(pid: number, reads: FileReads<LinuxImage> = fileReads): Attached | undefined {
  return openWhere(pid, (target) => findPython(target, reads));
}

/** The same, whether or not a thread runs in that Python yet. */
export function openPython(pid: number, reads: FileReads<LinuxImage> = fileReads): Attached | undefined {
  return openWhere(pid, (target) => findAnyPython(target, reads));
}

function openWhere(
  pid: number,
  find: (target: PythonTarget<LinuxImage>) => RuntimeLocation | undefined,
): Attached | undefined {
  const error = machineError();
  if (error) throw error;
  // Read once: the kernel writes them anew each time, which took a quarter of a look.
  const images = mappedImages(pid);
  const live = openLiveMemory(pid, images[0]?.mappings[0]?.start);
  if (!live) return undefined;
  let attached = false;
  try {
    const { memory, threads } = linuxTarget(pid, live.memory);
    const location = find({ memory, threads: threads!, files: () => images });
    attached = location !== undefined;
    return location && { live, location };
  } finally {
    if (!attached) live.close();
  }
}

type PythonTarget<File extends MappedImage> = Pick<Target<File>, 'memory' | 'files' | 'threads'>;

/**
 * The Python of a target, in which a thread runs; `undefined` while there is none (yet). Throws when it never can be
 * read.
 */
export function findPython<File extends MappedImage>(
  target: PythonTarget<File>,
  reads: FileReads<File> = fileReads,
): RuntimeLocation | undefined {
  const location = findAnyPython(target, reads);
  return location && runsThread(target.memory, location) ? location : undefined;
}

function findAnyPython<File extends MappedImage>(
  { memory, files, threads }: PythonTarget<File>,
  reads: FileReads<File>,
): RuntimeLocation | undefined {
  return findRuntime(files(), memory, reads, () => innerIds(threads?.ids));
}

export function runsThread(memory: TargetMemory, { layout, runtime }: RuntimeLocation): boolean {
  const main = readInterpreters(memory, layout, runtime).at(-1);
  return main !== undefined && readThreadStates(memory, layout, main.address).length > 0;
}

/**
 * Milliseconds that a Python which is just starting is waited for, and from one look to the next. From exec to the
 * first thread state it takes 20 to 50 ms, more on a busy machine; no event says when it is there.
 */
const usualPatience = 1000;
const lookEvery = 5;
const never = new Int32Array(new SharedArrayBuffer(4));

export interface AttachOptions {
  /** What is no Python may be where Pythons come from, so only what looks like one is waited for. */
  readonly subprocesses?: boolean;
  /** Milliseconds. */
  readonly patience?: number;
}

/** Like `tryAttach`, but waits for what is starting, and says why when it is not possible. Blocks its thread. */
export function attach(
  pid: number,
  { subprocesses = false, patience = usualPatience }: AttachOptions = {},
): Attached {
  const deadline = performance.now() + patience;
  const files = new KnownFiles();
  const began = hasEnded(pid) ? undefined : processFacts(pid)?.startTime;
  for (;;) {
    const attached = tryAttach(pid, files);
    if (attached) return attached;
    // What was started a moment ago may be about to become a Python by exec.
    const isYoung = (processUsage(pid)?.uptimeSeconds ?? patience) * 1000 < patience;
    if (performance.now() >= deadline || hasEnded(pid) || !(mayBeStarting(pid) || (isYoung && !subprocesses)))
      break;
    Atomics.wait(never, 0, 0, lookEvery);
  }
  if (began !== undefined && (hasEnded(pid) || processFacts(pid)?.startTime !== began))
    throw endedMeanwhile(pid);
  throw diagnoseAttach(pid);
}

/** Of a process that was there when it was asked for. */
export function endedMeanwhile(pid: number): PyglassError {
  return new PyglassError('no-such-process', `process ${pid} ended while pyglass attached to it`, {
    pid,
    hasEnded: true,
  });
}

/** Whether an error says no more than that the process itself runs no Python that is read: its children may. */
export function saysNoPython(error: unknown): error is PyglassError {
  return error instanceof PyglassError && noPythonCodes.includes(error.code);
}

const noPythonCodes = ['not-python', 'python-not-started', 'python-finalized', 'implementation-unsupported'];

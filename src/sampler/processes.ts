import { readFileSync } from 'node:fs';
import { type AsyncioDebug, findAsyncioDebug } from '../cpython/asyncio/debug-section.js';
import type { FileReads } from '../cpython/locate/find-runtime.js';
import type { TargetMemory } from '../memory/target-memory.js';
import type { SampledThreads } from '../platform/target.js';
import { type ImageMark, imageMark, shareMemory } from '../process/image-mark.js';
import {
  childrenOf,
  commandLine,
  executableOf,
  hasEnded,
  type LinuxImage,
  type ProcessFacts,
  processFacts,
  wholeCommandLine,
} from '../process/linux-process.js';
import { linuxTarget } from '../process/linux-target.js';
import { type LiveMemory, openLiveMemory } from '../process/live-memory.js';
import { linuxSampledThreads } from '../process/sampled-threads.js';
import { ScatterMemory } from '../process/scatter-memory.js';
import { type Attached, type AttachOptions, attach, tryAttach } from './attach.js';
import { shortFileNames } from './file-names.js';
import { whyUnreadable } from './unreadable-python.js';

/**
 * What sampling and the finding of children ask of the processes of a machine. Each may be gone, or another, between
 * two questions.
 */
export interface Processes {
  attach(pid: number, options?: AttachOptions): Attached;
  tryAttach(pid: number, reads?: FileReads<LinuxImage>): Attached | undefined;
  /** The memory of a Python that was found before; `runtime`: an address in it that can be read. */
  open(pid: number, runtime: number): LiveMemory | undefined;
  /** The memory of a child of a Python that can be read. */
  memoryOfChild(pid: number): TargetMemory | undefined;
  facts(pid: number): ProcessFacts | undefined;
  hasEnded(pid: number): boolean;
  /** Secrets hidden. */
  commandLine(pid: number): readonly string[];
  wholeCommandLine(pid: number): readonly string[];
  childrenOf(pid: number): readonly number[];
  executableOf(pid: number): string | undefined;
  /** Differs from what it was when the process runs another program: its file, its arguments, where its stack lies. */
  signatureOf(pid: number): string;
  markOf(pid: number, memory: TargetMemory): ImageMark | undefined;
  /** Whether two processes are one memory, as a child between vfork and exec. */
  shareMemory(a: number, b: number): boolean;
  /** Why nothing can be seen of a process that by its name is Python; `undefined` for others. */
  whyUnreadable(pid: number): string | undefined;
  threadsOf(pid: number): SampledThreads;
  shortFileNames(pid: number, attached: Attached): (fileName: string) => string;
  /** Where asyncio says how its tasks lie. */
  asyncioDebug(pid: number, attached: Attached): AsyncioDebug | undefined;
}

/** The processes of this machine. */
export const liveProcesses: Processes = {
  ...{ attach, tryAttach, open: openLiveMemory, facts: processFacts, hasEnded, commandLine },
  ...{ wholeCommandLine, childrenOf, executableOf, signatureOf, markOf: imageMark, shareMemory },
  ...{ whyUnreadable, threadsOf: linuxSampledThreads, shortFileNames },
  asyncioDebug: (pid, { live: { memory }, location: { image } }) =>
    findAsyncioDebug(linuxTarget(pid, memory).files(), memory, image),
  memoryOfChild: (pid) => (process.env['PYGLASS_MEMORY'] === 'proc' ? undefined : new ScatterMemory(pid)),
};

function signatureOf(pid: number): string {
  const parts = [executableOf(pid) ?? ''];
  for (const file of ['cmdline', 'auxv']) {
    try {
      parts.push(readFileSync(`/proc/${pid}/${file}`, 'latin1'));
    } catch {
      // Not for us to read, or gone.
    }
  }
  return parts.join('\0');
}

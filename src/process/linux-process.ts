import { readdirSync, readlinkSync } from 'node:fs';
import type { Mapping } from '../cpython/locate/load-bias.js';
import type { MappedImage } from '../cpython/locate/locate.js';
import { hideInCommandLine } from '../model/secret-text.js';
import { FileSource } from './file-source.js';
import { fileStart, procLine, procText } from './proc-text.js';

/**
 * What /proc shows of a process (proc_pid_stat(5), proc_pid_maps(5)). Everything may vanish between two looks: then
 * it is undefined or empty.
 */
export interface ProcessFacts {
  readonly pid: number;
  readonly parentPid: number;
  readonly processGroup: number;
  /** One letter, as in ps: `Z` is a zombie. */
  readonly state: string;
  /** Clock ticks since boot: with the pid it identifies the process for good. */
  readonly startTime: number;
  /** User and system time, seconds. */
  readonly cpuSeconds: number;
  readonly isKernelThread: boolean;
  /** The same of children that ended and were waited for, and of theirs. */
  readonly childCpuSeconds: number;
  readonly threads: number;
  /**
   * Where its code and its stack lie, or its name where those are hidden: another text for each program that it runs.
   */
  readonly program: string;
}

export const clockTicks = 100;

/**
 * What a person or a script may still want to see of a command line, bytes. The kernel lets one argument be as long.
 */
const longestCommandLine = 128 << 10;
/**
 * Mappings that are looked at, bytes of /proc/PID/maps: 65,530 of them, as many as Linux allows, are 5 MB as a rule.
 */
const longestMaps = 32 << 20;

export function processFacts(pid: number): ProcessFacts | undefined {
  const stat = procLine(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The name may hold spaces and parentheses: fields are counted from the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    pid,
    state: fields[0] ?? '?',
    parentPid: Number(fields[1]),
    processGroup: Number(fields[2]),
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / clockTicks,
    childCpuSeconds: (Number(fields[13]) + Number(fields[14])) / clockTicks,
    startTime: Number(fields[19]),
    isKernelThread: (Number(fields[6]) & kernelThreadFlag) !== 0,
    threads: Number(fields[17]),
    program: programIn(stat, fields),
  };
}

/** By startcode and startstack, which are 1 and 0 where we may not look into the process. */
function programIn(stat: string, fields: readonly string[]): string {
  const stack = fields[25] ?? '0';
  return stack === '0' ? stat.slice(stat.indexOf('('), stat.lastIndexOf(')')) : `${fields[23]} ${stack}`;
}

/** PF_KTHREAD of the kernel's include/linux/sched.h, the same since Linux 2.6.26. */
const kernelThreadFlag = 0x0020_0000;

/**
 * Whether it is gone, or a zombie. One whose main thread has ended by itself goes on with the others, though its
 * state is Z.
 */
export function hasEnded(pid: number): boolean {
  const state = processFacts(pid)?.state ?? 'X';
  return (state === 'Z' || state === 'X') && livingThread(pid) === undefined;
}

/**
 * The number by which the kernel knows the memory of a process and what belongs to it: the process's own, or that of
 * a living thread when the main thread has ended by itself (pthread_exit) and with it all that the process's number
 * stands for.
 */
export function memoryOwner(pid: number): number {
  return processFacts(pid)?.state === 'Z' ? (livingThread(pid) ?? pid) : pid;
}

function livingThread(pid: number): number | undefined {
  return threadIds(pid).find((thread) => {
    const stat = procLine(`/proc/${pid}/task/${thread}/stat`) ?? ') X';
    const state = stat[stat.lastIndexOf(')') + 2];
    return state !== 'Z' && state !== 'X';
  });
}

/**
 * Arguments of the process, secrets hidden; its short name in brackets where it has none (kernel threads, zombies).
 */
export function commandLine(pid: number): string[] {
  const whole = wholeCommandLine(pid);
  const text = whole.join('\0');
  const known = hiddenOf.get(text);
  if (known) return [...known];
  const hidden = hideInCommandLine(whole);
  if (hiddenOf.size >= mostHidden) hiddenOf.clear();
  if (text.length <= longestHidden) hiddenOf.set(text, hidden);
  return [...hidden];
}

/**
 * Command lines without their secrets, by what they were: to look for those takes 0.25 ms, and the children of a
 * program have few different ones, forked ones that of their parent.
 */
const hiddenOf = new Map<string, readonly string[]>();
const mostHidden = 32;
/** Characters of one that is kept. */
const longestHidden = 10_000;

/** Unredacted, only for --show-secrets. Ends in `…` where there is more of it. */
export function wholeCommandLine(pid: number): string[] {
  const bytes = fileStart(`/proc/${memoryOwner(pid)}/cmdline`, longestCommandLine + 1) ?? Buffer.alloc(0);
  if (bytes.length === 0) return [`[${(procText(`/proc/${pid}/comm`) ?? '?').trim()}]`];
  const isCut = bytes.length > longestCommandLine;
  const joined = bytes.toString('utf8', 0, longestCommandLine).replace(/\0$/, '');
  return (isCut ? `${joined}…` : joined).split('\0');
}

/** Kernel ids of the threads, as we see them. */
export function threadIds(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [];
  }
}

/** The id that a thread (or process) has in its own, innermost pid namespace. */
export function innerId(pid: number, thread = pid): number {
  const ids = /^NSpid:\s*(.*)$/m.exec(procText(`/proc/${pid}/task/${thread}/status`) ?? '')?.[1];
  return Number(ids?.trim().split(/\s+/).at(-1) ?? thread);
}

/** `threads`: how many it has, when that is known: of one, no list is read. */
export function childrenOf(pid: number, threads = 0): number[] {
  const children: number[] = [];
  for (const thread of threads === 1 ? [pid] : threadIds(pid)) {
    const line = procText(`/proc/${pid}/task/${thread}/children`)?.trim();
    if (line) for (const child of line.split(' ')) children.push(Number(child));
  }
  return children;
}

/** All below `pid`, parents before children. */
export function descendantsOf(pid: number): number[] {
  const found = childrenOf(pid);
  for (let index = 0; index < found.length && found.length < 10_000; index++)
    for (const child of childrenOf(found[index]!)) found.push(child);
  return found;
}

export interface LinuxImage extends MappedImage {
  /** The same for every process that maps this file: device, inode and path. */
  readonly file: string;
  open(): FileSource | undefined;
}

/** /proc/PID/maps, empty when we may not look. */
export function mapsText(pid: number): string {
  return procText(`/proc/${memoryOwner(pid)}/maps`, longestMaps) ?? '';
}

/** Files that the process has mapped, those at the lowest addresses first. Empty when we may not look. */
export function mappedImages(pid: number): LinuxImage[] {
  const images = new Map<string, LinuxImage & { readonly mappings: Mapping[] }>();
  for (const line of mapsText(pid).split('\n')) {
    // Most of many mappings are of no file.
    if (!line.includes('/')) continue;
    const match = /^([0-9a-f]+)-([0-9a-f]+) (\S+) ([0-9a-f]+) (\S+) (\d+) +(\/.*)$/.exec(line);
    if (!match) continue;
    const [, start = '', end = '', permissions = '', offset = '', device = '', inode = '', path = ''] = match;
    if (inode === '0') continue;
    const mapping = { start: Number.parseInt(start, 16), offset: Number.parseInt(offset, 16), permissions };
    const file = `${device} ${inode} ${path}`;
    const known = images.get(file);
    if (known) {
      known.mappings.push(mapping);
      continue;
    }
    images.set(file, {
      file,
      path: path.replace(deletedMark, ''),
      mappings: [mapping],
      // Unlike maps, map_files has no leading zeros.
      open: () => {
        const range = [start, end].map((hex) => hex.replace(/^0+/, '')).join('-');
        return openMapped(pid, range, path, Number(inode));
      },
    });
  }
  return [...images.values()];
}

/** Where the first file is mapped; for a memory with thousands of mappings, the rest takes milliseconds. */
export function firstMapping(pid: number): number | undefined {
  const begin = procText(`/proc/${memoryOwner(pid)}/maps`, 4096) ?? '';
  const line = /^([0-9a-f]+)-\S+ \S+ \S+ \S+ [1-9]\d* +\//m.exec(begin);
  return line ? Number.parseInt(line[1]!, 16) : mappedImages(pid)[0]?.mappings[0]?.start;
}

/** What the kernel adds to the path of a file that is no longer there, or that another has replaced. */
const deletedMark = / \(deleted\)$/;

/**
 * The file behind a mapping: by the mapping itself, which also works when it was deleted but needs privileges; by the
 * link to the executable, which needs none; by the path as the target sees it in a container, and as we see it, which
 * is how the kernel shows that of a chroot. At a path another file may lie by now. A union of file systems may show
 * other numbers of its files than the kernel shows for the mapping, so those count only where the file is known to be
 * gone.
 */
function openMapped(pid: number, range: string, path: string, inode: number): FileSource | undefined {
  const isExecutable = nameInMaps(executableOf(pid) ?? '') === path;
  const folder = `/proc/${memoryOwner(pid)}`;
  const sure = [`${folder}/map_files/${range}`, ...(isExecutable ? [`${folder}/exe`] : [])];
  const names = path.includes(escapedLineBreak) ? [path, path.replaceAll(escapedLineBreak, '\n')] : [path];
  for (const candidate of [...sure, ...names.flatMap((name) => [`${folder}/root${name}`, name])]) {
    try {
      const source = FileSource.open(candidate);
      if (sure.includes(candidate) || !deletedMark.test(path) || source.inode === inode) return source;
      source.close();
    } catch {
      // The next way may work; when none does there is nothing to read.
    }
  }
  return undefined;
}

/**
 * How /proc/PID/maps writes a line break, and nothing else, in the name of a file (show_map_vma of the kernel's
 * fs/proc/task_mmu.c).
 */
const escapedLineBreak = '\\012';

/** A path as /proc/PID/maps has it. */
export function nameInMaps(path: string): string {
  return path.replaceAll('\n', escapedLineBreak);
}

export function executableOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${memoryOwner(pid)}/exe`);
  } catch {
    return undefined;
  }
}

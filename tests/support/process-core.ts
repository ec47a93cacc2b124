import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { type WrittenCore, type WrittenSegment, writeCore } from './core-writer.js';

const page = 4096;
const [read, write, execute] = [4, 2, 1];

/**
 * A core file of a stopped process, made as Linux makes one (`vma_dump_size` of fs/coredump.c): of what is mapped from
 * files and was never written to, only the first page of executables and libraries. Registers are those that
 * /proc/PID/task/TID/syscall shows.
 */
export function coreOfProcess(pid: number, more: Partial<WrittenCore> = {}): Uint8Array {
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  const pagemap = openSync(`/proc/${pid}/pagemap`, 'r');
  try {
    const areas = mappedAreas(pid);
    return writeCore({
      segments: areas.flatMap((area) => segmentOf({ memory, pagemap }, area)),
      threads: readdirSync(`/proc/${pid}/task`).map((id) => threadOf(pid, Number(id))),
      pid,
      parentPid: Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]),
      commandLine: readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim(),
      mappings: areas.filter(({ path }) => path !== ''),
      auxiliary: readFileSync(`/proc/${pid}/auxv`),
      ...more,
    });
  } finally {
    closeSync(memory);
    closeSync(pagemap);
  }
}

/** Stops a process, and waits until all of it is stopped. */
export function stop(pid: number): void {
  process.kill(pid, 'SIGSTOP');
  while (
    readdirSync(`/proc/${pid}/task`).some(
      (id) => !/^State:\s+T/m.test(readFileSync(`/proc/${pid}/task/${id}/status`, 'utf8')),
    )
  );
}

interface Area {
  readonly start: number;
  readonly end: number;
  readonly permissions: string;
  readonly offset: number;
  readonly path: string;
  /** A page of it was written to, so that the process has it for itself. */
  readonly isWritten: boolean;
}

function mappedAreas(pid: number): Area[] {
  const areas: Area[] = [];
  for (const part of readFileSync(`/proc/${pid}/smaps`, 'utf8').split(/\n(?=[0-9a-f]+-[0-9a-f]+ )/)) {
    const match = /^([0-9a-f]+)-([0-9a-f]+) (\S+) ([0-9a-f]+) \S+ (\d+) *(.*)$/m.exec(part);
    if (!match) continue;
    const [, start = '', end = '', permissions = '', offset = '', inode, path = ''] = match;
    if (path === '[vvar]' || path === '[vsyscall]') continue;
    areas.push({
      ...{ start: Number.parseInt(start, 16), end: Number.parseInt(end, 16), permissions },
      ...{ offset: Number.parseInt(offset, 16), path: inode === '0' ? '' : path },
      isWritten: !/^Anonymous:\s+0 kB/m.test(part),
    });
  }
  return areas;
}

/** Which pages of an anonymous area the process has (proc_pid_pagemap(5)): the others are zeros that take no memory. */
function touchedPages(pagemap: number, start: number, end: number): boolean[] {
  const words = new BigUint64Array((end - start) / page);
  readSync(pagemap, words, 0, words.byteLength, (start / page) * words.BYTES_PER_ELEMENT);
  return Array.from(words, (word) => word >> 62n !== 0n);
}

function segmentOf(
  { memory, pagemap }: { readonly memory: number; readonly pagemap: number },
  { start, end, permissions, offset, path, isWritten }: Area,
): WrittenSegment {
  const flags =
    (permissions[0] === 'r' ? read : 0) +
    (permissions[1] === 'w' ? write : 0) +
    (permissions[2] === 'x' ? execute : 0);
  const isWhole = permissions[0] === 'r' && (path === '' || isWritten);
  const touched = path === '' ? touchedPages(pagemap, start, end) : undefined;
  // An allocator may map a gigabyte of which it uses the beginning.
  const pages = isWhole ? (touched ? touched.lastIndexOf(true) + 1 : (end - start) / page) : 1;
  const bytes = new Uint8Array(pages * page);
  // One by one: stacks of threads have pages among them that nobody may read, and that a core file has as zeros.
  let isThere = false;
  for (let at = 0; at < bytes.length; at += page) {
    if (touched?.[at / page] === false) continue;
    try {
      readSync(memory, bytes, at, page, start + at);
      isThere = true;
    } catch {
      // Such a page.
    }
  }
  const isHeader = offset === 0 && bytes[0] === 0x7f && bytes[1] === 0x45;
  return {
    start,
    size: end - start,
    flags,
    bytes: bytes.subarray(0, isThere && (isWhole || isHeader) ? bytes.length : 0),
  };
}

function threadOf(pid: number, id: number) {
  const [number = '', ...rest] = readFileSync(`/proc/${pid}/task/${id}/syscall`, 'utf8').trim().split(' ');
  const isInCall = /^\d+$/.test(number);
  const args = isInCall ? rest.slice(0, 6).map(Number) : [];
  return {
    id,
    systemCall: isInCall ? Number(number) : -1,
    args: args.map((arg) => (Number.isSafeInteger(arg) ? arg : 0)),
  };
}

import koffi from 'koffi';

const CLOCK_THREAD_CPUTIME_ID = 3;

let clockGettime: ((clock: number, into: Uint8Array) => number) | undefined;
const seconds = new BigInt64Array(2);
const bytes = new Uint8Array(seconds.buffer);

/**
 * Milliseconds of CPU that the calling thread has used (clock_gettime(2)): not those for which others had its
 * processor.
 */
export function threadCpuTime(): number {
  clockGettime ??= koffi.load(null).func('int clock_gettime(int, void *)') as unknown as typeof clockGettime;
  clockGettime!(CLOCK_THREAD_CPUTIME_ID, bytes);
  return Number(seconds[0]) * 1e3 + Number(seconds[1]) / 1e6;
}

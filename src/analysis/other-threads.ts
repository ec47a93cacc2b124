import type { Profile } from '../model/profile.js';
import { formatDuration } from './human-units.js';
import { visibleText } from './visible-text.js';

/** CPU time of threads that run no Python: all of it, and by name, most first. Microseconds. */
export interface OtherCpu {
  readonly time: number;
  /** The name is empty where threads have none of their own. */
  readonly names: readonly { readonly name: string; readonly time: number }[];
}

/** Names that are worth a place in a line. */
const mostNamed = 3;
/** Less than this is not worth a line: a thousandth of a second, as the recording counts it. */
const leastShown = 1000;

export function otherCpu({ otherThreads }: Profile): OtherCpu {
  const names = new Map<string, number>();
  let time = 0;
  for (const { name, cpu } of otherThreads) {
    names.set(name, (names.get(name) ?? 0) + cpu);
    time += cpu;
  }
  const list = [...names].map(([name, used]) => ({ name, time: used }));
  return { time, names: list.sort((a, b) => b.time - a.time || (a.name < b.name ? -1 : 1)) };
}

/** `and 2.1 s of CPU time in non-Python threads (blas-worker)`; empty when there is none. */
export function otherCpuText({ time, names }: OtherCpu): string {
  if (time < leastShown) return '';
  const named = names.filter(({ name }) => name !== '').map(({ name }) => visibleText(name, 30));
  const shown = named.slice(0, mostNamed).join(', ');
  const more = named.length > mostNamed ? ' …' : '';
  const of = named.length === 0 ? '' : ` (${shown}${more})`;
  return `and ${formatDuration(time)} of CPU time in non-Python threads${of}`;
}

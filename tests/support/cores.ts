import { readFileSync } from 'node:fs';

/** The first processor that this process may use. */
export function firstCore(): number {
  return Number(/^Cpus_allowed_list:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))![1]);
}

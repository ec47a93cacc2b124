import type { Layout } from '../layout.js';

/** The name of the module of what is built in. */
export function builtinsModule({ python2 }: Layout): string {
  return python2 ? '__builtin__' : 'builtins';
}

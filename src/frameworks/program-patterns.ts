import type { ProgramPattern } from './framework.js';
import { frameworks } from './frameworks.js';

/** A pattern with the names of its framework. */
export interface NamedPattern extends ProgramPattern {
  readonly id: string;
  readonly title: string;
}

/**
 * How the processes of all frameworks are recognised, the most certain first: a child by its parent, then what has a
 * command, a code or a name of its own, then what has only the mark of a reloader.
 */
export const programPatterns: readonly NamedPattern[] = frameworks
  .flatMap(({ id, title, programs = [] }) => programs.map((program) => ({ id, title, ...program })))
  .sort((one, other) => uncertainty(one) - uncertainty(other));

function uncertainty({ parent, command, code, renamed }: ProgramPattern): number {
  if (parent !== undefined) return 0;
  return command || code || renamed ? 1 : 2;
}

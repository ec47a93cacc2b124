import type { Command } from 'commander';

/** A shell that pyglass writes completions for. */
export interface Shell {
  readonly id: string;
  /** How to have them in every shell that is opened; a line each. */
  readonly install: string;
  script(program: Command): string;
}

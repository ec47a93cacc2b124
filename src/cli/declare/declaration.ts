import type { Command } from 'commander';

/**
 * Adds a command with its flags and help to the program. Its action hands the exit status to `end`; what it throws is
 * explained by main.ts. What runs the command is imported only when it runs, so that help and completions come at once.
 */
export type Declaration = (program: Command, end: (status: number) => void) => void;

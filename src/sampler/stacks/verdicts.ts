import type { NodeId } from '../../model/ids.js';
import { noNode } from './stack-tree.js';

/**
 * By which rule the stack of a sample was found. Rules that count nothing on any program are not needed.
 *
 *   no Python                      the thread runs none
 *   as copied                      the frames of the tick's copy, each call of them known
 *   frame read alone               the current frame was not in the copy; its callers were
 *   callers of a left frame        the current frame was left, which cuts its link (up to 3.10); its callers are those
 *                                  that it had
 *   callers seen last              the frames further out are of several moments; the innermost is below the callers
 *                                  that it was seen with
 *   callers alone                  the innermost call could not be proved, and reading again did not
 *   read again                     a later copy of this thread alone
 *   callers of a later copy        the same, of which the innermost frames were left meanwhile
 *   below the second pointer       the same, from the current frame as it was after the frames
 *   depth differs                  the thread counts more frames than were found, again and again
 *   part                           only a part is certain; ends in `<unread>`
 *   process ended                  there was nothing to be read any more
 *   names unknown                  code was reused again and again; ends in `<unread>`
 */
export const rules = [
  'no Python',
  'as copied',
  'frame read alone',
  'callers of a left frame',
  'callers seen last',
  'callers alone',
  'read again',
  'callers of a later copy',
  'below the second pointer',
  'depth differs',
  'part',
  'process ended',
  'names unknown',
] as const;
export type Rule = (typeof rules)[number];

/** How a stack was mended, beside its rule. */
export const repairs = ['callee stands in', 'caller put back'] as const;
export type Repair = (typeof repairs)[number];

/** The stack that was found for a sample. */
export interface Verdict {
  /** `noNode` when nothing is certain (yet). */
  node: NodeId;
  rule: Rule;
  repair: Repair | undefined;
  /** Without a node: that of the callers, when all but the innermost call is proven; else `noNode`. */
  callers: NodeId;
  /** Outer frames were not followed. */
  isTruncated: boolean;
}

/** None yet. Not of spread parts, here and elsewhere: V8 makes a shape of its own for each object that is. */
export function noVerdict(rule: Rule): Verdict {
  return { node: noNode, rule, repair: undefined, callers: noNode, isTruncated: false };
}

/** Samples by rule and by repair. */
export class VerdictCounts {
  readonly #counts = new Map<Rule | Repair, number>();

  count(rule: Rule, repair?: Repair): void {
    this.#counts.set(rule, (this.#counts.get(rule) ?? 0) + 1);
    if (repair) this.#counts.set(repair, (this.#counts.get(repair) ?? 0) + 1);
  }

  /** Those that counted, in the order of the lists. */
  toJSON(): Record<string, number> {
    return Object.fromEntries(
      [...rules, ...repairs].flatMap((name) => {
        const count = this.#counts.get(name);
        return count === undefined ? [] : [[name, count] as const];
      }),
    );
  }
}

/**
 * The evidence that a call needs before a stack may show it.
 *
 * A program that runs while it is copied can be caught between two stacks: the copy then has a caller of one and a
 * callee of the other, which looks like a stack that never was. But a call that is known to be made (`ProvenCalls`)
 * needs no more evidence, so only new ones are asked about.
 *
 *     frame of the caller      site ──► which ways of calling has the instruction, and by which name does it load what
 *                              it calls?
 *     its value stack          pending callee ──► is it the function that runs in the next frame?
 *     frame of the callee      code, and how it was entered
 *     current-frame pointer    the same before and after the frames were copied: a stable read
 *
 * Each reading is looked up in the table below, from the top; the first row that fits says how many such readings prove
 * the call.
 */

/** How the frame of the callee was entered, by what the caller's instruction may do. */
export type Entry = 'directly' | 'resumed' | 'through C' | 'impossible' | 'unknown';

/** What one reading shows of a call. */
export interface Facts {
  /** The current-frame pointer was the same before and after. */
  readonly isStable: boolean;
  /** What the caller has on its value stack to be called: the function that runs, another callable, or nothing. */
  readonly pending: 'callee' | 'another' | 'none';
  /** The callee has the name by which the instruction loads what it calls; or it loads nothing by name. */
  readonly hasName: boolean;
  readonly entry: Entry;
  /** Another call of that site is proven. */
  readonly othersProven: boolean;
}

/**
 * What is proven by a row. `certain`: for ever. `likely`: until it was not seen for a while (`ProvenCalls.doubt`), then
 * one more reading will do.
 * `against`: the same, and then it must be proven anew.
 */
export type Certainty = 'certain' | 'likely' | 'against';

export interface EvidenceRow {
  readonly read: 'stable' | 'moved';
  readonly pending?: Facts['pending'];
  readonly hasName?: boolean;
  readonly entry?: Entry;
  readonly othersProven?: boolean;
  /** Readings that prove the call; 0: no number of them does. */
  readonly readings: number;
  /** Of how many of the thread's readings, at most. */
  readonly of: number;
  readonly certainty: Certainty;
}

/** A torn pair is a rare accident, and four of one kind are rarer: measured at 10 kHz, 0 in ten million samples. */
const several = { readings: 4, of: 512 };
/**
 * What the bytecode contradicts was nearly always torn: only a program whose bytecode is not understood shows it time
 * after time.
 */
const nearlyAlways = { readings: 4, of: 6 };
const once = { readings: 1, of: 1 };

export const evidenceTable: readonly EvidenceRow[] = [
  // The function object on the value stack and the name agree: two words of the copy that one accident does not both
  // make.
  { read: 'stable', pending: 'callee', hasName: true, ...once, certainty: 'certain' },
  { read: 'moved', pending: 'callee', hasName: true, readings: 2, of: 512, certainty: 'certain' },
  // Of a frame that is begun anew, the value stack may be copied, and the code before that; then names differ. Those of
  // what is decorated do too.
  { read: 'stable', pending: 'callee', ...several, certainty: 'likely' },
  { read: 'moved', readings: 0, of: 0, certainty: 'likely' },
  { read: 'stable', entry: 'unknown', ...several, certainty: 'likely' },
  { read: 'stable', entry: 'impossible', ...nearlyAlways, certainty: 'against' },
  { read: 'stable', entry: 'through C', othersProven: false, ...once, certainty: 'likely' },
  { read: 'stable', entry: 'through C', ...several, certainty: 'likely' },
  { read: 'stable', entry: 'directly', pending: 'another', ...nearlyAlways, certainty: 'against' },
  { read: 'stable', entry: 'directly', hasName: false, ...nearlyAlways, certainty: 'against' },
  { read: 'stable', entry: 'directly', othersProven: false, ...once, certainty: 'likely' },
  { read: 'stable', entry: 'directly', ...several, certainty: 'likely' },
  { read: 'stable', entry: 'resumed', pending: 'another', ...several, certainty: 'likely' },
  { read: 'stable', entry: 'resumed', othersProven: false, ...once, certainty: 'likely' },
  { read: 'stable', entry: 'resumed', ...several, certainty: 'likely' },
];

/** The row for what a reading shows. */
export function evidenceFor(facts: Facts): EvidenceRow {
  return evidenceTable.find((row) => fits(row, facts))!;
}

function fits(row: EvidenceRow, facts: Facts): boolean {
  return (
    (row.read === 'stable') === facts.isStable &&
    (row.pending === undefined || row.pending === facts.pending) &&
    (row.hasName === undefined || row.hasName === facts.hasName) &&
    (row.entry === undefined || row.entry === facts.entry) &&
    (row.othersProven === undefined || row.othersProven === facts.othersProven)
  );
}

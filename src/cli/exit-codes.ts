/** What the exit status of pyglass means. A program that was started by `record` gives its own instead. */
export const exitCodes = {
  success: 0,
  /** A mistake of ours. */
  internal: 1,
  usage: 2,
  /** There is nothing to sample: no such process, not Python. */
  target: 3,
  permission: 4,
  /** An output or a recording could not be written. */
  output: 5,
  /** A recording could not be read. */
  input: 6,
  /** A recording without a single sample. */
  nothingRecorded: 7,
  notExecutable: 126,
  programNotFound: 127,
  interrupted: 130,
} as const;

export const exitCodesHelp = `Exit status:
  0 done   2 wrong usage   3 no such process, or not Python   4 no permission
  5 output not writable   6 recording not readable   1 internal error
   7 nothing was recorded (the output says so)
  130 left with Ctrl-C before anything began
  record -- PROGRAM: the exit status of the program, or 7 in place of its 0`;

/** Exit statuses of pyglass. A program started by `record` passes its own on instead. */
export const exitCodes = {
  success: 0,
  /** An internal error: a bug in pyglass. */
  internal: 1,
  usage: 2,
  /** Nothing to sample: no such process, or not Python. */
  target: 3,
  permission: 4,
  /** An output or a recording could not be written. */
  output: 5,
  /** A recording could not be read. */
  input: 6,
  /** A recording without a single sample. */
  nothingRecorded: 7,
  /** `diff`: something grew by more than `--fail-above` lets it. */
  grew: 8,
  notExecutable: 126,
  programNotFound: 127,
  interrupted: 130,
} as const;

export const exitCodesHelp = `Exit status:
    0  success                              4  no permission
    1  internal error                       5  output not writable
    2  wrong usage                          6  recording not readable
    3  no such process, or not Python       7  nothing recorded
    8  grown above diff --fail-above
  130  cancelled before recording started
  record -- PROGRAM exits as the program did, or with 7 instead of 0.`;

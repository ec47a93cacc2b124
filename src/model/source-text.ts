/** A stretch of lines of a file. */
export interface SourceLines {
  /** Of the first line, from 1. */
  readonly first: number;
  readonly lines: readonly string[];
}

/** What of a file of Python source lies around the lines that a recording has. */
export interface SourceFile {
  /** As `FunctionInfo.file` has it. */
  readonly file: string;
  /** It was changed after the program, or the recording, began: its lines may not be those that ran. */
  readonly isNewer: boolean;
  /** In order, without overlap. */
  readonly parts: readonly SourceLines[];
}

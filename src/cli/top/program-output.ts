import { closeSync, fstatSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileError } from '../../disk/file-error.js';

/** A file for what a program says while the terminal is ours. */
export class ProgramOutput {
  readonly path: string;
  readonly file: number;

  constructor() {
    const wanted = join(tmpdir(), 'pyglass-');
    try {
      this.path = join(mkdtempSync(wanted), 'output.txt');
      this.file = openSync(this.path, 'wx');
    } catch (error) {
      throw fileError(error, 'write', wanted);
    }
  }

  /** Closes the file. Returns whether the program printed anything; if not, the file is removed. */
  close(): boolean {
    const { size } = fstatSync(this.file);
    closeSync(this.file);
    if (size === 0) rmSync(dirname(this.path), { recursive: true });
    return size > 0;
  }
}

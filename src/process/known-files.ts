import type { ByteBudget } from '../binary/byte-source.js';
import { type FileReads, fileHead, fileReads, type HeadContent } from '../cpython/locate/find-runtime.js';
import { hasHiddenPython } from '../cpython/locate/hidden-python.js';
import { type FileContent, fileContent } from '../cpython/locate/locate.js';
import { PyglassError } from '../model/error.js';
import type { LinuxImage } from './linux-process.js';

/** Reads each file once, however many processes map it and however often one is looked at. */
export class KnownFiles implements FileReads<LinuxImage> {
  readonly #contents = new Map<string, FileContent>();
  readonly #heads = new Map<string, HeadContent>();
  readonly #reads: FileReads<LinuxImage>;

  constructor(reads: FileReads<LinuxImage> = fileReads) {
    this.#reads = reads;
  }

  content(image: LinuxImage, budget: ByteBudget): FileContent {
    return once(this.#contents, image, () => this.#reads.content(image, budget));
  }

  head(image: LinuxImage): HeadContent {
    return once(this.#heads, image, () => this.#reads.head(image));
  }
}

function once<T>(known: Map<string, T | 'unopened'>, { file }: LinuxImage, read: () => T | 'unopened') {
  if (known.has(file)) return known.get(file) as T;
  const content = read();
  // Another process may be allowed to open it.
  if (content !== 'unopened') known.set(file, content);
  return content;
}

/**
 * For those who look at every process again and again, such as the compilers of a build: to search the data of each
 * takes milliseconds, so that is done only where the file has CPython in it.
 */
export const markedFiles: FileReads<LinuxImage> = {
  content: fileContent,
  head: (image) => (hidesPython(image) === false ? undefined : fileHead(image)),
};

/** Whether a file has CPython in it without symbols; `undefined` when it cannot be opened. */
export function hidesPython(image: LinuxImage): boolean | undefined {
  const source = image.open();
  if (!source) return undefined;
  try {
    return hasHiddenPython(source);
  } catch (error) {
    // A file that only begins like an executable.
    if (error instanceof PyglassError) return false;
    throw error;
  } finally {
    source.close();
  }
}

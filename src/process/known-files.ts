import type { ByteBudget } from '../binary/byte-source.js';
import { type FileReads, fileReads, type HeadContent } from '../cpython/locate/find-runtime.js';
import type { FileContent } from '../cpython/locate/locate.js';
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

/** Bytes that are read where they lie: a file, or a part of memory. */
export interface ByteSource {
  /** Exactly `length` bytes at `offset`, `undefined` when there are not so many. */
  read(offset: number, length: number): Uint8Array | undefined;
  /** Nothing is read any more. Who does not say so leaves it to the garbage collector. */
  close?(): void;
}

/** What an attempt to find something in files may cost in all. */
export class ByteBudget {
  left: number;

  constructor(bytes: number) {
    this.left = bytes;
  }
}

/** A read costs as much as one of so many bytes, at least. */
const smallestRead = 1024;

/**
 * The same source, of which nothing can be read any more once the budget, which it may share with others, is used up.
 */
export function withByteBudget(source: ByteSource, budget: ByteBudget): ByteSource {
  return {
    read(offset, length) {
      budget.left -= Math.max(smallestRead, length);
      return budget.left >= 0 ? source.read(offset, length) : undefined;
    },
  };
}

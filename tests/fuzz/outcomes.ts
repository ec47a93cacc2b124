import assert from 'node:assert/strict';
import type { ByteSource } from '../../src/binary/byte-source.js';
import { exitCodes } from '../../src/cli/exit-codes.js';
import { explainError } from '../../src/cli/explain-error.js';
import { dumpJson } from '../../src/formats/dump/dump-json.js';
import type { TargetMemory } from '../../src/memory/target-memory.js';
import { PyglassError } from '../../src/model/error.js';
import type { ProcessSnapshot } from '../../src/model/snapshot.js';
import { textOf } from '../support/images.js';

/** What reading one damaged file may take: some hundred times what a whole one takes, so that more has no end. */
const mostReads = 300_000;
const mostBytes = 512 << 20;
const mostCharacters = 8 << 20;

/** Counts what is read, and fails when there is no end of it. */
export class Reads {
  #reads = 0;
  #bytes = 0;

  #count(bytes: Uint8Array | undefined): void {
    this.#bytes += bytes?.length ?? 0;
    const count = `${++this.#reads} reads, ${this.#bytes} bytes`;
    assert.ok(this.#reads <= mostReads && this.#bytes <= mostBytes, `there is no end: ${count}`);
  }

  source<Source extends ByteSource>(source: Source): Source {
    return {
      ...source,
      read: (offset: number, length: number) => {
        const bytes = source.read(offset, length);
        this.#count(bytes);
        return bytes;
      },
    };
  }

  memory(memory: TargetMemory): TargetMemory {
    return {
      readMany: (plan, into) => memory.readMany(plan, into),
      read: (address, length) => {
        const bytes = memory.read(address, length);
        this.#count(bytes);
        return bytes;
      },
    };
  }
}

/**
 * What comes of it: something, nothing, or an error with a cause and a remedy that is no bug of pyglass. Anything else
 * fails.
 */
export function outcomeOf<T>(act: () => T): T | PyglassError {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof PyglassError)) throw error;
    assert.match(error.message, /\S{2,} \S{2,}/);
    const isOfTests = error.code.startsWith('image-');
    if (!isOfTests) assert.notEqual(explainError(error, 'dump').exitCode, exitCodes.internal, error.code);
    return error;
  }
}

/** The same as text and as JSON, which have bounds. */
export function checkShown(snapshot: ProcessSnapshot): void {
  const length = textOf(snapshot).length + dumpJson([snapshot], 400).length;
  assert.ok(length < mostCharacters, `${length} characters`);
}

import { ByteReader } from '../../bytes/byte-reader.js';
import { asciiUntilNul } from '../../bytes/text.js';
import type { ByteSource } from '../byte-source.js';

/** A note of an ELF file (PT_NOTE): who defines it, what kind it is, and where its content lies in the source. */
export interface ElfNote {
  readonly owner: string;
  readonly type: number;
  readonly offset: number;
  readonly size: number;
}

const headSize = 12;
/** Owners with longer names define nothing that is read here; theirs are cut. */
const longestOwner = 8;

/**
 * The notes in `size` bytes from `offset` on, each read by its head alone. What does not fit in there ends the list.
 * Each takes 12 bytes at least; who has gigabytes of them stops when there are enough.
 *
 *     u32 length of the owner's name   u32 length of the content   u32 type   name, padded to 4   content, padded to 4
 */
export function* elfNotes(source: ByteSource, offset: number, size: number): Generator<ElfNote> {
  const end = offset + size;
  let at = offset;
  while (at + headSize <= end) {
    const head = source.read(at, Math.min(headSize + longestOwner, end - at));
    if (!head) return;
    const reader = new ByteReader(head);
    const [nameSize, contentSize] = [reader.u32(0), reader.u32(4)];
    const content = at + headSize + padded(nameSize);
    if (content + contentSize > end) return;
    const owner = asciiUntilNul(head, headSize, nameSize);
    yield { owner, type: reader.u32(8), offset: content, size: contentSize };
    at = content + padded(contentSize);
  }
}

function padded(size: number): number {
  return Math.ceil(size / 4) * 4;
}

const gnuBuildId = 3;
/** Linkers make 16 or 20 bytes. */
const longestBuildId = 64;
/** A file has a few notes of some hundred bytes. */
const mostNoteBytes = 1 << 16;

/** The build id of a file among its notes, in hexadecimal; `undefined` when it has none, or it cannot be read. */
export function buildIdAmong(
  source: ByteSource,
  notes: readonly { readonly offset: number; readonly size: number }[],
): string | undefined {
  for (const { offset, size } of notes)
    for (const note of elfNotes(source, offset, Math.min(size, mostNoteBytes))) {
      if (note.owner !== 'GNU' || note.type !== gnuBuildId) continue;
      const bytes = note.size <= longestBuildId ? source.read(note.offset, note.size) : undefined;
      if (!bytes || bytes.length === 0) return undefined;
      return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    }
  return undefined;
}

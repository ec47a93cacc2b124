import { readFileSync } from 'node:fs';
import koffi from 'koffi';

/**
 * Small files of /proc that are read over and over. One is opened when it is first read and stays open while there is
 * room: to open it costs several times as much as to read it. When all room is taken, one that was not read of late
 * gives way.
 */

const readOnly = 0x80000; // O_RDONLY | O_CLOEXEC
/** Each holds a page of the kernel's memory and a little: 20 MB. */
const mostOpen = 4096;
/** Left to everything else that opens files. */
const reserve = 256;
/** Bytes of a file that can be noted: those of `schedstat` are three numbers of up to 20 digits. */
const mostNoted = 64;

type Open = (path: string, flags: number) => number;
type Close = (file: number) => number;
type PRead = (file: number, into: Uint8Array, length: number, offset: number) => number;

let open: Open;
let close: Close;
let pread: PRead | undefined;
let room = mostOpen;
const opened: KernelFile[] = [];
/** The next file that may have to give way. */
let hand = 0;

/** What was read last, from its beginning. */
export const kernelText = new Uint8Array(256);

export class KernelFile {
  readonly #path: string;
  #file = -1;
  /** Its index among the open ones. */
  #index = -1;
  /** It was read since the hand came by. */
  #recent = false;
  /** What `note` has of it. V8 keeps so few bytes beside the object. */
  #noted: Uint8Array | undefined;
  #notedLength = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Reads the file's beginning into `kernelText`; the number of bytes, 0 or less when it cannot be read. */
  read(): number {
    if (this.#file < 0 && !this.#open()) return -1;
    this.#recent = true;
    return pread!(this.#file, kernelText, kernelText.length, 0);
  }

  /** To be called after `read`, with the `length` that it said. */
  note(length: number): void {
    this.#noted ??= new Uint8Array(mostNoted);
    this.#notedLength = length > 0 && length <= mostNoted ? length : 0;
    for (let at = 0; at < this.#notedLength; at++) this.#noted[at] = kernelText[at]!;
  }

  /** Reads it: whether it is as `note` saw it. */
  isAsNoted(): boolean {
    const length = this.#notedLength;
    const noted = this.#noted;
    if (length === 0 || !noted || this.read() !== length) return false;
    // What grows has its last digits there.
    for (let at = length - 1; at >= 0; at--) if (noted[at] !== kernelText[at]) return false;
    return true;
  }

  #open(): boolean {
    if (!pread) prepare();
    if (opened.length >= room) giveWay();
    this.#file = open(this.#path, readOnly);
    if (this.#file < 0 && isFull() && opened.length > 0) {
      // Somebody else took what was left.
      room = Math.max(1, opened.length - 1);
      giveWay();
      this.#file = open(this.#path, readOnly);
    }
    if (this.#file < 0) return false;
    this.#index = opened.push(this) - 1;
    return true;
  }

  /** Closes it if it was not read since this was last asked. */
  closeIfIdle(): boolean {
    if (this.#recent) {
      this.#recent = false;
      return false;
    }
    this.close();
    return true;
  }

  close(): void {
    if (this.#file < 0) return;
    close(this.#file);
    this.#file = -1;
    const last = opened.pop()!;
    if (last !== this) {
      opened[this.#index] = last;
      last.#index = this.#index;
    }
  }
}

function isFull(): boolean {
  const errno = koffi.errno();
  return errno === koffi.os.errno['EMFILE'] || errno === koffi.os.errno['ENFILE'];
}

function giveWay(): void {
  for (;;) {
    if (hand >= opened.length) hand = 0;
    if (opened[hand]!.closeIfIdle()) return;
    hand++;
  }
}

function prepare(): void {
  const library = koffi.load(null);
  open = library.func('int open(const char *, int)') as unknown as Open;
  close = library.func('int close(int)') as unknown as Close;
  pread = library.func('long pread(int, void *, unsigned long, long)') as unknown as PRead;
  const limit = Number(
    /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? Infinity,
  );
  room = Math.max(1, Math.min(mostOpen, Math.max(limit - reserve, Math.floor(limit / 2))));
}

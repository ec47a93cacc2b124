import { isPointer, readPointer } from '../memory/pointers.js';
import type { TargetMemory } from '../memory/target-memory.js';
import type { Layout } from './layout.js';
import { readVariableNames, type VariableNames } from './locals.js';
import { typeName } from './objects/instances.js';
import { readInt } from './objects/integers.js';

/** A century: what is longer is not shown as a number of seconds. */
const longestSleep = 3.2e9;

/** Single variables of frames that wait. */
export class FrameVariables {
  readonly #memory: TargetMemory;
  readonly #layout: Layout;
  readonly #names = new Map<number, VariableNames>();

  constructor(memory: TargetMemory, layout: Layout) {
    this.#memory = memory;
    this.#layout = layout;
  }

  /** Address of what a variable of the frame refers to; 0: it has none of that name. */
  of({ frame, code }: { readonly frame: number; readonly code: number }, wanted: string): number {
    let names = this.#names.get(code);
    if (!names) {
      names = readVariableNames(this.#memory, this.#layout, code);
      this.#names.set(code, names);
    }
    // Up to 3.10 an argument that inner functions use stands among the cells as well, and only there has its value.
    for (let at = names.names.indexOf(wanted); at >= 0; at = names.names.indexOf(wanted, at + 1)) {
      const reference = readPointer(this.#memory, frame + this.#layout.frame.localsPlus + at * 8);
      // From 3.14 the lowest bits of references in frames are marks.
      const object = reference - (reference % 8);
      if (!isPointer(object)) continue;
      const isCell = names.mayBeCell[at] === true && typeName(this.#memory, this.#layout, object) === 'cell';
      return isCell ? readPointer(this.#memory, object + this.#layout.cell.value) : object;
    }
    return 0;
  }

  /** Such as `sleeping for 2 s`, of a variable that is a number of seconds; `undefined` when it is none. */
  sleep(frame: { readonly frame: number; readonly code: number }, wanted: string): string | undefined {
    const object = this.of(frame, wanted);
    const type = isPointer(object) ? typeName(this.#memory, this.#layout, object) : undefined;
    const bytes = type === 'float' ? this.#memory.read(object + this.#layout.float.value, 8) : undefined;
    const seconds = bytes
      ? new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, true)
      : type === 'int'
        ? readInt(this.#memory, this.#layout, object)
        : undefined;
    if (seconds === undefined || !(seconds >= 0) || seconds > longestSleep) return undefined;
    return `sleeping for ${Number(seconds.toPrecision(6))} s`;
  }
}

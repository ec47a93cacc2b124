// Austin's MOJO files, version 3: events one after another, each a byte for its kind and then its fields.
//   metadata   01 | key text | value text
//   stack      02 | process varint | interpreter varint | thread text        begins a sample; its frames follow
//   frame      03 | key | file | scope | line | end line | column | end column varints      defined by its first use
//   frame ref  05 | key varint
//   string     0b | key varint | text
// Texts end with a zero byte; varints hold six bits, then seven, lowest first, bit 6 of the first byte being the sign.
import { readFileSync } from 'node:fs';
import type { PeerStack } from './peer.js';

/** The samples of a file, equal ones together. */
export function mojoStacks(path: string): PeerStack[] {
  const bytes = readFileSync(path);
  if (bytes.toString('latin1', 0, 3) !== 'MOJ') throw new Error(`${path} is not a MOJO file`);
  const strings = new Map<number, string>();
  const scopes = new Map<number, number>();
  const tree = new StackTree();
  let at = 3;
  const varint = () => {
    let byte = bytes[at++]!;
    let value = byte & 0x3f;
    for (let unit = 64; byte & 0x80; unit *= 128) {
      byte = bytes[at++]!;
      value += (byte & 0x7f) * unit;
    }
    return value;
  };
  const text = () => {
    const begin = at;
    at = bytes.indexOf(0, begin) + 1;
    return bytes.toString('utf8', begin, at - 1);
  };
  varint();
  while (at < bytes.length) {
    const kind = bytes[at++]!;
    if (kind === 1) {
      text();
      text();
    } else if (kind === 2) {
      varint();
      varint();
      tree.end();
      at = bytes.indexOf(0, at) + 1;
      tree.begin();
    } else if (kind === 3) {
      const key = varint();
      varint();
      scopes.set(key, varint());
      for (let field = 0; field < 4; field++) varint();
      // What defines a frame is no use of it.
    } else if (kind === 5) tree.add(varint());
    else if (kind === 9 || kind === 10 || kind === 12) varint();
    else if (kind === 11) strings.set(varint(), text());
    else if (kind === 6) text();
    else if (kind !== 4 && kind !== 7 && kind !== 8) throw new Error(`${path}: unknown event ${kind}`);
  }
  tree.end();
  return tree.stacks((frame) => strings.get(scopes.get(frame) ?? -1) ?? '?');
}

class StackTree {
  readonly #next: Map<number, number>[] = [new Map()];
  readonly #parent = [-1];
  readonly #frame = [-1];
  readonly #count = [0];
  #at = -1;

  begin(): void {
    this.#at = 0;
  }

  add(frame: number): void {
    const known = this.#next[this.#at]!.get(frame);
    const node = known ?? this.#parent.length;
    if (known === undefined) {
      this.#next[this.#at]!.set(frame, node);
      this.#next.push(new Map());
      this.#parent.push(this.#at);
      this.#frame.push(frame);
      this.#count.push(0);
    }
    this.#at = node;
  }

  end(): void {
    if (this.#at >= 0) this.#count[this.#at]!++;
    this.#at = -1;
  }

  stacks(nameOf: (frame: number) => string): PeerStack[] {
    return this.#count.flatMap((count, node) => {
      if (count === 0) return [];
      const names: string[] = [];
      for (let up = node; up > 0; up = this.#parent[up]!) names.push(nameOf(this.#frame[up]!));
      return [{ names: names.reverse(), count }];
    });
  }
}

import { type CodeCalls, CodeType, type FrameCall, readCodeCalls } from '../../cpython/calls/code-calls.js';
import { instructionAtStart } from '../../cpython/code-unit.js';
import type { Layout } from '../../cpython/layout.js';
import { readString } from '../../cpython/objects/strings.js';
import { packCall } from '../../cpython/stack/reading.js';
import type { MomentMemory } from '../../memory/moment-memory.js';
import { readPointer } from '../../memory/pointers.js';
import { firstRoom, grown } from '../../model/grown.js';
import type { CodeId, SiteId } from '../../model/ids.js';
import type { Sites } from '../stacks/sites.js';
import { NumberedNames } from './numbered-names.js';

type LearningMemory = Pick<MomentMemory, 'read' | 'readMany' | 'isStill' | 'forget'>;

const longestName = 200;
/** Code objects whose bytecode is kept. */
const mostBytecode = 20_000;
/** In place of a call: the bytecode was not looked at. */
const unread = -1;

/** An object, as `CodeListener`. */
export interface CallListener {
  siteCalls(site: SiteId, call: FrameCall): void;
}

/**
 * What the bytecode says of each site: where it keeps what it calls, by which name that was loaded, in which ways it
 * may call.
 */
export class CallSites {
  readonly names = new NumberedNames();
  readonly #memory: LearningMemory;
  readonly #layout: Layout;
  readonly #sites: Sites;
  // By site.
  #call = new Int32Array(firstRoom).fill(unread);
  #name = new Int32Array(firstRoom);
  /** By code; `null`: there is none at the address, as far as was seen of late. */
  #calls: (CodeCalls | null | undefined)[] = [];
  /** How many of them are bytecode, and which are none. */
  #readCount = 0;
  #noCodes: CodeId[] = [];
  readonly #codeNames: (number | undefined)[] = [];
  readonly #codeType = new CodeType();
  /** Is told of each site that calls something, when its bytecode was read. */
  listener: CallListener | undefined;

  constructor(memory: LearningMemory, layout: Layout, sites: Sites) {
    this.#memory = memory;
    this.#layout = layout;
    this.#sites = sites;
  }

  /** Where a frame at the site keeps what it calls: `packCall`; 0 when it calls nothing there. */
  callAt(site: SiteId): number {
    const known = site < this.#call.length ? this.#call[site]! : unread;
    return known === unread ? this.#read(site) : known;
  }

  #read(site: SiteId): number {
    const code = this.#sites.codeOf(site);
    const calls = this.#callsOf(code);
    if (!calls) return 0;
    while (site >= this.#call.length) {
      const size = this.#call.length;
      this.#call = grown(this.#call, size * 2).fill(unread, size);
      this.#name = grown(this.#name, size * 2);
    }
    const call = this.#ofOneCode(code, () => calls.at(this.#sites.instructionOf(site)));
    this.#name[site] = this.names.numberOf(call?.name ?? '');
    this.#call[site] = call ? packCall(call) : 0;
    if (call) this.listener?.siteCalls(site, call);
    return this.#call[site]!;
  }

  #callsOf(code: CodeId): CodeCalls | undefined {
    const known = this.#calls[code];
    if (known !== undefined) return known ?? undefined;
    const address = this.#sites.addressOf(code);
    const calls = this.#ofOneCode(code, () =>
      readCodeCalls(this.#memory, this.#layout, address, this.#codeType),
    );
    if (!calls) this.#noCodes.push(code);
    else if (++this.#readCount > mostBytecode) this.#forgetBytecode();
    this.#calls[code] = calls ?? null;
    return calls;
  }

  /**
   * What `read` finds out of a code object. Pages may have been copied before others of what it reads: where the object
   * is another by now, all is read anew. What is found out is kept for as long as that object is known.
   */
  #ofOneCode<T>(code: CodeId, read: () => T): T {
    const found = read();
    const from = this.#sites.addressOf(code) + this.#layout.object.type;
    if (this.#memory.isStill(from, this.#layout.code.lineTable + 8 - this.#layout.object.type)) return found;
    this.#memory.forget();
    return read();
  }

  /** The name by which the site loads what it calls, as `names` numbers it; 0 when it does not load it by name. */
  nameAt(site: SiteId): number {
    return this.callAt(site) === 0 ? 0 : this.#name[site]!;
  }

  /** Whether a code object has the name by which the site loads what it calls, as far as it loads it by name. */
  mayLoad(site: SiteId, code: CodeId): boolean {
    const name = this.nameAt(site);
    return name === 0 || name === this.#nameOf(code);
  }

  #nameOf(code: CodeId): number {
    const known = this.#codeNames[code];
    if (known !== undefined) return known;
    const address = this.#sites.addressOf(code) + this.#layout.code.name;
    const name = this.#ofOneCode(code, () =>
      readString(this.#memory, this.#layout, readPointer(this.#memory, address), longestName),
    );
    const number = this.names.numberOf(name ?? '');
    this.#codeNames[code] = number;
    return number;
  }

  /** In which ways the site may call a function of Python (bits of `WayToCall`); undefined when that is not known. */
  waysToCall(site: SiteId): number | undefined {
    return this.#callsOf(this.#sites.codeOf(site))?.waysToCall(this.#sites.instructionOf(site));
  }

  /** The site of a function's frame at its first instruction, which stands for the line of its definition. */
  startOf(address: number): SiteId {
    return this.#sites.siteAt(address, instructionAtStart(this.#layout, address));
  }

  /** Looks again where no code object was, in case there is one by now. */
  recheck(): void {
    for (const code of this.#noCodes) this.#calls[code] = undefined;
    this.#noCodes = [];
  }

  /** The code object was replaced, and nothing is asked of it any more. */
  forget(code: CodeId): void {
    this.#calls[code] = undefined;
    this.#codeNames[code] = undefined;
  }

  /** What was found out of sites stays known. */
  #forgetBytecode(): void {
    this.#calls = [];
    this.#noCodes = [];
    this.#readCount = 0;
  }

  /** Forgets all; follows `Sites.clear`. */
  clear(): void {
    this.#call.fill(unread);
    this.#forgetBytecode();
    this.#codeNames.length = 0;
    this.names.clear();
  }
}

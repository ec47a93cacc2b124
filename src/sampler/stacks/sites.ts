import type { BytecodeCopies } from '../../cpython/bytecode-copies.js';
import { highHalfLimit } from '../../memory/pointers.js';
import { firstRoom, grown } from '../../model/grown.js';
import { type CodeId, type IdColumn, idColumn, type SiteId } from '../../model/ids.js';

/** In place of a site: what calls the outermost frame. Also of what cannot be a frame. */
export const noSite = 0 as SiteId;
/** In place of a code object. */
export const noCode = 0 as CodeId;

const highHalf = 0x1_0000_0000;
/**
 * In place of the high half of an address: another code object lies there by now, and no frame is at this site any
 * more.
 */
const goneMark = 0xffff_ffff;

/**
 * The sites at which frames were seen, numbered: (code object, instruction) → site. Everything that is known of a call,
 * a stack or a C function is known by these numbers.
 *
 * Addresses of code objects are reused. One that was replaced has its number for ever, and so have its sites: whatever
 * was learnt of them is then asked for no more.
 */
export class Sites {
  #size = 1;
  #codeLow = new Uint32Array(firstRoom);
  #codeHigh = new Uint32Array(firstRoom);
  #instruction = new Uint32Array(firstRoom);
  #code: IdColumn<CodeId> = idColumn(firstRoom);
  /** The site numbered before of the same code; 0: there is none. */
  #before: IdColumn<SiteId> = idColumn(firstRoom);
  /** The site that stands for it: an instruction of a copy of the bytecode is that of the code object. */
  #same: IdColumn<SiteId> = idColumn(firstRoom);
  #slots = new Int32Array(firstRoom * 2);
  /** By address. */
  readonly #codes = new Map<number, CodeId>();
  /** By code: its address, and its site that was numbered last. */
  readonly #addresses: number[] = [0];
  readonly #newest: SiteId[] = [noSite];

  /** Where instructions may be in a copy of the bytecode: which one of the code object itself it is. */
  copies: Pick<BytecodeCopies, 'mainInstruction'> | undefined;

  /** How many numbers were given; the next site gets this one. */
  get size(): number {
    return this.#size;
  }

  /**
   * The site of a frame. `instruction`: as the frame has it (`f_lasti`), or the low half of that when it is an address;
   * `noSite` when there can be no code at the address.
   */
  siteOf(codeLow: number, codeHigh: number, instruction: number): SiteId {
    if (codeHigh >= highHalfLimit) return noSite;
    const mask = this.#slots.length - 1;
    let slot = hash(codeLow, instruction) & mask;
    for (;;) {
      const site = this.#slots[slot]!;
      if (site === 0) return this.#add(codeLow, codeHigh, instruction);
      if (
        this.#codeLow[site] === codeLow &&
        this.#instruction[site] === instruction &&
        this.#codeHigh[site] === codeHigh
      )
        return this.#same[site]!;
      slot = (slot + 1) & mask;
    }
  }

  /** The same, with the address in one number. */
  siteAt(address: number, instruction: number): SiteId {
    return this.siteOf(address % highHalf, Math.floor(address / highHalf), instruction);
  }

  /** Whether the frame did not say which code it runs. */
  isWithoutCode(site: SiteId): boolean {
    return this.#codeLow[site] === 0 && this.#codeHigh[site] === 0 && site !== noSite;
  }

  /** The code object of a site. */
  codeOf(site: SiteId): CodeId {
    return this.#code[site]!;
  }

  /** The number of the code object at an address. */
  codeAt(address: number): CodeId {
    const known = this.#codes.get(address);
    if (known !== undefined) return known;
    const code = (this.#addresses.push(address) - 1) as CodeId;
    this.#newest.push(noSite);
    this.#codes.set(address, code);
    return code;
  }

  addressOf(code: CodeId): number {
    return this.#addresses[code]!;
  }

  /** As the frame had it. */
  instructionOf(site: SiteId): number {
    return this.#instruction[site]!;
  }

  /** Whether another code object took the place of the site's. */
  isGone(site: SiteId): boolean {
    return this.#codeHigh[site] === goneMark;
  }

  /** The code object at an address is another one from now on. */
  forget(address: number): void {
    const code = this.#codes.get(address);
    if (code === undefined) return;
    this.#codes.delete(address);
    for (let site = this.#newest[code]!; site !== noSite; site = this.#before[site]!)
      this.#codeHigh[site] = goneMark;
  }

  /** Forgets all; numbers begin again. */
  clear(): void {
    this.#size = 1;
    this.#slots.fill(0);
    this.#codes.clear();
    this.#addresses.length = this.#newest.length = 1;
  }

  #add(codeLow: number, codeHigh: number, instruction: number): SiteId {
    if (this.#size === this.#codeLow.length) this.#grow();
    const site = this.#size++ as SiteId;
    const code = this.codeAt(codeHigh * highHalf + codeLow);
    this.#codeLow[site] = codeLow;
    this.#codeHigh[site] = codeHigh;
    this.#instruction[site] = instruction;
    this.#code[site] = code;
    this.#before[site] = this.#newest[code]!;
    this.#newest[code] = site;
    this.#enter(site);
    const main = this.copies?.mainInstruction(codeHigh * highHalf + codeLow, instruction) ?? instruction;
    const same = main === instruction ? site : this.siteOf(codeLow, codeHigh, main);
    this.#same[site] = same;
    return same;
  }

  #enter(site: number): void {
    const mask = this.#slots.length - 1;
    let slot = hash(this.#codeLow[site]!, this.#instruction[site]!) & mask;
    while (this.#slots[slot]! !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = site;
  }

  #grow(): void {
    const size = this.#codeLow.length * 2;
    this.#codeLow = grown(this.#codeLow, size);
    this.#codeHigh = grown(this.#codeHigh, size);
    this.#instruction = grown(this.#instruction, size);
    this.#code = grown(this.#code, size);
    this.#before = grown(this.#before, size);
    this.#same = grown(this.#same, size);
    this.#slots = new Int32Array(size * 2);
    // Those of code that is gone are looked up no more.
    for (let site = 1; site < this.#size; site++) if (!this.isGone(site as SiteId)) this.#enter(site);
  }
}

function hash(codeLow: number, instruction: number): number {
  const mixed = Math.imul(codeLow, 0x85ebca6b) ^ Math.imul(instruction, 0xc2b2ae35);
  return mixed ^ (mixed >>> 15);
}

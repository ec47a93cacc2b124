/** A process of which nothing is looked up has tables as well: of 40 such, 1,024 rows each were 2 MB. */
const smallest = 16;
/** 2^32 divided by the golden ratio: numbers of pages that follow each other are spread. */
const spread = 0x9e37_79b1;
const free = -1;

/**
 * A number by that of each page. A `Map` makes an object of each number beyond 2^31 that it is asked for, which those
 * of pages are: a look at 1,000 tasks asks some 10,000 times.
 */
export class PageTable {
  #pages = new Float64Array(smallest).fill(free);
  #values = new Int32Array(smallest);
  size = 0;

  /** `otherwise`: what there is for a page that has none. */
  get(page: number, otherwise: number): number {
    const at = this.#slot(page);
    return this.#pages[at] === page ? this.#values[at]! : otherwise;
  }

  has(page: number): boolean {
    return this.#pages[this.#slot(page)] === page;
  }

  set(page: number, value: number): void {
    let at = this.#slot(page);
    if (this.#pages[at] !== page) {
      if (this.size >= this.#pages.length >> 1) {
        this.#grow();
        at = this.#slot(page);
      }
      this.#pages[at] = page;
      this.size++;
    }
    this.#values[at] = value;
  }

  clear(): void {
    this.#pages.fill(free);
    this.size = 0;
  }

  get pages(): number[] {
    return [...this.#pages.filter((page) => page !== free)];
  }

  /** Where the page is, or would be. */
  #slot(page: number): number {
    const mask = this.#pages.length - 1;
    const mixed = Math.imul(page, spread);
    let at = (mixed ^ (mixed >>> 15)) & mask;
    while (this.#pages[at] !== page && this.#pages[at] !== free) at = (at + 1) & mask;
    return at;
  }

  #grow(): void {
    const [pages, values] = [this.#pages, this.#values];
    this.#pages = new Float64Array(2 * pages.length).fill(free);
    this.#values = new Int32Array(2 * pages.length);
    for (let old = 0; old < pages.length; old++) {
      if (pages[old] === free) continue;
      const at = this.#slot(pages[old]!);
      this.#pages[at] = pages[old]!;
      this.#values[at] = values[old]!;
    }
  }
}

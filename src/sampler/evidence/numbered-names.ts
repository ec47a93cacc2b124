/** Texts numbered from 1 in order of first sight, so that names are compared as numbers; 0 is no name. */
export class NumberedNames {
  readonly #numbers = new Map<string, number>();
  readonly #names: string[] = [''];

  numberOf(name: string): number {
    if (name === '') return 0;
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.#names.length);
    return this.#names.push(name) - 1;
  }

  nameOf(number: number): string {
    return this.#names[number] ?? '';
  }

  clear(): void {
    this.#numbers.clear();
    this.#names.length = 1;
  }
}

/** An ELF file of one segment at address 0 with these sections: name, type, address, offset, size, link. */
export function elf(
  machine: number,
  ...sections: readonly (readonly [string, number, number, number, number, number])[]
) {
  const bytes = new Uint8Array(8192);
  const view = new DataView(bytes.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setUint16(18, machine, true);
  view.setBigUint64(32, 64n, true);
  view.setBigUint64(40, 1024n, true);
  view.setUint16(54, 56, true);
  view.setUint16(56, 1, true);
  view.setUint16(58, 64, true);
  view.setUint16(60, sections.length + 1, true);
  view.setUint16(62, sections.length, true);
  view.setUint32(64, 1, true);
  view.setUint32(68, 6, true);
  view.setBigUint64(96, 8192n, true);
  view.setBigUint64(104, 8192n, true);
  let name = 1;
  const all = [...sections, ['.shstrtab', 3, 0, 512, 512, 0] as const];
  for (const [index, [title, type, address, offset, size, link]] of all.entries()) {
    const at = 1024 + index * 64;
    view.setUint32(at, name, true);
    view.setUint32(at + 4, type, true);
    view.setBigUint64(at + 16, BigInt(address), true);
    view.setBigUint64(at + 24, BigInt(offset), true);
    view.setBigUint64(at + 32, BigInt(size), true);
    view.setUint32(at + 40, link, true);
    for (const character of title) bytes[512 + name++] = character.charCodeAt(0);
    name++;
  }
  return bytes;
}

/** A section of `elf` in which CPython keeps its runtime. */
export const runtime = ['.PyRuntime', 1, 4096, 4096, 4096, 0] as const;

/** A library that exports one function, by the table of the dynamic linker. What else it has lies from 7000 on. */
export function exporting(name: string, ...sections: Parameters<typeof elf>[1][]): Uint8Array {
  const bytes = elf(
    62,
    ['.dynsym', 11, 4096, 4096, 48, 1],
    ['.dynstr', 3, 5000, 5000, 100, 0],
    ['.gnu.hash', 0x6fff_fff6, 6000, 6000, 100, 1],
    ...sections,
  );
  const view = new DataView(bytes.buffer);
  view.setUint32(4096 + 24, 1, true);
  view.setUint16(4096 + 30, 1, true);
  view.setUint32(4096 + 32, 7777, true);
  bytes.set(new TextEncoder().encode(name), 5001);
  let hash = 5381;
  for (const character of name) hash = (Math.imul(hash, 33) + character.charCodeAt(0)) >>> 0;
  // One bucket that begins at symbol 1, no Bloom filter, a chain of one.
  for (const [index, word] of [1, 1, 0, 0, 1, hash | 1].entries())
    view.setUint32(6000 + index * 4, word, true);
  return bytes;
}

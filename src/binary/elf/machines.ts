/** A kind of processor whose Pythons are read. */
export type Machine = 'x86-64' | 'aarch64';

/** Names of processors by e_machine (System V ABI), as `file` and `uname -m` call them. */
const names: Readonly<Record<number, string>> = {
  3: 'x86',
  8: 'MIPS',
  20: 'PowerPC',
  21: 'PowerPC64',
  22: 's390x',
  40: 'ARM',
  62: 'x86-64',
  183: 'aarch64',
  243: 'RISC-V',
  258: 'LoongArch',
};

export function machineName(machine: number): string {
  return names[machine] ?? `machine ${machine}`;
}

/** That of an ELF file of 64 bits and little-endian; `undefined`: none that is read. */
export function machineOf({ machine }: { readonly machine: number }): Machine | undefined {
  const name = machineName(machine);
  return name === 'x86-64' || name === 'aarch64' ? name : undefined;
}

/** For messages. */
export const machinesThatAreRead = 'x86-64 and aarch64';

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

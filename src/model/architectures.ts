/** Machines on which pyglass runs, by Node's name (`process.arch`), and what people call them. */
const names: Readonly<Record<string, string>> = { x64: 'x86-64', arm64: 'ARM64' };

/** Whether processes can be read where Node runs so. */
export function readsProcessesOn(platform: string, architecture: string): boolean {
  return platform === 'linux' && names[architecture] !== undefined;
}

/** For messages: `x86-64`. */
export function architectureName(architecture: string): string {
  return names[architecture] ?? architecture;
}

/** For messages. */
export const neededMachine = 'Linux on x86-64 or ARM64';

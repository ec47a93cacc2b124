import { architectureName, neededMachine, readsProcessesOn } from '../model/architectures.js';
import { PyglassError } from '../model/error.js';
import { procIsOurs } from './own-proc.js';

/**
 * Why processes cannot be read where pyglass itself runs; `undefined` where they can. To be asked before anything is
 * loaded that calls the kernel: offsets, system calls and what /proc says are those of Linux on x86-64 and ARM64. A
 * Python for another machine is refused by its file.
 */
export function machineError(
  platform: string = process.platform,
  arch: string = process.arch,
): PyglassError | undefined {
  if (readsProcessesOn(platform, arch)) return procIsOurs() ? undefined : otherProc();
  const here = `${platformNames[platform] ?? platform} on ${archNames[arch] ?? architectureName(arch)}`;
  return new PyglassError(
    'platform-unsupported',
    `pyglass needs ${neededMachine}; this Node runs as one for ${here}`,
    { platform, arch },
  );
}

/** Its ids are not those of the processes that we start, signal and read. */
function otherProc(): PyglassError {
  return new PyglassError(
    'proc-missing',
    '/proc is that of another pid namespace, so its ids are not ours',
    {},
  );
}

/** What people call what Node names otherwise. */
const platformNames: Readonly<Record<string, string>> = {
  ...{ linux: 'Linux', darwin: 'macOS', win32: 'Windows', freebsd: 'FreeBSD', openbsd: 'OpenBSD' },
  ...{ android: 'Android', aix: 'AIX', sunos: 'SunOS' },
};
const archNames: Readonly<Record<string, string>> = {
  ...{ ia32: '32-bit x86', arm: '32-bit ARM' },
};

import { machineTrouble } from '../process/machine-trouble.js';

/** Before a command that reads processes, and before anything is loaded for it: throws `platform-unsupported` on other machines. */
export function refuseOtherMachine(): void {
  const trouble = machineTrouble();
  if (trouble) throw trouble;
}

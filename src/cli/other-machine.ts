import { machineError } from '../process/machine-error.js';

/**
 * Before a command that reads processes, and before anything is loaded for it: throws `platform-unsupported` on other
 * machines.
 */
export function refuseOtherMachine(): void {
  const error = machineError();
  if (error) throw error;
}

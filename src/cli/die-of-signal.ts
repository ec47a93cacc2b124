/** Ends the process as the signal would have without us, whatever a thread of ours is still waiting for. */
export function dieOfSignal(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

/** Those that ask us to end. The last two would end us without an output, as they end most programs. */
const ending = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'] as const;
/**
 * Milliseconds in which the same signal counts once: timeout(1) sends it to its child and then to the group of both,
 * and the second comes 20 to 100 µs after the first; Node hands them on a few milliseconds later when it is busy.
 */
const echoTime = 50;

/**
 * Calls `act` for each signal that asks us to end, with how many came so far. Returns how to go back to dying of them.
 */
export function onSignals(act: (signal: NodeJS.Signals, count: number) => void): () => void {
  let count = 0;
  const last = new Map<NodeJS.Signals, number>();
  const listener = (signal: NodeJS.Signals) => {
    const now = performance.now();
    if (now - (last.get(signal) ?? Number.NEGATIVE_INFINITY) < echoTime) return;
    last.set(signal, now);
    act(signal, ++count);
  };
  for (const signal of ending) process.on(signal, listener);
  return () => {
    for (const signal of ending) process.off(signal, listener);
  };
}

/** Calls `act` for each SIGUSR1, which asks for what there is so far. Returns how to go back to ignoring it. */
export function onOutputSignal(act: () => void): () => void {
  process.on('SIGUSR1', act);
  return () => void process.off('SIGUSR1', act);
}

const handled = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Calls `act` for each signal that asks us to end, with how many came so far. Returns how to go back to dying of them. */
export function onSignals(act: (signal: NodeJS.Signals, count: number) => void): () => void {
  let count = 0;
  const listener = (signal: NodeJS.Signals) => act(signal, ++count);
  for (const signal of handled) process.on(signal, listener);
  return () => {
    for (const signal of handled) process.off(signal, listener);
  };
}

/** Milliseconds of work until the browser may paint and hear: with the longest piece, less than 50. */
const slice = 20;

/** After what waits to be painted or heard. A timer would wait for 4 ms more each time. */
export function inNextTurn(act: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    act();
  };
  port2.postMessage(0);
}

/** Takes pieces for as long as a turn may last. Whether they came to their end, and with what. */
export function oneTurn<T>(pieces: Generator<void, T, void>): IteratorResult<void, T> {
  const begin = performance.now();
  for (;;) {
    const result = pieces.next();
    if (result.done || performance.now() - begin > slice) return result;
  }
}

/** What pieces come to, with a turn of the browser in between. */
export async function inTurns<T>(pieces: Generator<void, T, void>): Promise<T> {
  for (;;) {
    const { done, value } = oneTurn(pieces);
    if (done) return value;
    await new Promise<void>(inNextTurn);
  }
}

/** What happens over and over is in the log the first time, and then each time after so many more. */
const loggedEvery = 1000;

/** Whether one of `count` more events is in the log, after `before` of the same kind. */
export function isLogged(before: number, count = 1): boolean {
  const times = (events: number) => Math.ceil(events / loggedEvery);
  return times(before) < times(before + count);
}

/** Commands that sample. */
const sampling = ['record', 'top', 'live'];

/**
 * Whether this command line samples a process that it names or starts, as far as can be seen before it is read: the
 * thread that samples may start at once. Wrong guesses cost no more than that thread.
 */
export function willSample([command = '', ...words]: readonly string[]): boolean {
  const isSampling = command !== '' && sampling.some((name) => name.startsWith(command));
  return isSampling && words.some((word) => /^(?:-p|--pid|--$)/.test(word));
}

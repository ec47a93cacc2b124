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

/** Whether it will sample children as well: a guess like that. */
export function willSampleChildren(words: readonly string[]): boolean {
  const end = words.indexOf('--');
  return words
    .slice(0, end < 0 ? words.length : end)
    .some((word) => /^(?:-[a-z]*s|--subprocesses)$/.test(word));
}

/** What a command line of `python` runs: Python's documentation, "Command line and environment". */
export interface PythonCommand {
  readonly runs: 'script' | 'module' | 'code' | 'stdin' | 'interactive';
  /** The script's path, the module's name or the code; empty for the others. */
  readonly what: string;
  /** What comes after it. */
  readonly args: readonly string[];
}

const optionsWithValue = 'WXcm';
const runsByOption: Readonly<Record<string, 'code' | 'module'>> = { c: 'code', m: 'module' };

/** `words` begins with the interpreter. */
export function parsePythonCommand(words: readonly string[]): PythonCommand {
  for (let at = 1; at < words.length; at++) {
    const word = words[at]!;
    if (word === '-') return { runs: 'stdin', what: '', args: words.slice(at + 1) };
    if (!word.startsWith('-')) return { runs: 'script', what: word, args: words.slice(at + 1) };
    if (word === '--check-hash-based-pycs') at++;
    if (word.startsWith('--')) continue;
    // Letters may stand together, as in -um: the first that takes a value takes the rest of the word, or the next one.
    const letter = [...word].findIndex((one, index) => index > 0 && optionsWithValue.includes(one));
    if (letter < 0) continue;
    const rest = word.slice(letter + 1);
    const value = rest === '' ? (words[++at] ?? '') : rest;
    const runs = runsByOption[word[letter]!];
    if (runs) return { runs, what: value, args: words.slice(at + 1) };
  }
  return { runs: 'interactive', what: '', args: [] };
}

const interpreter = /(?:^|\/)python[\d.]*(?:-dbg|[dmtu]*)$/;

/**
 * The words of `python` in those of a program that runs it, such as an emulator or the dynamic linker: from the
 * interpreter on. An emulator may get the name by which it was called behind its path.
 */
export function wordsOfPython(words: readonly string[]): readonly string[] {
  const at = words.findIndex((word, index) => index > 0 && word.includes('/') && interpreter.test(word));
  if (at < 0) return words;
  return words.slice(interpreter.test(words[at + 1] ?? '') ? at + 1 : at);
}

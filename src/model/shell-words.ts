/** A word of a command, and where it begins; without quotes around all of it. */
export interface ShellWord {
  readonly text: string;
  readonly start: number;
}

/** Words as a shell would part them: at white space that is not within quotes. A quote that is never closed is none. */
export function shellWords(text: string): ShellWord[] {
  const words: ShellWord[] = [];
  const last = { '"': text.lastIndexOf('"'), "'": text.lastIndexOf("'") };
  let at = 0;
  while (at < text.length) {
    if (isSpace(text, at)) {
      at++;
      continue;
    }
    const start = at;
    while (at < text.length && !isSpace(text, at)) {
      const sign = text[at];
      const isOpening = at === start || text[at - 1] === '=' || text[at - 1] === ':';
      if ((sign === '"' || sign === "'") && isOpening && last[sign] > at) {
        at = text.indexOf(sign, at + 1);
        while (text[at - 1] === '\\' && at < last[sign]) at = text.indexOf(sign, at + 1);
      }
      at++;
    }
    const word = text.slice(start, at);
    const quote = word[0]!;
    const isQuoted = word.length > 1 && (quote === '"' || quote === "'") && word.endsWith(quote);
    words.push(isQuoted ? { text: word.slice(1, -1), start: start + 1 } : { text: word, start });
  }
  return words;
}

function isSpace(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 32 || (code >= 9 && code <= 13);
}

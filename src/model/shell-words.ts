/** A word of a command, and where it begins; without quotes around all of it. */
export interface ShellWord {
  readonly text: string;
  readonly start: number;
}

/** Words as a shell would part them: at white space that is not within quotes. A quote that is never closed is none. */
export function shellWords(text: string): ShellWord[] {
  const words: ShellWord[] = [];
  const last = { '"': text.lastIndexOf('"'), "'": text.lastIndexOf("'") };
  for (let at = 0; at < text.length; at++) {
    if (isSpace(text, at)) continue;
    const start = at;
    at = wordEnd(text, start, last);
    const word = text.slice(start, at);
    const quote = word[0]!;
    const isQuoted = word.length > 1 && (quote === '"' || quote === "'") && word.endsWith(quote);
    words.push(isQuoted ? { text: word.slice(1, -1), start: start + 1 } : { text: word, start });
  }
  return words;
}

/** `last`: where the last quote of each kind stands. */
function wordEnd(text: string, start: number, last: Readonly<Record<'"' | "'", number>>): number {
  let at = start;
  while (at < text.length && !isSpace(text, at)) {
    const sign = text[at];
    const isOpening = at === start || text[at - 1] === '=' || text[at - 1] === ':';
    if ((sign === '"' || sign === "'") && isOpening && last[sign] > at) {
      at = text.indexOf(sign, at + 1);
      while (text[at - 1] === '\\' && at < last[sign]) at = text.indexOf(sign, at + 1);
    }
    at++;
  }
  return at;
}

function isSpace(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 32 || (code >= 9 && code <= 13);
}

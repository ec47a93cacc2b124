import { isSecretName } from './secret-names.js';

/** Stands in a text where a secret was. */
export const hiddenText = '<hidden>';

/** `name=`, `name: `, `"name": "` and the like, and what follows up to where such values end. */
const nameBefore = /([\w-]{2,64})\\?["']?\s{0,3}[=:]\s{0,3}\\?["']?/g;
const valueBehind = /[^\s"'&;,<>)}\]\\]+/y;
/** Headers whose value is all that follows on their line. */
const header = /((?:authorization|cookie)\\?["']?\s{0,3}[:=]\s{0,3}\\?["']?)([^\r\n"']+)/gi;
/** `scheme://user:password@`, where the text may have been cut before the `@`. */
const userInfo = /([a-z][a-z\d+.-]{0,20}:\/\/[^\s/:@?#]{0,200}:)([^\s/@?#]+)(@)/gi;
const cutUserInfo = /([a-z][a-z\d+.-]{0,20}:\/\/[^\s/:@?#]{0,200}:)([^\s/@?#]+)$/i;
const bearer = /\b(bearer|basic)(\s+)([\w+/=.~-]{6,})/gi;
const privateKey = /(-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----)[\s\S]*/;

/** The text with what it tells of secrets hidden. `isCut`: it goes on beyond what is there. */
export function hideInText(text: string, isCut: boolean): string {
  const shown = hideNamed(
    text
      .replace(privateKey, `$1${hiddenText}`)
      .replace(header, `$1${hiddenText}`)
      .replace(userInfo, `$1${hiddenText}$3`)
      .replace(bearer, `$1$2${hiddenText}`),
  );
  return isCut ? shown.replace(cutUserInfo, `$1${hiddenText}`) : shown;
}

function hideNamed(text: string): string {
  let shown = '';
  let copied = 0;
  // What follows a name that is no secret's may hold another name: `https://…?token=…`.
  for (const match of text.matchAll(nameBefore)) {
    const start = match.index + match[0].length;
    if (start < copied || !isSecretName(match[1]!)) continue;
    const value = valueAt(text, start);
    if (value === '') continue;
    shown += text.slice(copied, start) + hiddenText;
    copied = start + value.length;
  }
  return shown + text.slice(copied);
}

/** Up to the quote where it began with one. */
function valueAt(text: string, start: number): string {
  const quote = text[start - 1]!;
  if (quote === '"' || quote === "'") {
    const end = text.indexOf(quote, start);
    return text.slice(start, end < 0 ? text.length : end);
  }
  valueBehind.lastIndex = start;
  return valueBehind.exec(text)?.[0] ?? '';
}

/** A command line, in which the value of an option may be a word of its own: `--password hunter2`. */
export function hideInCommandLine(words: readonly string[]): string[] {
  return words.map((word, at) => {
    const before = words[at - 1] ?? '';
    if (/^--?[a-z]/i.test(before) && !before.includes('=') && !word.startsWith('-') && isSecretName(before))
      return hiddenText;
    return hideInText(word, false);
  });
}

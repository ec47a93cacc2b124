import * as words from './secret-words.js';

/**
 * What is to be thought of what goes by a name of a variable, attribute, key, header or option.
 * - `chosen`: a secret that people choose, which may hold spaces and punctuation.
 * - `made`: a secret of letters, digits and few signs, without spaces.
 * - `text`: a secret when it is a text; what lies in an object by that name goes by its own names.
 * - `perhaps`: a secret when it looks like one (`looksSecret` in secret-shapes.ts).
 * - `login`: the name of a user and a password.
 */
export type Secrecy = 'chosen' | 'made' | 'text' | 'perhaps' | 'login' | 'none';

const longestName = 200;

export function isSecretName(name: string): boolean {
  const secrecy = secrecyOf(name);
  return secrecy === 'chosen' || secrecy === 'made';
}

/** Names of more than 200 characters are not looked at and count as secret. */
export function secrecyOf(name: string): Secrecy {
  if (name.length > longestName) return 'made';
  const parts = partsOf(name);
  const shared = parts.filter((part) => !words.innocentWord.test(part));
  const kind = secrecyOfParts(shared);
  if ((kind === 'chosen' || kind === 'made') && shared.length > 1) {
    // `userPassword.field` is still a name of its own, `password_field` is about one.
    if (words.aboutSecrets.includes(shared.at(-1)!)) return 'perhaps';
    if (shared.some((part) => part.startsWith('token')) && shared.some((part) => innocentTokens.has(part)))
      return secrecyOfParts(shared.filter((part) => !part.startsWith('token') && !innocentTokens.has(part)));
  }
  return kind;
}

/** Whether a number by this name counts or measures: `max_tokens`; one without may be a PIN. */
export function isMeasure(name: string): boolean {
  const parts = partsOf(name.slice(0, longestName));
  return parts.at(-1) === 'tokens' || parts.some((part) => measures.has(part));
}

function secrecyOfParts(parts: readonly string[]): Secrecy {
  const joined = parts.join('');
  if (chosenPattern.test(joined) || parts.some((part) => chosenWords.has(part))) return 'chosen';
  if (madePattern.test(joined) || parts.some((part) => madeWords.has(part))) return 'made';
  if (parts.some((part) => textWords.has(part))) return 'text';
  if (parts.some((part) => perhapsWords.has(part))) return 'perhaps';
  return parts.some((part) => loginWords.has(part)) ? 'login' : 'none';
}

/** In small letters without accents, apart at what is no letter and where small letters turn to capitals. */
function partsOf(name: string): string[] {
  return plain(name.replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2'))
    .split(/[^\p{L}]+/u)
    .filter((part) => part !== '');
}

function plain(text: string): string {
  const lower = text.toLowerCase();
  return isAscii.test(lower) ? lower : lower.normalize('NFKD').replace(/\p{M}/gu, '').replaceAll('ł', 'l');
}

// All of ASCII. As a class of Unicode it takes 5 ms to compile.
const isAscii = /^[\0-\x7f]*$/;

const setOf = (list: readonly string[]) => new Set(list.map(plain));
const patternOf = (list: readonly string[]) => new RegExp(list.map(plain).join('|'));
const chosenPattern = patternOf(words.chosenAnywhere);
const chosenWords = setOf(words.chosenWords);
const madePattern = patternOf(words.madeAnywhere);
const madeWords = setOf(words.madeWords);
const textWords = setOf(words.textWords);
const perhapsWords = setOf(words.perhapsWords);
const loginWords = setOf(words.loginWords);
const innocentTokens = setOf(words.innocentTokens);
const measures = setOf(words.measures);

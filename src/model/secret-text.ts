import { type Span, withoutSpans } from './hidden-spans.js';
import { argumentSpans } from './secret-arguments.js';
import { assignmentSpans } from './secret-assignments.js';
import { secrecyOf } from './secret-names.js';
import { looksSecret, shapeSpans } from './secret-shapes.js';
import { userInfoSpans } from './secret-urls.js';
import { quotedEnd } from './secret-values.js';
import { shellWords } from './shell-words.js';

/** The text with what it tells of secrets hidden. `isCut`: it goes on beyond what is there. */
export function hideInText(text: string, isCut: boolean): string {
  // What holds a secret has one of these: most texts are short and have none.
  if (text.length < 6) return text;
  return withoutSpans(text, [
    ...shapeSpans(text, isCut),
    ...userInfoSpans(text, isCut),
    ...assignmentSpans(text),
    ...schemeSpans(text),
    ...statementSpans(text),
    ...elementSpans(text),
    ...commandSpans(text),
  ]);
}

/**
 * A process may make its own command line of any length: 400 million characters took 15 s to look through. Of genuine
 * ones, where one word has at most 128 KiB, hardly any is longer than this.
 */
const longestCommandLine = 262_144;

/**
 * A command line: the value of an option may be a word of its own, `--password hunter2`, and ends where its word ends.
 * What is beyond 262,144 characters is left out, as `…`.
 */
export function hideInCommandLine(words: readonly string[]): string[] {
  const { kept, isCut } = beginOf(words);
  const spans = argumentSpans(kept);
  const shown = kept.map((word, at) => {
    const span = spans[at];
    if (!span) return hideInText(word, isCut && at === kept.length - 1);
    return (
      hideInText(word.slice(0, span[0]), false) + withoutSpans(word.slice(span[0]), [[0, span[1] - span[0]]])
    );
  });
  return isCut ? [...shown, '…'] : shown;
}

function beginOf(words: readonly string[]): { kept: readonly string[]; isCut: boolean } {
  let room = longestCommandLine;
  for (const [at, word] of words.entries()) {
    if (word.length > room)
      return { kept: [...words.slice(0, at), word.slice(0, Math.max(0, room))], isCut: true };
    room -= word.length + 1;
  }
  return { kept: words, isCut: false };
}

/** What the options of a command line hold of secrets. */
export function secretsOfCommandLine(words: readonly string[]): string[] {
  const { kept } = beginOf(words);
  return argumentSpans(kept).flatMap((span, at) => (span ? [kept[at]!.slice(span[0], span[1])] : []));
}

const scheme = /\b(bearer|basic|token|api-?key|secret|password|key)\s{1,3}([\w+/=.~-]{6,2000})/gi;

/** `Bearer abc`, and `token abc` where that looks like a secret. */
function schemeSpans(text: string): Span[] {
  const spans: Span[] = [];
  for (const { index, 0: found, 1: name, 2: value } of text.matchAll(scheme)) {
    const lower = name!.toLowerCase();
    const isSecret =
      lower === 'bearer' || (lower === 'basic' ? !/^[A-Z]?[a-z.-]+$/.test(value!) : looksSecret(value!));
    if (isSecret) spans.push([index + found.length - value!.length, index + found.length]);
  }
  return spans;
}

/** A quote that is a word away from a name, or in brackets after it. */
const statement = /(?<![\p{L}\p{N}_])([\p{L}\p{N}_]{2,64})(?:\s{1,3}\(?|\()\s{0,3}["']/gu;
const identified = /\bidentified\s{1,3}(?:with\s{1,3}\S{1,64}\s{1,3})?$/i;

/** `PASSWORD 'abc'` and `IDENTIFIED BY 'abc'` of SQL. */
function statementSpans(text: string): Span[] {
  // To compile the pattern, with its classes of Unicode, takes more than all that is done for most texts.
  if (!text.includes('"') && !text.includes("'")) return [];
  const spans: Span[] = [];
  let done = 0;
  for (const { index, 0: found, 1: name } of text.matchAll(statement)) {
    const quoteAt = index + found.length - 1;
    if (quoteAt < done) continue;
    const isSecret = /^(?:by|as)$/i.test(name!)
      ? identified.test(text.slice(Math.max(0, index - 100), index))
      : secrecyOf(name!) === 'chosen';
    if (!isSecret) continue;
    done = quotedEnd(text, quoteAt);
    spans.push([quoteAt + 1, done]);
  }
  return spans;
}

const element = /<(?:[\w.-]{1,40}:)?([\p{L}_][\p{L}\p{N}_.-]{0,63})(?=[\s>])/gu;

/** `<password>abc</password>`. */
function elementSpans(text: string): Span[] {
  if (!text.includes('<')) return [];
  const spans: Span[] = [];
  let done = 0;
  for (const { index, 0: found, 1: name } of text.matchAll(element)) {
    if (index < done) continue;
    const secrecy = secrecyOf(name!);
    if (secrecy === 'none' || secrecy === 'login') continue;
    const after = index + found.length;
    if (secrecy === 'perhaps' && !looksSecret(text.slice(after, after + 128).split('</')[0]!)) continue;
    const open = text.indexOf('>', after);
    if (open < 0) break;
    const close = text.indexOf(`</${found.slice(1)}`, open);
    done = close < 0 ? text.length : close;
    spans.push([open + 1, done]);
  }
  return spans;
}

/**
 * A command line within a text, `mysql --password abc`, and within one of its words: `sh -c 'mysql --password abc'`.
 */
function commandSpans(text: string, isWithin = false): Span[] {
  if (!/(?:^|\s)-/.test(text)) return [];
  const words = shellWords(text);
  const spans = argumentSpans(words.map(({ text: word }) => word));
  return words.flatMap(({ text: word, start }, at) => {
    const span = spans[at];
    const within = span ? [span] : isWithin || !/\s/.test(word) ? [] : commandSpans(word, true);
    return within.map(([from, end]) => [start + from, start + end] as const);
  });
}

/**
 * Where a value that follows a name ends in a text. Where that is not certain, more is hidden and not less. Each
 * function takes time in proportion to what it passes over.
 */

const quotes = ['"', "'", '`'];

/**
 * The end of the quoted string whose quote is at `quoteAt`, without its closing quote; that of the text when it is not
 * closed.
 */
export function quotedEnd(text: string, quoteAt: number): number {
  const quote = text[quoteAt]!;
  const level = backslashesBefore(text, quoteAt);
  // A quote within quotes within quotes has 1, 3, 7 … backslashes; it closes what was opened at the same level.
  const period = 2 * (level + 1);
  let at = quoteAt + 1;
  let backslashes = 0;
  for (; at < text.length; at++) {
    const sign = text[at];
    if (sign === '\\') backslashes++;
    else {
      const isEven = level === 0 ? backslashes % 2 === 0 : backslashes % period === level;
      if (sign === quote && isEven) {
        // Doubled, as SQL and CSV write a quote within quotes; an empty string is not.
        const doubled = text[at + 1] === quote && level === 0 && at > quoteAt + 1;
        if (!doubled) return at - level;
        at++;
      }
      backslashes = 0;
    }
  }
  return text.length;
}

function backslashesBefore(text: string, at: number): number {
  let count = 0;
  while (count < 64 && text[at - 1 - count] === '\\') count++;
  return count;
}

/** The end of what lies in brackets, with them; that of the text when they are not closed. */
export function bracketedEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const sign = text[at]!;
    if ('[{('.includes(sign)) depth++;
    else if (']})'.includes(sign)) {
      if (--depth === 0) return at + 1;
    } else if (quotes.includes(sign)) at = quotedEnd(text, at);
  }
  return text.length;
}

const made = /[^\s"'`&;,<>)}\]\\]+/y;

/** Of what machines make. */
export function madeEnd(text: string, start: number): number {
  made.lastIndex = start;
  return start + (made.exec(text)?.[0].length ?? 0);
}

/** How an unquoted value may end before its line does. */
export interface Surroundings {
  /** The quote that was opened before the value, `''` when none was. */
  readonly quote: string;
  /** `=` or `:`, after the name of the value; before the next value stands the same. */
  readonly operator: string;
  /** In the query of a URL there are no spaces. */
  readonly isQuery: boolean;
}

/** Of what people chose: up to the next `name=`, the closing quote or the end of the line. */
export function chosenEnd(text: string, start: number, { quote, operator, isQuery }: Surroundings): number {
  let at = start;
  while (at < text.length) {
    const sign = text[at]!;
    if (sign === '\n' || sign === '\r' || (sign === quote && text[at - 1] !== '\\')) break;
    if (!isSeparator(sign)) {
      at++;
      continue;
    }
    if (isQuery && isBlank(sign)) break;
    const next = separatorsEnd(text, at);
    const hasSign = [...text.slice(at, next)].some((one) => !isBlank(one));
    if ((hasSign || operator === '=') && beginsAssignment(text, next, operator)) break;
    at = next;
  }
  return at;
}

/** Of a header: up to the closing quote or the end of the line. */
export function lineEnd(text: string, start: number, quote: string): number {
  let at = start;
  while (at < text.length && text[at] !== '\n' && text[at] !== '\r') {
    if (text[at] === quote && text[at - 1] !== '\\') break;
    at++;
  }
  return at;
}

/** Of what is below a line of YAML: all lines that are indented deeper than it, from the line break at `start` on. */
export function blockEnd(text: string, start: number): number {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const indent = indentAt(text, lineStart);
  let at = start;
  while (at < text.length) {
    const next = at + 1;
    if (text[next] !== '\n' && indentAt(text, next) <= indent) break;
    const end = text.indexOf('\n', next);
    at = end < 0 ? text.length : end;
  }
  return at;
}

function indentAt(text: string, start: number): number {
  let at = start;
  while (text[at] === ' ' || text[at] === '\t') at++;
  return at - start;
}

function separatorsEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length && isSeparator(text[at]!)) at++;
  return at;
}

function isBlank(sign: string): boolean {
  return sign === ' ' || sign === '\t';
}

function isSeparator(sign: string): boolean {
  return isBlank(sign) || sign === ',' || sign === ';' || sign === '&';
}

const next = /[\\"'`({[]{0,3}([\p{L}\p{N}_.[\]-]{1,64})[\\"'`)}\]]{0,3} {0,3}([=:])(?!=|$)/uy;

function beginsAssignment(text: string, at: number, operator: string): boolean {
  next.lastIndex = at;
  return next.exec(text)?.[2] === operator;
}

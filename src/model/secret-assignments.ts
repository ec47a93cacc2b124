import type { Span } from './hidden-spans.js';
import { isMeasure, type Secrecy, secrecyOf } from './secret-names.js';
import { looksSecret } from './secret-shapes.js';
import { blockEnd, bracketedEnd, chosenEnd, lineEnd, madeEnd, quotedEnd } from './secret-values.js';

/** What stands between a name and its value; `%3D` in a URL within a URL. */
const operators = /[=:]|%3[ad]/gi;
const headers = /^(?:proxy-?)?authorization$|^(?:set-?)?cookie$/i;
/** Tell nothing. */
const silent = /^(?:none|null|nil|true|false|undefined|\*+)?[\s)}\]>,;"']*$/i;

/**
 * The values of `name=value`, `name: value`, `"name": "value"`, `'name' => 'value'`, whose name is that of a secret.
 */
export function assignmentSpans(text: string): Span[] {
  const spans: Span[] = [];
  const open = new OpenQuote(text);
  let done = 0;
  for (const { index, 0: operator } of text.matchAll(operators)) {
    if (index < done) continue;
    const name = nameBefore(text, index);
    if (name.text === '') continue;
    const secrecy = secrecyAt(text, name);
    if (secrecy === 'none') continue;
    const start = valueStart(text, index + operator.length, operator);
    if (start === undefined) continue;
    const span = valueSpan(text, start, { name, secrecy, operator, quote: open.at(start) });
    if (span === undefined) continue;
    spans.push(span);
    done = span[1];
  }
  return spans;
}

interface Name {
  readonly text: string;
  readonly start: number;
}

/** Longer ones are cut: names are not, and what is longer than this counts as secret. */
const longestName = 201;

function nameBefore(text: string, operatorAt: number): Name {
  let end = operatorAt;
  while (operatorAt - end < 3 && (text[end - 1] === ' ' || text[end - 1] === '\t')) end--;
  const closing = end;
  while (closing - end < 6) {
    if (/^%(?:5D|22|27)$/i.test(text.slice(Math.max(0, end - 3), end))) end -= 3;
    else if (end > 0 && '\\"\'`])}'.includes(text[end - 1]!)) end--;
    else break;
  }
  let start = end;
  while (start > 0 && end - start < longestName && isNameSign(text, start - 1)) start--;
  return { text: text.slice(start, end), start };
}

function isNameSign(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code >= 128) return /[\p{L}\p{M}]/u.test(text[at]!);
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 45 ||
    code === 46
  );
}

function isInQuery(text: string, { start }: Name): boolean {
  return text[start - 1] === '?' || text[start - 1] === '&';
}

function secrecyAt(text: string, name: Name): Secrecy {
  if (/^sig(?:nature)?$/i.test(name.text) && isInQuery(text, name)) return 'made';
  return secrecyOf(name.text);
}

function valueStart(text: string, afterOperator: number, operator: string): number | undefined {
  let at = afterOperator;
  if (operator === ':' && (text[at] === ':' || text.startsWith('//', at))) return undefined;
  while (at - afterOperator < 2 && (text[at] === '=' || text[at] === '>')) at++;
  while (text[at] === ' ' || text[at] === '\t') at++;
  return at;
}

interface Found {
  readonly name: Name;
  readonly secrecy: Secrecy;
  readonly operator: string;
  /** The one that is open where the value begins. */
  readonly quote: string;
}

function valueSpan(text: string, start: number, found: Found): Span | undefined {
  const { name, secrecy } = found;
  if (secrecy === 'perhaps' || secrecy === 'login') {
    const begin = beginOfValue(text, start);
    const colon = begin.indexOf(':');
    if (secrecy === 'perhaps' ? !looksSecret(begin) : colon < 0) return undefined;
    const [from, end] = valueAt(text, start, found);
    return [secrecy === 'login' ? from + colon + 1 : from, end];
  }
  const [from, end] = valueAt(text, start, found);
  if (end <= from) return undefined;
  // Longer ones always tell something, and are passed over whole, so that nothing is looked at twice.
  if (end - from <= 100) {
    const value = text.slice(from, end);
    if (silent.test(value) || (isMeasure(name.text) && /^\d{1,12}[\s)}\],;]*$/.test(value))) return undefined;
  }
  return [from, end];
}

const longestBegin = 128;

/** Enough of a value to decide by. No more: what is not hidden may hold as many names as it has characters. */
function beginOfValue(text: string, start: number): string {
  const begin = text.slice(start, start + longestBegin);
  const opening = /^[bBrRuUfF]{0,2}\\{0,15}(["'`])/.exec(begin);
  if (!opening) return begin.slice(0, madeEnd(begin, 0));
  const from = opening[0].length;
  const end = begin.indexOf(opening[1]!, from);
  return begin.slice(from, end < 0 ? begin.length : end);
}

const quoted = /[bBrRuUfF]{0,2}\\{0,15}["'`]/y;

function valueAt(text: string, start: number, { name, secrecy, operator, quote }: Found): Span {
  quoted.lastIndex = start;
  const opening = quoted.exec(text)?.[0];
  const isChosen = secrecy === 'chosen';
  // After `&` it may be a form that was never encoded.
  const isQuery = text[name.start - 1] === '?';
  const rest = (from: number) =>
    isChosen ? chosenEnd(text, from, { quote, operator, isQuery }) : madeEnd(text, from);
  const closes = opening === quote && /^(?:$|[\s,;:)}\]+.])/.test(text.charAt(start + 1));
  if (opening !== undefined && !closes) {
    const from = start + opening.length;
    const end = quotedEnd(text, from - 1);
    // `"a"LEAK`: a shell goes on.
    const goesOn = /["'`][\p{L}\p{N}]/uy;
    goesOn.lastIndex = end;
    return [from, goesOn.test(text) ? rest(end) : end];
  }
  if (text[start] === '[' || text[start] === '{' || (isChosen && text[start] === '(')) {
    const end = bracketedEnd(text, start);
    return [start, /[\p{L}\p{N}]/u.test(text[end] ?? '') ? rest(end) : end];
  }
  if (operator === ':') {
    const block = /(?:[|>][+-]?\d?)?\r?(?=\n)/y;
    block.lastIndex = start;
    if (block.test(text)) return [start, Math.max(start, blockEnd(text, block.lastIndex))];
  }
  if (headers.test(name.text)) return [start, lineEnd(text, start, quote)];
  return [start, rest(start)];
}

/**
 * Which quote is open at places that are asked for in rising order. One opens where a value or a word may begin, so
 * none in `don't`.
 */
class OpenQuote {
  readonly #text: string;
  #at = 0;
  #open = '';

  constructor(text: string) {
    this.#text = text;
  }

  at(place: number): string {
    for (; this.#at < place; this.#at++) {
      const sign = this.#text[this.#at]!;
      if (sign !== '"' && sign !== "'" && sign !== '`') continue;
      if (this.#open === '') {
        if (this.#at === 0 || /[\s,:=({[<]/.test(this.#text[this.#at - 1]!)) this.#open = sign;
      } else if (this.#open === sign && this.#text[this.#at - 1] !== '\\') this.#open = '';
    }
    return this.#open;
  }
}

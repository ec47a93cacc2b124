import { isBytes, type Value } from '../model/value.js';

/** A value as Python would write it, on one line, of about `limit` characters at most. */
export function valueText(value: Value, limit: number): string {
  const text = new LimitedText(limit);
  write(value, text);
  return text.finish();
}

class LimitedText {
  #text = '';
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get full(): boolean {
    return this.#text.length > this.#limit;
  }

  add(text: string): void {
    if (!this.full) this.#text += text;
  }

  finish(): string {
    if (!this.full) return this.#text;
    const cut = this.#text.slice(0, Math.max(0, this.#limit - 1));
    return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
  }
}

function write(value: Value, text: LimitedText): void {
  switch (value.kind) {
    case 'plain':
      text.add(visible(value.text));
      break;
    case 'text':
      text.add(`${value.prefix}${quote(value.text, isBytes(value))}${value.more > 0 ? '…' : ''}`);
      break;
    case 'hidden':
      text.add(`<hidden ${visible(value.type)}>`);
      break;
    case 'items':
      writeAll(value, value.items, text, (item) => write(item, text));
      break;
    case 'entries':
      writeAll(value, value.entries, text, ({ key, value: of }) => {
        write(key, text);
        text.add(': ');
        write(of, text);
      });
      break;
    case 'attributes':
      writeAll(value, value.attributes, text, ({ name, value: of }) => {
        text.add(`${visible(name)}=`);
        write(of, text);
      });
  }
}

function writeAll<T>(
  { open, close, more }: { open: string; close: string; more: number },
  parts: readonly T[],
  text: LimitedText,
  one: (part: T) => void,
): void {
  text.add(visible(open));
  for (const [at, part] of parts.entries()) {
    if (text.full) return;
    if (at > 0) text.add(', ');
    one(part);
  }
  if (more > 0) text.add(parts.length > 0 ? `, … ${more} more` : '…');
  text.add(visible(close));
}

/** What Python's `str.isprintable` says no to. */
const unprintable = /[\p{C}\p{Z}]/u;

/** Printable ASCII, which most text is. */
const plain = /^[ -~]*$/;
/** What of it stands in single quotes as it is. */
const plainQuoted = /^[ !#-&(-[\]-~]*$/;

/** As `repr` quotes: in single quotes unless only they occur in the text. */
function quote(text: string, ofBytes: boolean): string {
  if (plainQuoted.test(text)) return `'${text}'`;
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  let quoted = mark;
  for (const character of text) {
    if (character === mark || character === '\\') quoted += `\\${character}`;
    else quoted += ofBytes ? byteText(character) : escapedIfUnseen(character);
  }
  return quoted + mark;
}

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function byteText(character: string): string {
  const code = character.charCodeAt(0);
  return short[character] ?? (code >= 32 && code < 127 ? character : hexEscape(code));
}

function escapedIfUnseen(character: string): string {
  if (character === ' ' || !unprintable.test(character)) return character;
  return short[character] ?? hexEscape(character.codePointAt(0)!);
}

function hexEscape(code: number): string {
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\U${code.toString(16).padStart(8, '0')}`;
}

/** Names of classes and attributes may be anything, too. */
function visible(text: string): string {
  return plain.test(text) ? text : [...text].map(escapedIfUnseen).join('');
}

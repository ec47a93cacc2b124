import python from '@speed-highlight/core/languages/py.js';
import todo from '@speed-highlight/core/languages/todo.js';
import { type ShjLanguageData, type ShjToken, tokenizeWith } from '@speed-highlight/core/tokenize';

/** A piece of a line of source, and what it is; `undefined`: nothing that has a colour. */
export interface Piece {
  readonly text: string;
  readonly kind: 'keyword' | 'text' | 'comment' | 'number' | undefined;
}

const kinds: Readonly<Partial<Record<ShjToken, Piece['kind']>>> = {
  kwd: 'keyword',
  bool: 'keyword',
  str: 'text',
  cmnt: 'comment',
  num: 'number',
};

// Their types say more than ours allow: an absent field may be there as undefined.
const languages = { py: python as ShjLanguageData, todo: todo as ShjLanguageData };

/** Lines of Python as pieces, so that each can be a text with a class: nothing of it ever is markup. */
export function highlighted(lines: readonly string[]): readonly (readonly Piece[])[] {
  const rows: Piece[][] = [[]];
  const add = (text: string, token?: ShjToken) => {
    const kind = token && kinds[token];
    for (const [at, part] of text.split('\n').entries()) {
      if (at > 0) rows.push([]);
      if (part !== '') rows.at(-1)!.push({ text: part, kind });
    }
  };
  tokenizeWith(lines.join('\n'), languages.py, add, { languages });
  return rows;
}

// Names come from the recorded program and may be anything at all. Here they become text that can only be looked at:
// without characters that are invisible or that turn the reading direction of what follows.

/**
 * Control characters, soft hyphen, direction marks and overrides, zero-width and other invisible characters,
 * non-characters, tags, and halves of surrogate pairs.
 */
const unseen =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\u{e0000}-\u{e007f}]/gu;

/** `name` with what cannot be seen made visible: `⟨U+202E⟩`. Longer than `limit`, it ends in an ellipsis. */
export function visibleText(name: string, limit = 300): string {
  // Cut before as well as after, so that a name of megabytes costs no more than a long one.
  const shown = name.slice(0, limit + 1).replace(unseen, (char) => {
    const code = char.codePointAt(0)!;
    if (code >= 0xd800 && code <= 0xdfff) return '\ufffd';
    return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
  });
  return shown.length <= limit ? shown : `${withoutHalf(shown.slice(0, limit - 1))}…`;
}

/** The same for paths, whose end says more than their beginning. */
export function visiblePath(path: string, limit = 300): string {
  return path.length <= limit
    ? visibleText(path, limit * 8)
    : `…${visibleText(path.slice(1 - limit), limit * 8)}`;
}

function withoutHalf(text: string): string {
  return /[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text;
}

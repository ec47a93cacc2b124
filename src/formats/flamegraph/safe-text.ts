// Text from the recorded program as XML and HTML can hold it: valid in XML 1.0, and never taken for markup.
export { visiblePath, visibleText } from '../../analysis/visible-text.js';

/** For text and for attributes in double quotes. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/**
 * JSON that holds no character which XML or HTML could take for markup, in pieces: no string holds all of a long list.
 */
export function* jsonForMarkup(value: unknown): Iterable<string> {
  if (Array.isArray(value)) {
    yield '[';
    for (let from = 0; from < value.length; from += itemsAtOnce)
      yield `${from === 0 ? '' : ','}${escapedJson(value.slice(from, from + itemsAtOnce)).slice(1, -1)}`;
    yield ']';
  } else if (typeof value === 'object' && value !== null) {
    yield '{';
    let comma = '';
    for (const [key, of] of Object.entries(value)) {
      if (of === undefined) continue;
      yield `${comma}${escapedJson(key)}:`;
      yield* jsonForMarkup(of);
      comma = ',';
    }
    yield '}';
  } else yield escapedJson(value);
}

const itemsAtOnce = 1000;

function escapedJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

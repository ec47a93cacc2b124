// Text from the recorded program as XML and HTML can hold it: valid in XML 1.0, and never taken for markup.
export { visiblePath, visibleText } from '../../analysis/visible-text.js';

/** For text and for attributes in double quotes. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** JSON that holds no character which XML or HTML could take for markup. */
export function jsonForMarkup(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

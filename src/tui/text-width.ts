import stringWidth from 'string-width';

/** Columns that a terminal gives to `text`: East Asian wide characters and emoji take two, combining marks none. */
export function textWidth(text: string): number {
  return stringWidth(text);
}

/** At most `columns` wide; what is cut off its end is an ellipsis. */
export function cutToWidth(text: string, columns: number): string {
  if (fits(text, columns)) return text;
  let width = 0;
  let shown = '';
  for (const { segment } of characters.segment(text)) {
    width += textWidth(segment);
    if (width > columns - 1) break;
    shown += segment;
  }
  return columns > 0 ? `${shown}…` : '';
}

const characters = new Intl.Segmenter();

function fits(text: string, columns: number): boolean {
  return columns > 0 && textWidth(text) <= columns;
}

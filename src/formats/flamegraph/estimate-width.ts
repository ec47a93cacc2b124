/** Roughly how wide a usual sans-serif font sets `text`, in units of the font's size; a little too wide on purpose. */
export function estimateWidth(text: string): number {
  let width = 0;
  for (const char of text) width += charWidth(char);
  return width;
}

function charWidth(char: string): number {
  if (/[ijl.,:;'|!I ]/.test(char)) return 0.3;
  if (/[frt()[\]/-]/.test(char)) return 0.37;
  if (/[mwMW@%…]/.test(char)) return 0.9;
  if (/[A-Z]/.test(char)) return 0.68;
  return char <= '\u024f' ? 0.57 : 1;
}

/** Stands in a text where a secret was. */
export const hiddenText = '<hidden>';

/** Part of a text that is a secret: UTF-16 indices, the end not included. */
export type Span = readonly [start: number, end: number];

/**
 * The text with `<hidden>` in place of each span. They may overlap and come in any order; empty ones count for nothing.
 */
export function withoutSpans(text: string, spans: readonly Span[]): string {
  let shown = '';
  let copied = 0;
  let hiddenUpTo = -1;
  for (const [start, end] of [...spans].sort((a, b) => a[0] - b[0])) {
    if (end <= start) continue;
    if (start > hiddenUpTo) shown += text.slice(copied, start) + hiddenText;
    hiddenUpTo = Math.max(hiddenUpTo, end);
    copied = hiddenUpTo;
  }
  return shown + text.slice(copied);
}

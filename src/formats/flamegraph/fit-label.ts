/** A bar's text in its two parts; either may be empty. */
export interface FittedLabel {
  readonly name: string;
  readonly location: string;
}

/**
 * As much of a label as fits into `width`: all of it, the name alone, its last part (`get` of `View.get`), or the
 * beginning of that with an ellipsis.
 */
export function fitLabel(
  name: string,
  location: string,
  room: { width: number; nameWidth: (text: string) => number; locationWidth: (text: string) => number },
): FittedLabel {
  const { width, nameWidth, locationWidth } = room;
  const whole = nameWidth(name);
  if (whole <= width) {
    return location !== '' && whole + locationWidth(` (${location})`) <= width
      ? { name, location }
      : { name, location: '' };
  }
  const last = lastPart(name);
  const lastWidth = nameWidth(last);
  if (lastWidth <= width) return { name: last, location: '' };
  for (let length = Math.floor((last.length * width) / lastWidth); length >= 2; length--) {
    const cut = `${last.slice(0, length)}…`;
    if (nameWidth(cut) <= width) return { name: cut, location: '' };
  }
  return { name: '', location: '' };
}

/** A label with a mark in front of it: the mark and as much of the label as fits, or the mark alone, or nothing. */
export function fitMarked(
  mark: string,
  name: string,
  location: string,
  room: { width: number; nameWidth: (text: string) => number; locationWidth: (text: string) => number },
): FittedLabel & { readonly mark: string } {
  if (mark === '') return { mark, ...fitLabel(name, location, room) };
  const left = room.width - room.nameWidth(`${mark} `);
  const fitted = left > 0 ? fitLabel(name, location, { ...room, width: left }) : { name: '', location: '' };
  if (fitted.name !== '') return { mark: `${mark} `, ...fitted };
  return { mark: room.nameWidth(mark) <= room.width ? mark : '', name: '', location: '' };
}

/** `inner` of `Outer.method.<locals>.inner`; names that are not dotted identifiers stay whole. */
function lastPart(name: string): string {
  return /^(?:[\p{L}\p{N}_]+|<\w+>)(?:\.(?:[\p{L}\p{N}_]+|<\w+>))+$/u.test(name)
    ? name.slice(name.lastIndexOf('.') + 1)
    : name;
}

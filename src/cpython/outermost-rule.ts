/** Frames of a library that are looked at, from the innermost one outwards. */
const mostInner = 12;

/**
 * The rule of the outermost function of a library that has one, among the frames that are innermost: that says the most
 * of what is waited for. `frames`: innermost first, each with its file and function, such as `gevent/hub.py:sleep`.
 */
export function outermostRule<Frame extends { readonly place: string }, Rule>(
  frames: readonly Frame[],
  library: RegExp,
  ruleOf: (frame: Frame) => Rule | undefined,
): { readonly rule: Rule; readonly at: Frame } | undefined {
  let found: { readonly rule: Rule; readonly at: Frame } | undefined;
  for (const at of frames.slice(0, mostInner)) {
    if (!library.test(at.place)) break;
    const rule = ruleOf(at);
    if (rule !== undefined) found = { rule, at };
  }
  return found;
}

/**
 * Where a text lies, from a local variable of a frame on: `environ['PATH_INFO']`, `ctx.request.url_rule.rule`,
 * `args[0].method`. Attributes are those that an object has itself: nothing is run, so a property leads nowhere.
 */
export interface VariablePath {
  /** The name of the variable. */
  readonly variable: string;
  readonly steps: readonly PathStep[];
}

export type PathStep =
  | { readonly attribute: string }
  | { readonly key: string }
  /** Of a tuple. */
  | { readonly index: number };

const stepPattern = /^(?:\.(?<attribute>[A-Za-z_]\w*)|\['(?<key>[^']+)'\]|\[(?<index>\d{1,3})\])/;
/** No framework needs half as many. */
const mostSteps = 16;

/** `undefined` when the text is not of that form. */
export function parseVariablePath(text: string): VariablePath | undefined {
  const variable = /^[A-Za-z_]\w*/.exec(text)?.[0];
  if (variable === undefined) return undefined;
  const steps: PathStep[] = [];
  let rest = text.slice(variable.length);
  while (rest !== '') {
    const match = stepPattern.exec(rest);
    if (!match || steps.length === mostSteps) return undefined;
    const { attribute, key, index } = match.groups!;
    if (attribute !== undefined) steps.push({ attribute });
    else if (key !== undefined) steps.push({ key });
    else steps.push({ index: Number(index) });
    rest = rest.slice(match[0].length);
  }
  return { variable, steps };
}

/** A segment of a path that is a word that a programmer wrote, and no id, name or token of a user. */
const word = /^[a-z][a-z_-]{0,23}$|^v\d{1,2}$|^[a-z][a-z_-]{0,23}\.[a-z]{2,4}$/i;
/** Longer paths end in an ellipsis. */
const mostSegments = 6;
/**
 * Different segments after the same ones; those that come later are taken for something that differs with each request.
 */
const mostAlike = 8;
/** UTF-16 units of a template. */
const longestTemplate = 300;

/**
 * Names for paths that have no route: `/user/42` becomes `/user/:id`. What is no plain word may be anybody's name,
 * number or token, so it is not shown; nor are words that come in any number.
 */
export class PathNames {
  /** By the segments before: those that were seen there. */
  readonly #seen = new Map<string, Set<string>>();

  nameOf(path: string): string {
    const segments = path.split(/[?#]/, 1)[0]!.split('/').slice(1);
    let name = '';
    for (const segment of segments.slice(0, mostSegments)) {
      if (segment === '') name += '/';
      else if (!word.test(segment)) name += '/:id';
      else name += this.#isOneOfFew(name, segment) ? `/${segment}` : '/:any';
    }
    if (segments.length > mostSegments) name += '/…';
    return name === '' ? '/' : name;
  }

  #isOneOfFew(before: string, segment: string): boolean {
    const seen = this.#seen.get(before) ?? new Set();
    this.#seen.set(before, seen);
    if (seen.size < mostAlike) seen.add(segment);
    return seen.has(segment);
  }
}

/** `GET /item/<int:id>`; a template as its framework writes it, but for the slash at its start. */
export function routeName(method: string | undefined, template: string): string {
  const plain = template.length > longestTemplate ? `${template.slice(0, longestTemplate - 1)}…` : template;
  const path = /^[/^*<]/.test(plain) ? plain : `/${plain}`;
  return method === undefined ? path : `${method} ${path}`;
}

/** Of a request whose framework found no route for it. */
export const noRoute = '<no route>';

/** What a method can be; anything else is not shown, since it is what somebody sent. */
export function isMethod(text: string | undefined): text is string {
  return text !== undefined && /^[A-Z]{3,10}$/.test(text);
}

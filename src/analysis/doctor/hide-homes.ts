/** Folders of users, whose name a report shown to others must not have. */
const homes = /(\/(?:home|Users|var\/home)\/)[^/\s:'"]+/g;

/** Texts of a value with our own home as `~` and the names of others' homes as `…`. */
export function hideHomes<T>(value: T, home: string): T {
  return hidden(value, home) as T;
}

function hidden(value: unknown, home: string): unknown {
  if (typeof value === 'string') return hideHome(value, home);
  if (Array.isArray(value)) return value.map((item) => hidden(item, home));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hidden(item, home)]));
}

function hideHome(text: string, home: string): string {
  let left = text;
  // A home that is the root, as of some services, is no name.
  if (home.length > 1 && home.startsWith('/')) {
    const parts = left.split(home);
    left = parts.reduce((before, after) => `${before}${/^[\w.-]/.test(after) ? home : '~'}${after}`);
  }
  return left.replace(homes, '$1…');
}
